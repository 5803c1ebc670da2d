"""What a query looks for: words for the full text index, and names."""

import re
from dataclasses import dataclass

from copilot_lsp.index.names import camel_words

_NAME = re.compile(r"[^\W\d]\w*")
_WORDS = 24
# Words of every language's grammar and of every question; they are in most pieces and say nothing about any.
_COMMON_WORDS = """
    a an and are as at be by can def do does for from function has have how i if import in is it of on or
    return self that the then this to was what when where which who why will with const let var new class
    public private void none null true false
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Terms:
    """`names` as they are written in the query, `words` the same and their parts, in the order of the query."""

    names: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def match(self) -> str:
        """An FTS5 expression for pieces with any of the words. Everything is quoted: a bare `a.b` would be an error.

        A quoted `get_queryset` is a phrase of two words there, which is how a name is found as a whole.
        """
        return " OR ".join(f'"{word}"' for word in self.words)


def terms_of(query: str) -> Terms:
    """The names and words of a query: a question, some code, or a mixture. Common words count only when all are."""
    names = dict.fromkeys(_NAME.findall(query))
    telling = [name for name in names if name.lower() not in _COMMON and len(name) > 1] or list(names)
    words: dict[str, None] = {}
    for name in telling:
        words.setdefault(name)
        parts = camel_words(name).split()
        words.update((part, None) for part in parts if len(part) > 1 and part not in _COMMON)
    return Terms(tuple(telling), tuple(words)[:_WORDS])

"""What does a query look for: which words, which names, and in which kind of files?"""

import re
from dataclasses import dataclass

from copilot_lsp.index.kinds import DATA, DOCS, TESTS
from copilot_lsp.index.names import camel_words
from copilot_lsp.index.stems import base, stem

_NAME = re.compile(r"[^\W\d]\w*")
# What only code is called: an underscore or a digit inside, or a capital after the first letter.
_WRITTEN = re.compile(r"\w[_\d]|[a-z][A-Z]|^[A-Z]{2,}[a-z]")
_QUESTION = re.compile(r"^\s*(?:where|how|what|which|who|why|when)\b|\?\s*$", re.IGNORECASE)
_WORDS = 24
# Words of every language's grammar and of every question; they are in most pieces and say nothing about any.
_COMMON_WORDS = """
    a about also an and are as at be been being by can code could def did do does done each else find for from given had
    has have how i if implemented import in into is it its located me of on one or our please self shall should show so
    some such tell than that the their them then there these they this those to used using via was we were what when
    where whether which while who whose why will with within without would you your const let var void none null true
    false
"""
_COMMON = frozenset(_COMMON_WORDS.split())
# Words of questions that seldom name what is asked for: half of them are not in any name.
_WEAK_WORDS = """
    again against ahead all another anything ask before after back belong between call certain come each every
    everything few find first get give go happen here just keep know look make many more most much need off only
    other out over own part place put same set several some something still take tell thing together turn two under
    until up want way well whole
"""
_WEAK = frozenset(map(stem, _WEAK_WORDS.split()))
_FAINT = 0.6
# Who asks for these does not want them put last.
_ASKED = {
    TESTS: frozenset(map(stem, ("test", "tests", "fixture", "mock", "benchmark"))),
    DOCS: frozenset(map(stem, ("documentation", "docs", "readme", "changelog", "example", "tutorial"))),
    DATA: frozenset(map(stem, ("json", "toml", "yaml", "ini", "html", "css", "template", "stylesheet", "translation"))),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """`names` as they are written in the query, `words` the parts of all of them in lower case, in the query's order.

    `written` are the names that nobody writes but who means code, `kinds` the kinds of files that the query asks for;
    `asks` tells a question from a description.
    """

    names: tuple[str, ...]
    words: tuple[str, ...]
    written: frozenset[str]
    kinds: frozenset[str]
    asks: bool

    def strength(self, word: str) -> float:
        """How much one of the words counts, for those that tell as little as others of their number."""
        return _FAINT if stem(word) in _WEAK else 1.0


def terms_of(query: str) -> Terms:
    """The terms of a query: a question, some code, or a mixture. Common words count only when all are."""
    names = dict.fromkeys(_NAME.findall(query))
    telling = [name for name in names if name.lower() not in _COMMON and len(name) > 1] or list(names)
    words: dict[str, None] = {}
    for name in telling:
        parts = [part for part in camel_words(name).split() if len(part) > 1 and part not in _COMMON]
        words.update(dict.fromkeys(map(base, parts or [name.lower().strip("_") or name])))
    written = frozenset(name for name in telling if _WRITTEN.search(name))
    meant = {stem(word) for word in words}
    kinds = frozenset(kind for kind, said in _ASKED.items() if meant & said)
    return Terms(tuple(telling), tuple(words)[:_WORDS], written, kinds, bool(_QUESTION.search(query)))

"""Which words are forms of one word?

Only what a search must tell of English: `parsed`, `parser` and `parsing` are one word. Two different words that get one
stem now and then do little harm, because a stem is never the only evidence.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
# Longest first: the first one that fits is cut off, when a word of three letters with a vowel is left.
_SUFFIXES = """
    ization izations izer izers izing ized izes ize ation ations ator ators ability ible able ably ment ments ness ional
    ions ion ingly edly ings ing ers er ors or ied ies ed es ly s e al ity ive ively ance ence ances ences ant ent
"""
_ENDINGS = tuple(sorted(_SUFFIXES.split(), key=len, reverse=True))
_LEFT = 3
_MEMO = 100_000


@lru_cache(maxsize=_MEMO)
def stem(word: str) -> str:
    """What the forms of a word in lower case have in common."""
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if left >= _LEFT and word.endswith(ending) and not (ending == "s" and word[left - 1] == "s"):
            return _even(word[:left])
    return _even(word)


def _even(word: str) -> str:
    """`running` leaves `runn`, `copies` leaves `cop`, `copy` stays: one letter for two, no `y` or `i` at the end."""
    if len(word) > _LEFT and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word[:-1] if len(word) > _LEFT and word[-1] in "yi" else word


@lru_cache(maxsize=_MEMO)
def stems(text: str) -> frozenset[str]:
    """The stems of the words in names: `HTTPResponse.get_status` has those of http, response, get and status."""
    return frozenset(_stems(_WORD.findall(text)))


def _stems(words: Iterable[str]) -> Iterable[str]:
    return (stem(word.lower()) for word in words if len(word) > 1)

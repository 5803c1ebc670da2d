"""Which words are forms of one word?

Only what a search must tell of English: `parsed`, `parser` and `parsing` are one word. Two different words that get one
stem now and then do little harm, because a stem is never the only evidence.
"""

import re
from collections import Counter
from collections.abc import Set
from functools import lru_cache

from copilot_lsp.index.names import names_of

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
# Longest first: the first one that fits is cut off, when a word of three letters with a vowel is left.
_SUFFIXES = """
    ization izations izer izers izing ized izes ize isation isations iser isers ising ised ises ise ation ations ator
    ators ability ible able ably ment ments ness ional ions ion ingly edly ings ing ers er ors or ied ies ed es ly s e
    al ity ive ively ance ence ances ences ant ent
"""
_ENDINGS = tuple(sorted(_SUFFIXES.split(), key=len, reverse=True))
_LEFT = 3
# Forms that no ending tells, after what they come from.
_IRREGULAR = """
    become became, begin began begun, break broke broken, bring brought, build built, buy bought, catch caught,
    child children, choose chose chosen, come came, deal dealt, draw drew drawn, drive drove driven, fall fell
    fallen, feed fed, feel felt, find found, forget forgot forgotten, freeze froze frozen, get got gotten, give gave
    given, go went gone, grow grew grown, hide hid hidden, hold held, index indices, keep kept, know knew known, lay
    laid, lead led, lose lost, make made, matrix matrices, mean meant, meet met, override overrode overridden,
    overwrite overwrote overwritten, pay paid, rebuild rebuilt, rewrite rewrote rewritten, ride rode ridden, rise
    rose risen, run ran, say said, see saw seen, seek sought, sell sold, send sent, shake shook shaken, show shown,
    sleep slept, speak spoke spoken, spend spent, spin spun, stand stood, steal stole stolen, stick stuck, swear
    swore sworn, take took taken, teach taught, tear tore torn, tell told, think thought, throw threw thrown,
    understand understood, undo undid undone, unwind unwound, vertex vertices, wake woke woken, wear wore worn, win
    won, withhold withheld, write wrote written
"""
# Names have the American spellings, who asks may have others.
_SPELLINGS = """
    behavior behaviour, catalog catalogue, center centre, color colour, dialog dialogue, favor favour, gray grey, honor
    honour, labor labour, license licence, neighbor neighbour
"""
_BASES, _AMERICAN = (
    {form: base for base, *forms in map(str.split, lines.split(",")) for form in forms}
    for lines in (_IRREGULAR, _SPELLINGS)
)
_MEMO = 100_000


def base(word: str) -> str:
    """The word that an irregular form in lower case comes from: `write` of `written`; any other word as it is."""
    return _BASES.get(word) or _AMERICAN.get(word) or word


@lru_cache(maxsize=_MEMO)
def stem(word: str) -> str:
    """What the forms of a word in lower case have in common."""
    word = base(word)
    for ending in _ENDINGS:
        left = len(word) - len(ending)
        if left >= _LEFT and word.endswith(ending) and not (ending == "s" and word[left - 1] == "s"):
            cut = word[:left]
            return stem(_AMERICAN[cut]) if cut in _AMERICAN else _even(cut)
    return _even(word)


def _even(word: str) -> str:
    """`running` leaves `runn`, `copies` leaves `cop`, `copy` stays: one letter for two, no `y` or `i` at the end."""
    if len(word) > _LEFT and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word[:-1] if len(word) > _LEFT and word[-1] in "yi" else word


def name_stems(text: str) -> frozenset[str]:
    """The stems of the words in names: `HTTPResponse.get_status` has those of http, response, get and status."""
    return frozenset([stem(word.lower()) for word in _WORD.findall(text) if len(word) > 1])


@lru_cache(maxsize=_MEMO)
def stems(text: str) -> frozenset[str]:
    """The same, remembered: for names that are met often."""
    return name_stems(text)


def stem_counts(text: str, wanted: Set[str]) -> tuple[int, dict[str, int]]:
    """How many names are in a text, and how often it has each of some stems."""
    counts: dict[str, int] = {}
    names = names_of(text)
    for name, number in Counter(names).items():
        for one in wanted & stems(name.decode()):
            counts[one] = counts.get(one, 0) + number
    return len(names), counts

"""What else may code call what somebody asks for?

`thesaurus.txt` is written by people, `learned.txt` by `bench/fit/thesaurus.py` from docstrings and the names that they
belong to.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from copilot_lsp.index.stems import stem

_FILES = ("thesaurus.txt", "learned.txt")


def related(word: str) -> Mapping[str, str]:
    """Stems of other words that mean about the same, each with the word; nothing for a word of which none are known."""
    return _related().get(stem(word), {})


@cache
def _related() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name in _FILES:
        for said, meant in _pairs((Path(__file__).with_name(name)).read_text("utf-8")):
            if stem(said) != stem(meant):
                found[stem(said)].setdefault(stem(meant), meant)
    return dict(found)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """`a b` is read both ways, `a: b` is read in one: who says the first may mean the second."""
    for line in text.splitlines():
        said, colon, meant = line.partition("#")[0].partition(":")
        for one in said.split():
            for other in (meant if colon else said).split():
                yield one, other

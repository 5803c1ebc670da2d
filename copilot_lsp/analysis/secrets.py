"""Where a text holds keys and tokens, by the forms that their issuers gave them so that they can be recognised."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Only forms with a fixed beginning or frame: guessing by entropy flags hashes and test data far more often than keys.
# Every repetition is bounded, so that no text makes the search take time out of proportion.
_FORMS = {
    "AWS access key": r"(?:AKIA|ASIA)[A-Z2-7]{16}",
    "GitHub token": r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82}",
    "GitLab token": r"glpat-[A-Za-z0-9_-]{20}",
    "Slack token": r"xox[abprs]-[0-9]{9,20}-[A-Za-z0-9-]{20,200}",
    "Stripe key": r"[sr]k_live_[A-Za-z0-9]{24,200}",
    "Google API key": r"AIza[A-Za-z0-9_-]{35}",
    "OpenAI key": r"sk-(?:proj-)?[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}",
    "Anthropic key": r"sk-ant-[a-z0-9]{1,9}-[A-Za-z0-9_-]{80,200}",
    "npm token": r"npm_[A-Za-z0-9]{36}",
    "PyPI token": r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,250}",
    "private key": r"-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----(?=[\\nr\s\"'+,]{0,12}[A-Za-z0-9+/=]{40})",
}
# Each form's fixed letters: a text without any of them, as nearly all are, is passed over in a fraction of the time.
_HINTS = (
    *("AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "k_live_", "AIza"),
    *("T3BlbkFJ", "sk-ant-", "npm_", "pypi-AgE", "PRIVATE KEY"),
)
_PATTERN = re.compile(
    "|".join(f"(?P<f{number}>(?<![A-Za-z0-9_]){form})" for number, form in enumerate(_FORMS.values()))
)
_NAMES = tuple(_FORMS)
# What documentation shows in a key's place: AWS's published example, and runs of one character.
_EXAMPLE = re.compile(r"EXAMPLE|(.)\1{7}|(?i:xxxx|1234567890|abcdefghij)")

# What begins before the end of a stretch may reach so far beyond it.
_LONGEST = 300


class Secret(NamedTuple):
    """A secret of a kind ("GitHub token") between two offsets of a text."""

    kind: str
    start: int
    end: int


def find(text: str, start: int = 0, stop: int | None = None) -> Iterator[Secret]:
    """The secrets that begin between two offsets of a text, what documentation shows in their place left out."""
    stop = len(text) if stop is None else stop
    if not any(text.find(hint, start, stop) >= 0 for hint in _HINTS):
        return
    for match in _PATTERN.finditer(text, start, min(stop + _LONGEST, len(text))):
        if match.start() < stop and match.lastgroup and not _EXAMPLE.search(match[0]):
            yield Secret(_NAMES[int(match.lastgroup[1:])], match.start(), match.end())

"""No key, token or password is suggested, wherever it was learnt."""

import math
import re
from collections import Counter

from copilot_lsp.agents.filter import Filter, Place
from copilot_lsp.analysis import secrets

# Beside the forms that issuers gave their keys: values of names that mean a secret, and passwords in URLs. As a rule
# on code that would flag too much; here a wrong guess costs one suggestion. Bounded, as all patterns over user text.
_VALUE = re.compile(
    r"""(?i:passw(?:or)?d|passwd|secret|api_?key|access_?key|token|credential)\w{0,20}["']?\]?\s{0,4}(?::|:?=>?)\s{0,4}"""
    r"""["'`](?P<value>[^\s"'`{}<>$%]{16,200})["'`]"""
)
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'`{}<>$%]{1,64}:(?P<value>[^\s:/@\"'`{}<>$%]{6,64})@")
_PLACEHOLDER = re.compile(r"(?i)example|placeholder|passw|secret|changeme|dummy|sample|test|your|xxx|\*\*\*|\.\.\.")
_BITS = 3.2


async def check(place: Place, text: str) -> str:
    joined = f"{place.head}{text}{place.rest}"
    start, stop = len(place.head), len(place.head) + len(text)
    found = [(one.start, one.end) for one in secrets.find(joined)]
    found += [one.span("value") for pattern in (_VALUE, _URL) for one in pattern.finditer(joined) if _is_random(one)]
    return "" if any(begin < stop and end > start for begin, end in found) else text


def _is_random(found: re.Match[str]) -> bool:
    """Whether a value looks made by chance: digits among letters, no word that stands for a value, few repetitions."""
    value = found["value"]
    if _PLACEHOLDER.search(value) or not re.search(r"\d", value) or not re.search("[A-Za-z]", value):
        return False
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares) >= min(_BITS, 0.75 * math.log2(len(value)))


FILTER = Filter("secret", 12, check)

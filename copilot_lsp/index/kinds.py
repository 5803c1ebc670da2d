"""What is a file for: the code itself, its tests, its documentation, or what others wrote?

Told from its path by what projects of all languages call such files.
"""

import re
from functools import lru_cache

CODE, TESTS, DOCS, DATA, FOREIGN = "code", "tests", "docs", "data", "foreign"

_MEMO = 20_000
# The first one that fits a path tells.
_KINDS = {
    FOREIGN: re.compile(r"(^|/)(_?vendor(ed)?|third[-_]?party|external|generated|dist)/", re.IGNORECASE),
    TESTS: re.compile(
        r"(^|/)(tests?|testing|t|specs?|[^/]*[-_.]tests?|[^/]*Tests?|__tests__|fixtures|benchmarks?)/"
        r"|(^|/)(test[-_][^/]*|conftest|[^/]*[-_.](test|spec)s?|[^/]*[a-z]Tests?|tests)\.\w+$"
    ),
    DOCS: re.compile(
        r"(^|/)(docs?|documentation|examples?|samples?|tutorials?|demos?)/"
        r"|(^|/)(changelog|changes|history|news|readme|release[-_]?notes)[^/]*$|\.(md|markdown|rst|adoc|org|txt)$",
        re.IGNORECASE,
    ),
    DATA: re.compile(r"(^|/)locale/|\.(json|toml|ya?ml|ini|cfg|xml|html?|css|properties|svg|lock)$", re.IGNORECASE),
}


@lru_cache(maxsize=_MEMO)
def kind_of(path: str) -> str:
    """The kind of a file, from its path below the root of the workspace."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(path)), CODE)

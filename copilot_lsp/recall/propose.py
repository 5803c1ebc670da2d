"""What do the candidates propose, and how much speaks for each proposal?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot_lsp.recall.lexer import token_id
from copilot_lsp.recall.match import Candidate
from copilot_lsp.recall.query import Query

_OPENERS = {token_id(mark): token_id(closer) for mark, closer in ("()", "[]", "{}")}
_CLOSERS = frozenset(_OPENERS.values())


@dataclass(slots=True)
class Proposal:
    """One way to go on, and the candidates that agree on it; `ids` stop where the text after the cursor takes up."""

    query: Query
    ids: tuple[int, ...]
    votes: list[Candidate] = field(default_factory=list[Candidate])


def propose(query: Query, candidates: Sequence[Candidate]) -> list[Proposal]:
    """Candidates grouped by what they would insert."""
    found: dict[tuple[int, ...], Proposal] = {}
    for candidate in candidates:
        ids = candidate.line[: _taken_up(candidate.line, query.rest)]
        if ids:
            key = (candidate.indent, *ids) if query.blank else ids
            found.setdefault(key, Proposal(query, ids)).votes.append(candidate)
    return list(found.values())


def _taken_up(line: tuple[int, ...], rest: tuple[int, ...]) -> int:
    """How many tokens of a line come before the rest of the cursor's line; 0 when the two do not fit."""
    if not rest:
        return len(line)
    for start in range(len(line)):
        tail = line[start : start + len(rest)]
        if tail == rest[: len(tail)]:
            return start
    depth = 0
    for index, number in enumerate(line):
        if depth == 0 and number in _CLOSERS:
            return index if number == rest[0] else 0
        depth += (number in _OPENERS) - (number in _CLOSERS)
    return 0

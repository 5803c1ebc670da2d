"""What would the workspace itself write here?"""

from collections.abc import Generator, Iterator, Mapping
from typing import TypeVar, cast

import numpy as np

from copilot_lsp.core.fill import Fill, FillRequest
from copilot_lsp.recall.choices import Choices, choices
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.evidence import evidence
from copilot_lsp.recall.match import Limits, Places, scan
from copilot_lsp.recall.near import SELF, distance, folder_of, place_of
from copilot_lsp.recall.propose import propose
from copilot_lsp.recall.query import Query, queries
from copilot_lsp.recall.render import render
from copilot_lsp.recall.settings import SOURCE, RecallSettings
from copilot_lsp.recall.shorten import shorten
from copilot_lsp.recall.tokens import Tokens
from copilot_lsp.recall.weigh import probabilities
from copilot_lsp.recall.words import endings

R = TypeVar("R")
# Places of each source for the first reading of the place, and for the other one, if there is one.
_PLACES = (64, 32)
# Places where another word stands than the one that is typed in part.
_SLOTTED = 32
# Of the other open documents those with the longest matches are weighed; each takes half a millisecond.
_OTHERS = 2
# So many proposals are looked at for what they have in common.
_PROPOSALS = 24
_ONE_FILE = np.zeros(1, np.int64)
_DEFAULTS = RecallSettings()


def complete(
    request: FillRequest,
    tokens: Tokens,
    corpus: Corpus | None,
    open_tokens: Mapping[str, Tokens | None],
    settings: RecallSettings = _DEFAULTS,
) -> tuple[Fill, ...]:
    """Fillings of the place, best first; none when nothing is likely enough to be what comes next.

    `tokens` are those of the request's document, `open_tokens` those of the session's open documents by URI (None: not
    lexed yet). Files that are open are not taken from the corpus. Some milliseconds at once: on the event loop take
    `completing`.
    """
    return _ended(completing(request, tokens, corpus, open_tokens, settings))


def completing(
    request: FillRequest,
    tokens: Tokens,
    corpus: Corpus | None,
    open_tokens: Mapping[str, Tokens | None],
    settings: RecallSettings = _DEFAULTS,
) -> Generator[None, None, tuple[Fill, ...]]:
    """The same in steps of a millisecond or two, between which others may have their turn."""
    if not settings.enabled:
        return ()
    tokens = tokens.replaced(request.document)
    yield
    found = yield from _gathering(request, tokens, corpus, open_tokens)
    if found is None:
        return ()
    chances = probabilities(found)
    ranked = propose(found, chances, request.limits.alternatives + 1)
    if not ranked[0].ids:
        return ()
    likely = [one for one in ranked if one.ids and one.confidence >= settings.confidence]
    if not likely:
        agreed = shorten(propose(found, chances, _PROPOSALS), settings.agreement)
        likely = [agreed] if agreed else []
    chosen = likely[: request.limits.alternatives]
    return tuple(Fill(request.span, render(request, one, tokens), min(1.0, one.confidence), SOURCE) for one in chosen)


def gather(
    request: FillRequest, tokens: Tokens, corpus: Corpus | None, open_tokens: Mapping[str, Tokens | None]
) -> Choices | None:
    """The ways to go on that any source has for any reading of the place; None where nothing agrees with it."""
    return _ended(_gathering(request, tokens, corpus, open_tokens))


def _gathering(
    request: FillRequest, tokens: Tokens, corpus: Corpus | None, open_tokens: Mapping[str, Tokens | None]
) -> Generator[None, None, Choices | None]:
    readings = queries(request, tokens)
    uri = request.document.uri
    hidden = frozenset(map(place_of, (uri, *open_tokens)))
    found: list[tuple[int, Places]] = []
    ends = endings(tokens, readings[0])
    fillers = ends.likeliest
    yield
    for number, query in enumerate(readings):
        limits = Limits(_PLACES[number], _SLOTTED if number == 0 and len(fillers) else 0)
        for places in _places(uri, tokens, corpus, open_tokens, query, hidden, limits):
            if places is not None:
                found.append((number, places))
            yield
    rows = evidence(readings, found, fillers)
    yield
    if rows is None:
        return None
    usual = corpus.usual(hidden) if corpus else None
    # Where other files are hidden than at the last request their tokens were taken out of the counts just now.
    yield
    steps = choices(rows, tokens, [usual] if usual else [], ends)
    return (yield from steps)


def _ended(steps: Generator[None, None, R]) -> R:
    """What some steps come to."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast("R", end.value)


def _places(
    uri: str,
    tokens: Tokens,
    corpus: Corpus | None,
    open_tokens: Mapping[str, Tokens | None],
    query: Query,
    hidden: frozenset[str],
    limits: Limits,
) -> Iterator[Places | None]:
    """Those of each source; None after a step that found none yet."""
    folder = folder_of(place_of(uri))
    yield scan(tokens, query, _ONE_FILE, np.array([SELF]), limits)
    others: list[Places] = []
    for other, its_tokens in open_tokens.items():
        if other != uri and its_tokens is not None:
            far = np.array([distance(folder, folder_of(place_of(other)))])
            others.append(scan(its_tokens, query, _ONE_FILE, far, limits))
            yield None
    yield from sorted(others, key=lambda places: -int(places.left.max(initial=0)))[:_OTHERS]
    if corpus is not None:
        yield from corpus.places(query, uri, hidden, limits)

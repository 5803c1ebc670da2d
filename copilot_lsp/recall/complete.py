"""What would the workspace itself write here?"""

from collections.abc import Iterator, Mapping

import numpy as np

from copilot_lsp.core.fill import Fill, FillRequest
from copilot_lsp.recall.confidence import probabilities
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.evidence import Evidence, evidence
from copilot_lsp.recall.match import Places, scan
from copilot_lsp.recall.near import SELF, distance, folder_of, place_of
from copilot_lsp.recall.propose import propose
from copilot_lsp.recall.query import Query, queries
from copilot_lsp.recall.render import render
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.recall.shorten import shorten
from copilot_lsp.recall.tokens import Tokens

SOURCE = "recall"
_PLACES = 128
# Of the other open documents those with the longest matches are weighed; each takes half a millisecond.
_OTHERS = 2
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
    lexed yet); they are looked at in this call only. Files that are open are not taken from the corpus. Synchronous:
    some milliseconds.
    """
    if not settings.enabled:
        return ()
    several = gather(request, tokens, corpus, open_tokens)
    ranked = propose(several, probabilities(several))
    likely = [one for one in ranked if one.inserts and one.confidence >= settings.confidence]
    if not ranked or not ranked[0].inserts:
        return ()
    if not likely:
        agreed = shorten(ranked, settings.agreement)
        likely = [agreed] if agreed else []
    chosen = likely[: request.limits.alternatives]
    return tuple(Fill(request.span, render(request, one), min(1.0, one.confidence), SOURCE) for one in chosen)


def gather(
    request: FillRequest, tokens: Tokens, corpus: Corpus | None, open_tokens: Mapping[str, Tokens | None]
) -> list[Evidence]:
    """The evidence of every source for every reading of the place."""
    tokens = tokens.replaced(request.document)
    return [
        evidence(places, query)
        for query in queries(request, tokens)
        for places in _places(request, tokens, corpus, open_tokens, query)
    ]


def _places(
    request: FillRequest, tokens: Tokens, corpus: Corpus | None, open_tokens: Mapping[str, Tokens | None], query: Query
) -> Iterator[Places]:
    uri = request.document.uri
    folder = folder_of(place_of(uri))
    yield scan(tokens, query, _ONE_FILE, np.array([SELF]), _PLACES)
    others = [
        scan(its_tokens, query, _ONE_FILE, np.array([distance(folder, folder_of(place_of(other)))]), _PLACES)
        for other, its_tokens in open_tokens.items()
        if other != uri and its_tokens is not None
    ]
    yield from sorted(others, key=lambda places: -int(places.left.max(initial=0)))[:_OTHERS]
    if corpus is not None:
        hidden = frozenset(map(place_of, (uri, *open_tokens)))
        yield from corpus.places(query, uri, hidden, _PLACES)

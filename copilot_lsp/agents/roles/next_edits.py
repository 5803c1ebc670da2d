"""Says what must change after the user's last edits: by syntax and symbols at once, by a model where one is asked."""

import asyncio
import time

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.events import NextEditsEvent
from copilot_lsp.agents.next_edits.follow import next_edits
from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.request import NextEdit, NextEdits
from copilot_lsp.agents.view import View
from copilot_lsp.core.errors import Superseded
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.telemetry import decisions

# Documents that were opened long ago and never edited are not what the user is busy with.
_DOCUMENTS = 8


async def run(job: Job[NextEdits]) -> tuple[NextEdit, ...]:
    started = time.monotonic()
    view = job.view
    if not view.edits:
        return _decided((), "nothing", "nothing was edited", started)
    scene = await _scene(view, job.request)
    if scene is None:
        return _decided((), "nothing", "no grammar", started)
    # Some milliseconds in a long document: in a thread the event loop gets its turns.
    found = await asyncio.to_thread(next_edits, scene)
    job.emit(NextEditsEvent(found))
    return _decided(found, "syntax" if found else "nothing", "no model was asked for", started)


async def _scene(view: View, request: NextEdits) -> Scene | None:
    """The subject's tree and those of the other open documents, the ones edited or opened last."""
    own = await view.tree()
    if own is None:
        return None
    trees: dict[str, SyntaxTree] = {view.document.uri: own}
    edited = [one.uri for one in reversed(view.edits)]
    for uri in list(dict.fromkeys([*edited, *reversed(tuple(view.open))]))[:_DOCUMENTS]:
        other = view.open.get(uri)
        if other is None or uri in trees:
            continue
        try:
            tree = await other.live.settle(other.document)
        except Superseded:
            continue  # changed since the view was taken: what is said about it would be stale
        if tree is not None:
            trees[uri] = tree
    cursor = view.document.clamp(request.position)
    return Scene(view.document, cursor, trees, view.edits, view.project.index if view.project else None)


def _decided(found: tuple[NextEdit, ...], choice: str, reason: str, started: float) -> tuple[NextEdit, ...]:
    decisions.record(
        agent="next_edits",
        choice=choice,
        reason=reason,
        confidence=max((one.confidence for one in found), default=0.0),
        seconds=time.monotonic() - started,
    )
    return found


AGENT = Agent(name="next_edits", needs=frozenset({"syntax", "index", "model"}), run=run)

"""Says what must change after the user's last edits: by syntax and symbols at once, by a model where one is asked."""

import asyncio
import time

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.events import NextEditsEvent
from copilot_lsp.agents.filter import passed
from copilot_lsp.agents.lookup import shown_path
from copilot_lsp.agents.next_edits.ask import written
from copilot_lsp.agents.next_edits.candidates import candidates
from copilot_lsp.agents.next_edits.follow import next_edits
from copilot_lsp.agents.next_edits.rank import ranked
from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.prompt import may_be_sent
from copilot_lsp.agents.request import NextEdit, NextEdits
from copilot_lsp.agents.view import View
from copilot_lsp.core.errors import ProviderError, Superseded
from copilot_lsp.core.fill import Fill
from copilot_lsp.providers.select import Choice
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.telemetry import decisions

# Documents that were opened long ago and never edited are not what the user is busy with.
_DOCUMENTS = 8
# What is left of the deadline when the model is given up, so that the answer is still out in time.
_RESERVE = 0.05


async def run(job: Job[NextEdits]) -> tuple[NextEdit, ...]:
    started = time.monotonic()
    view = job.view
    scene = await _scene(view, job.request) if view.edits else None
    if scene is None:
        return _decided((), "nothing", "no grammar" if view.edits else "nothing was edited", started)
    # Some milliseconds in a long document: in a thread the event loop gets its turns.
    found = await asyncio.to_thread(next_edits, scene)
    job.emit(NextEditsEvent(found))
    choice = _model(job) if job.request.model else None
    if choice is None:
        reason = view.models.explain if job.request.model else "no model was asked for"
        return _decided(found, "syntax" if found else "nothing", reason, started)
    more, reason = await _more(job, scene, found, choice)
    source = "model" if more else "syntax" if found else "nothing"
    return _decided(ranked(scene, (*found, *more)), source, reason, started)


def _model(job: Job[NextEdits]) -> Choice | None:
    view = job.view
    asks = view.settings.completion.use_model and may_be_sent(view, view.document)
    return view.models.choice("complete") if asks else None


async def _more(
    job: Job[NextEdits], scene: Scene, found: tuple[NextEdit, ...], choice: Choice
) -> tuple[tuple[NextEdit, ...], str]:
    """What the model adds to what is known, filtered as all that models write; and why."""
    lines = await asyncio.to_thread(candidates, scene, found)
    if lines is None:
        return (), "no line is left that the last edit may concern"
    name = shown_path(job.view, job.view.document.uri)
    budget = job.budget.within(max(0.0, job.budget.left - _RESERVE))
    try:
        edits = await written(scene, lines, choice, name, budget)
    except ProviderError as error:
        return (), f"the model failed: {type(error).__name__}"
    kept = [edit for edit in edits if await _passes(job.view, edit, choice)]
    return tuple(kept), job.view.models.explain


async def _passes(view: View, edit: NextEdit, choice: Choice) -> bool:
    """Whether no filter has anything to say about an edit; one that would have to be corrected is not offered."""
    fill = Fill(edit.span, edit.text or "", edit.confidence, choice.model.name)
    return [one.text for one in await passed(view, (fill,))] == [edit.text]


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

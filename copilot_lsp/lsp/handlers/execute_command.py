"""workspace/executeCommand: do what the user asked for, show how far it is, then what came of it."""

import logging
from typing import Any

from lsprotocol import types

from copilot_lsp.agents.events import Event, ProgressEvent, TextEvent
from copilot_lsp.core.errors import Overloaded
from copilot_lsp.core.text import Position
from copilot_lsp.features.commands import COMMANDS
from copilot_lsp.features.execute import Outcome, Scene, execute
from copilot_lsp.lsp.convert import markup
from copilot_lsp.lsp.errors import INVALID_PARAMS, Refused
from copilot_lsp.lsp.handler import Call, Request
from copilot_lsp.lsp.progress import Bar, shown
from copilot_lsp.lsp.protocol import ClientRefused

log = logging.getLogger(__name__)

Params = types.ExecuteCommandParams


async def run(call: Call[Params]) -> dict[str, str]:
    command = COMMANDS.get(call.params.command)
    if command is None:
        raise Refused(INVALID_PARAMS, f"there is no command {call.params.command!r}; there are {', '.join(COMMANDS)}")
    if command.takes == "suggestion":
        # An editor runs it by itself: there is nothing to show.
        await execute(command.name, _scene(call, suggestion=_suggestion(call)))
        return {"markdown": ""}
    with shown(call.session, command.title, call.params.work_done_token) as bar:

        def hear(event: Event) -> None:
            _report(bar, event)

        scene = _scene(call, position=_place(call), emit=hear)
        outcome = await execute(command.name, scene)
    await _apply(call, outcome, command.title)
    if outcome.markdown:
        text = markup(outcome.markdown, markdown=False).value
        call.session.wire.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
    return {"markdown": outcome.markdown}


def _scene(call: Call[Params], **more: Any) -> Scene:
    return Scene(
        call.services, call.folder.models, project=call.folder.project, view=call.about, outcomes=call.outcomes, **more
    )


def _suggestion(call: Call[Params]) -> str:
    """The id in the first argument."""
    arguments: Any = call.raw.get("arguments")
    if isinstance(arguments, list) and arguments and isinstance(arguments[0], str):
        return arguments[0]
    raise Refused(INVALID_PARAMS, "the first argument is no id of a suggestion")


def _place(call: Call[Params]) -> Position | None:
    """The place in the first argument, where there is one."""
    arguments: Any = call.raw.get("arguments")
    if call.about is None or not arguments:
        return None
    try:
        return call.ruler.raw_place(arguments[0]["position"])
    except (ValueError, TypeError, LookupError) as error:
        raise Refused(INVALID_PARAMS, f"the first argument names no position: {error}") from error


def _report(bar: Bar, event: Event) -> None:
    match event:
        case ProgressEvent():
            bar.report(event.message, event.percent)
        case TextEvent():
            bar.report("Writing")
        case _:
            pass


async def _apply(call: Call[Params], outcome: Outcome, title: str) -> None:
    if not outcome.edits:
        return
    edit = call.ruler.workspace_edit(outcome.edits, versioned=call.session.client.document_changes)
    if not call.session.client.apply_edit:
        raise Refused(INVALID_PARAMS, "this editor does not let a server change a document")
    try:
        answer = await call.session.wire.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, title))
    except (ClientRefused, TimeoutError, Overloaded) as error:
        raise Refused(INVALID_PARAMS, f"the editor did not apply the edit: {error}") from error
    if not answer.applied:
        log.warning("the editor did not apply the edit: %s", answer.failure_reason)


HANDLER = Request("execute_command", (types.WORKSPACE_EXECUTE_COMMAND,), run, seconds=120.0)

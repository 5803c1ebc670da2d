"""Ask a session what a fixture wants to know, and write the answers the way its golden sections do."""

from typing import Any

from fixture import Expected, Fixture, Golden

from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.demo.play import text_of
from copilot_lsp.cli.editor import Editor
from copilot_lsp.core.text import Position, Span

_NOTHING = "(nothing)"


async def answer(fixture: Fixture, golden: Golden, editor: Editor, opened: dict[str, Buffer]) -> str:
    """What the server says to one golden section's question."""
    if golden.kind == "messages":
        return "\n".join(one["message"] for one in editor.heard("window/showMessage")) or _NOTHING
    buffer = opened[golden.path]
    cursor = place(fixture, golden.path, buffer)
    return await _ASKED[golden.kind](editor, buffer, cursor, golden.title)


async def diagnostics(editor: Editor, buffer: Buffer) -> tuple[Expected, ...]:
    """The diagnostics as caret comments would ask for them; one that spans lines counts up to its first line's end."""
    found: list[Expected] = []
    for one in await editor.diagnostics(buffer):
        span = buffer.span(one["range"])
        line = buffer.document.line(span.start.line)
        end = span.end.column if span.end.line == span.start.line else len(line)
        found.append(Expected(span.start.line, span.start.column, end, one["message"]))
    return tuple(sorted(found, key=lambda one: (one.line, one.start)))


def place(fixture: Fixture, path: str, buffer: Buffer) -> Position:
    marked = fixture.opened()[path]
    assert marked.cursor is not None, f"{fixture.source.name}: {path} has no <CURSOR>"
    return buffer.document.position(marked.cursor)


async def _inline(editor: Editor, buffer: Buffer, cursor: Position, _: str) -> str:
    items = await editor.inline(buffer, cursor)
    if not items:
        return _NOTHING
    text = items[0]["insertText"]
    span = buffer.span(items[0]["range"]) if items[0].get("range") else Span(cursor, cursor)
    line = buffer.document.line(span.start.line)
    replaced = buffer.document.slice(Span(span.start, cursor))
    ghost = text.removeprefix(replaced)
    return f"{line[: cursor.column]}[[{ghost}]]{buffer.document.line(span.end.line)[span.end.column :]}".strip(" ")


async def _completion(editor: Editor, buffer: Buffer, cursor: Position, _: str) -> str:
    items = sorted(await editor.completion(buffer, cursor), key=lambda one: one.get("sortText", one["label"]))
    rows = [" ".join(filter(None, (one["label"], one.get("detail")))) for one in items]
    return "\n".join(rows) or _NOTHING


async def _hover(editor: Editor, buffer: Buffer, cursor: Position, _: str) -> str:
    found = await editor.at("textDocument/hover", buffer, cursor)
    return text_of(found["contents"]).strip() if found else _NOTHING


async def _actions(editor: Editor, buffer: Buffer, cursor: Position, _: str) -> str:
    found = await _offered(editor, buffer, cursor)
    return "\n".join(f"{one['title']} ({one['kind']})" for one in found) or _NOTHING


async def _action(editor: Editor, buffer: Buffer, cursor: Position, title: str) -> str:
    """The text after the action with that title."""
    found = await _offered(editor, buffer, cursor)
    chosen = next((one for one in found if one["title"] == title), None)
    if chosen is None:
        return f"(no action {title!r} among {[one['title'] for one in found]})"
    await editor.carry_out(chosen)
    return buffer.text.rstrip("\n")


async def _offered(editor: Editor, buffer: Buffer, cursor: Position) -> list[dict[str, Any]]:
    here = [one for one in await editor.diagnostics(buffer) if buffer.span(one["range"]).contains(cursor)]
    return await editor.actions(buffer, Span(cursor, cursor), here)


_ASKED = {
    "inline": _inline,
    "completion": _completion,
    "hover": _hover,
    "actions": _actions,
    "action": _action,
}

"""Type a function again as a person with ghost text would: accept it where it is what one was about to write."""

import time
from dataclasses import dataclass, field

from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.demo.screen import Part, Screen
from copilot_lsp.cli.editor import Editor
from copilot_lsp.core.text import Position, Span

# Ghost text shorter than this is quicker typed than read.
_WORTH_A_TAB = 3


@dataclass(slots=True)
class Take:
    """What typing took: keys pressed, characters written with them, ghost texts taken, and seconds per answer."""

    keys: int = 0
    characters: int = 0
    accepted: int = 0
    filled: list[float] = field(default_factory=list[float])
    empty: list[float] = field(default_factory=list[float])


async def retype(editor: Editor, screen: Screen, buffer: Buffer, span: Span) -> Take:
    """Delete a span of an open file and type it again, asking for ghost text after every key."""
    wanted = buffer.document.slice(span)
    take = Take(characters=len(wanted))
    cursor = editor.replace(buffer, span, "")
    parts: list[Part] = [(buffer.document.line(cursor.line)[: cursor.column], False)]
    done = 0
    while done < len(wanted):
        ghost = await _ask(editor, buffer, cursor, take)
        screen.typing(cursor.line, parts, ghost)
        if len(ghost.strip()) >= _WORTH_A_TAB and wanted.startswith(ghost, done):
            await screen.pause(0.45)
            piece, accepted = ghost, True
            take.accepted += 1
        else:
            piece, accepted = _next_key(wanted, done), False
            await screen.pause(0.012)
        cursor = editor.insert(buffer, cursor, piece)
        parts = _shown(screen, cursor, parts, piece, accepted)
        take.keys += 1
        done += len(piece)
    screen.typed(cursor.line, parts)
    return take


async def _ask(editor: Editor, buffer: Buffer, cursor: Position, take: Take) -> str:
    """The ghost text behind the cursor, or nothing."""
    begun = time.perf_counter()
    items = await editor.inline(buffer, cursor)
    seconds = time.perf_counter() - begun
    (take.filled if items else take.empty).append(seconds)
    if not items:
        return ""
    text, replaced = items[0]["insertText"], items[0].get("range")
    start = buffer.position(replaced["start"]) if replaced else cursor
    before = buffer.document.slice(Span(start, cursor))
    return text[len(before) :] if text.startswith(before) else ""


def _next_key(wanted: str, done: int) -> str:
    """What the next key writes: one character, or a line end with the indentation that an editor puts behind it."""
    if wanted[done] != "\n":
        return wanted[done]
    stop = done + 1
    while stop < len(wanted) and wanted[stop] in " \t":
        stop += 1
    return wanted[done:stop]


def _shown(screen: Screen, cursor: Position, parts: list[Part], piece: str, accepted: bool) -> list[Part]:
    """Show the lines that a piece completes; the answer is the parts of the line that the cursor is on then."""
    *whole, rest = piece.split("\n")
    for number, line in enumerate(whole):
        screen.typed(cursor.line - len(whole) + number, [*parts, (line, accepted)])
        parts = []
    return [*parts, (rest, accepted)] if rest else parts

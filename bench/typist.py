"""Type at random places of a long file and time each ghost text, from the keystroke to the answer."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.editor import Editor
from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span


@dataclass(frozen=True, slots=True)
class Keystroke:
    """What came back and how long after the key: seconds from sending the changes to having the answer.

    `right` says that the text is, character by character, the rest of the line that was there before.
    """

    seconds: float
    text: str
    right: bool


def places(document: Document, count: int, seed: int) -> list[Position]:
    """Random places within lines, at least one character before the end of the line's code."""
    chance = random.Random(seed)
    lines = [number for number in range(document.line_count) if len(document.line(number).strip()) > 1]
    found: list[Position] = []
    for number in (chance.choice(lines) for _ in range(count)):
        line = document.line(number).rstrip()
        indent = len(line) - len(line.lstrip())
        found.append(Position(number, chance.randrange(indent, len(line))))
    return found


async def keystroke(editor: Editor, buffer: Buffer, place: Position) -> Keystroke:
    """Delete the rest of the line, type the first character of it again, ask for ghost text, and put the line back.

    Editors ask after every change, so there is another question, which is not timed, after the line is back.
    """
    line = buffer.document.line(place.line)
    rest = Span(place, Position(place.line, len(line)))
    begun = time.perf_counter()
    editor.replace(buffer, rest, "")
    cursor = editor.insert(buffer, place, line[place.column])
    items = await editor.inline(buffer, cursor)
    seconds = time.perf_counter() - begun
    text = items[0]["insertText"] if items else ""
    start = buffer.position(items[0]["range"]["start"]) if items and items[0].get("range") else cursor
    shown = text[cursor.column - start.column :]
    await editor.inline(buffer, editor.replace(buffer, Span(cursor, cursor), line[cursor.column :]))
    return Keystroke(seconds, text, bool(text) and shown == line[cursor.column :])


def split(keystrokes: Sequence[Keystroke]) -> tuple[list[float], list[float]]:
    """The seconds of answers with text, and of empty ones."""
    return [one.seconds for one in keystrokes if one.text], [one.seconds for one in keystrokes if not one.text]

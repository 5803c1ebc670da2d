"""Show an editor on a terminal: code being typed, ghost text, popups, squiggles and diffs, at a pace one can follow.

On a terminal the line being typed is drawn over and over and colours tell ghost text from typed text. Anywhere else
each line is printed once, without colour, with ghost text in brackets.
"""

import asyncio
import difflib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TextIO

_STYLES = {
    "plain": "",
    "strong": "1",
    "faint": "2",
    "ghost": "3;90",
    "accepted": "32",
    "added": "32",
    "removed": "31",
    "error": "31",
    "warning": "33",
    "title": "1;36",
    "time": "36",
}
_SEVERITIES = {1: "error", 2: "warning"}
# LSP's CompletionItemKind, the ones that a completion of code has.
_KINDS = {
    1: "text", 2: "method", 3: "function", 4: "constructor", 5: "field", 6: "variable", 7: "class", 8: "interface",
    9: "module", 10: "property", 13: "enum", 14: "keyword", 15: "snippet", 20: "member", 21: "constant", 22: "struct",
}  # fmt: skip
# Markdown's emphasis and the backslashes that protect other signs from being taken for it.
_UNMARKED = re.compile(r"(?<!\\)[`*]{1,3}|\\(?=[^\w\s])")

# A piece of a line, and whether it was accepted from ghost text instead of typed.
Part = tuple[str, bool]


@dataclass(slots=True)
class Screen:
    """Where the demo is shown. `pace` multiplies every pause; 0 means none."""

    stream: TextIO
    live: bool
    colour: bool
    pace: float = 1.0

    @property
    def width(self) -> int:
        return min(110, shutil.get_terminal_size((100, 30)).columns)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.pace)

    def say(self, text: str = "", style: str = "plain") -> None:
        """One line."""
        print(self.styled(text, style), file=self.stream, flush=True)

    def step(self, text: str) -> None:
        """The heading of the next thing to be seen."""
        self.say()
        self.say(text, "title")

    def took(self, text: str, seconds: float) -> None:
        """A finished thing, and how long it took."""
        self.say(f"  {text}  {self.styled(duration(seconds), 'time')}")

    def styled(self, text: str, style: str) -> str:
        code = _STYLES[style]
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code and text else text

    # Code.

    def code(self, number: int, text: str, style: str = "plain") -> None:
        """A line of the file; `number` counts from zero as the protocol does."""
        self.say(self._gutter(number) + self.styled(self._cut(text), style))

    def typing(self, number: int, parts: Sequence[Part], ghost: str = "") -> None:
        """The line as it is now, with ghost text behind the cursor; drawn over the last one, and only where live."""
        if not self.live:
            return
        ghost = ghost.split("\n", 1)[0]
        # A line that wraps could not be drawn over.
        if sum(len(text) for text, _ in parts) + len(ghost) < self.width - 8:
            line = self._line(parts) + self.styled(ghost, "ghost")
            print(f"\r\x1b[K{self._gutter(number)}{line}", end="", file=self.stream, flush=True)

    def typed(self, number: int, parts: Sequence[Part]) -> None:
        """The finished line."""
        self.clear_line()
        self.say(self._gutter(number) + self._line(parts))

    def squiggle(self, number: int, line: str, start: int, end: int, message: str, severity: int = 1) -> None:
        """A line with a diagnostic under it."""
        style = _SEVERITIES.get(severity, "faint")
        self.code(number, line)
        mark = "~" * max(1, min(end, len(line)) - start)
        self.say(" " * (7 + start) + self.styled(f"{mark} {message}", style))

    def popup(self, column: int, items: Sequence[dict[str, Any]], limit: int = 6) -> None:
        """The completion popup below a column."""
        rows = [
            (item["label"], _KINDS.get(item.get("kind", 1), ""), item.get("detail") or "") for item in items[:limit]
        ]
        labels = max(len(label[:40]) for label, _, _ in rows)
        for index, (label, kind, detail) in enumerate(rows):
            row = f"{label[:40]:{labels}}  {kind:9} {detail}"[: self.width - 10 - column]
            self.say(" " * (7 + column) + self.styled(f" {row} ", "strong" if index == 0 else "faint"))
        if len(items) > limit:
            self.say(" " * (8 + column) + self.styled(f"and {len(items) - limit} more", "faint"))

    def diff(self, before: str, after: str, context: int = 1) -> None:
        """What an edit changed."""
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=context)
        for line in list(lines)[2:]:
            if line.startswith("@@"):
                continue
            style = {"+": "added", "-": "removed"}.get(line[:1], "plain")
            self.say("     " + self.styled(self._cut(line), style))

    def markdown(self, text: str, limit: int = 12) -> None:
        """What a hover shows, as plain text with a bar beside it."""
        shown = re.sub(
            r"(?<!\\)[`*]{1,3}|\\(?=[^\w\s])", "", re.sub(r"^```.*\n?", "", text.strip(), flags=re.MULTILINE)
        )
        lines = shown.splitlines()
        for line in lines[:limit]:
            self.say(f"     {self.styled('|', 'faint')} {self._cut(line)}")
        if len(lines) > limit:
            self.say(f"     {self.styled('|', 'faint')} ...")

    def progress(self, text: str, share: float | None) -> None:
        """Something that is under way; drawn over the last one, and only where live."""
        if not self.live:
            return
        bar = "" if share is None else f"[{'#' * round(share * 24):24}] "
        print(f"\r\x1b[K  {bar}{text[: self.width - 32]}", end="", file=self.stream, flush=True)

    def clear_line(self) -> None:
        """Forget what `typing` or `progress` drew."""
        if self.live:
            print("\r\x1b[K", end="", file=self.stream, flush=True)

    def _gutter(self, number: int) -> str:
        return self.styled(f"{number + 1:5}  ", "faint")

    def _line(self, parts: Sequence[Part]) -> str:
        return "".join(self._accepted(text) if accepted and text else text for text, accepted in parts)

    def _accepted(self, text: str) -> str:
        return self.styled(text, "accepted") if self.colour else f"[{text}]"

    def _cut(self, text: str) -> str:
        return text if len(text) <= self.width - 8 else text[: self.width - 11] + "..."


def screen(stream: TextIO, *, fast: bool) -> Screen:
    """A screen for a stream: live and in colour on a terminal, plain and without pauses elsewhere."""
    live = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Screen(stream, live, colour=live and "NO_COLOR" not in os.environ, pace=0.0 if fast or not live else 1.0)


def duration(seconds: float) -> str:
    """A time as a person reads it."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"

"""A progress bar on standard error, where that is a terminal."""

import shutil
import sys
from typing import TextIO

_CELLS = 24


class Bar:
    """Drawn over itself on a terminal; anywhere else it says nothing. `clear` before anything else is printed."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._drawn = False

    def show(self, message: str, percent: int | None) -> None:
        """Draw how far the work is; without a percentage only what it is."""
        if not self._live:
            return
        filled = round(_CELLS * max(0, min(100, percent or 0)) / 100)
        cells = "" if percent is None else f"[{'#' * filled}{'.' * (_CELLS - filled)}] {percent:3}% "
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[2K{(cells + message)[:width]}")
        self._stream.flush()
        self._drawn = True

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False

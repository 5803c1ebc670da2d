"""Where log lines go: few and readable on stderr, all of them as JSON in a file when one is wanted.

Modules log through `logging.getLogger(__name__)`. Each JSON line carries the correlation id of the span that it was
written in. Source text and prompts are logged at debug level only, which nothing enables but the user.
"""

import json
import logging
import sys
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import Any, TextIO

from copilot_lsp.core.printable import printable
from copilot_lsp.telemetry.metrics import count
from copilot_lsp.telemetry.span import correlation, current

LEVELS = ("debug", "info", "warning", "error")
# At info level pygls logs every message with the text in it, and HTTP clients each URL; ours say what matters.
_CHATTY = ("pygls", "httpx2", "httpcore2", "uvicorn", "opentelemetry", "asyncio")
_LONGEST = 2_000
# What stderr may be behind; then lines are dropped, and counted.
_LINES_WAITING, _PATIENCE_AT_EXIT = 1_000, 0.3
_FILE_BYTES, _FILES_KEPT = 5_000_000, 3


def setup(level: str = "info", *, stderr: str = "warning", file: Path | None = None) -> None:
    """Send our log lines to stderr from level `stderr` on and, when `file` is given, to it from `level` on.

    Calling it again replaces what the last call set up.
    """
    root = logging.getLogger()
    _remove(root, (Stderr, File))
    logging.raiseExceptions = False
    screen = Stderr(sys.stderr)
    screen.setLevel(stderr.upper())
    screen.setFormatter(Plain())
    root.addHandler(screen)
    if file is not None:
        to_file(file, level)
    _admit(root)


def to_file(file: Path, level: str = "info") -> None:
    """Also send our log lines to a file, instead of the one so far. One that cannot be opened is a warning."""
    root = logging.getLogger()
    _remove(root, (File,))
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = File(file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8")
        file.chmod(0o600)
    except OSError as error:
        logging.getLogger(__name__).warning("Cannot write the log file %s: %s", file, error.strerror or error)
        return
    handler.setLevel(level.upper())
    handler.setFormatter(Json())
    root.addHandler(handler)
    _admit(root)


def default_file() -> Path:
    """The log file in the platform's folder for logs."""
    from platformdirs import user_log_path  # costs 20 ms, and only who asks for a log file needs it

    return user_log_path("copilot-lsp", appauthor=False) / "copilot-lsp.log"


class Plain(logging.Formatter):
    """One line for a person."""

    def format(self, record: logging.LogRecord) -> str:
        message = _message(record)
        if record.exc_info and record.levelno >= logging.ERROR:
            message = f"{message}\n{self.formatException(record.exc_info)}"
        return f"copilot-lsp: {record.levelname.lower()}: {printable(message)}"


class Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, correlation id, span, and the exception if there is one."""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        inner = current()
        row: dict[str, Any] = {
            "time": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if inner is not None:
            row |= {"correlation": correlation(), "span": inner.name}
        if record.exc_info:
            row["exception"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False, default=str)


class Stderr(logging.Handler):
    """The handler that `setup` puts on stderr.

    A thread of its own writes: an editor that leaves the pipe unread, or closed it, costs lines and never the event
    loop's time. What waits at exit gets a moment.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: Queue[str | None] = Queue(_LINES_WAITING)
        self._thread: Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._write, name="stderr", daemon=True)
            self._thread.start()
        try:
            self._lines.put_nowait(self.format(record))
        except (Full, TypeError, ValueError):  # too much at once, or arguments that do not fit the message
            count("log_drops_total")

    def close(self) -> None:
        super().close()
        if self._thread is not None and self._thread.is_alive():
            with suppress(Full):
                self._lines.put_nowait(None)
            self._thread.join(_PATIENCE_AT_EXIT)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(f"{line}\n")
                self._stream.flush()
            except (OSError, ValueError):
                count("log_drops_total")


class File(RotatingFileHandler):
    """The handler that `setup` puts on the file. A full disk costs lines, nothing else."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        count("log_drops_total")


def _remove(root: logging.Logger, kinds: tuple[type[logging.Handler], ...]) -> None:
    for handler in [one for one in root.handlers if isinstance(one, kinds)]:
        root.removeHandler(handler)
        handler.close()


def _admit(root: logging.Logger) -> None:
    """Make no record that none of our handlers wants."""
    lowest = min(handler.level for handler in root.handlers if isinstance(handler, Stderr | File))
    root.setLevel(lowest)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(lowest if lowest <= logging.DEBUG else logging.WARNING)


def _message(record: logging.LogRecord) -> str:
    """The message, cut when it is far too long to be one: whatever slips into a log line above debug stays short."""
    message = record.getMessage()
    if record.levelno > logging.DEBUG and len(message) > _LONGEST:
        return f"{message[:_LONGEST]}... ({len(message)} characters)"
    return message

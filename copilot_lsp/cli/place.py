"""How a command line names a place of a file, and the document that is there."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import NamedTuple

from copilot_lsp.cli.workspace import text_of
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.text import Position


class Place(NamedTuple):
    """A file and a position in it."""

    file: Path
    position: Position


def add_place(parser: ArgumentParser) -> None:
    """The arguments that name a place and the workspace that it is in."""
    parser.add_argument(
        "place", type=_place, metavar="FILE:LINE:COL", help="where the cursor is, both counted from 1 as editors do"
    )
    parser.add_argument("--path", type=Path, metavar="PATH", help="workspace folder (the nearest project folder)")


def document_of(file: Path) -> Document:
    """The document of a file that was named on the command line. Raises Unreadable."""
    from copilot_lsp.syntax import languages

    text = text_of(file)
    return document(file.as_uri(), text, languages.detect(str(file), text.partition("\n")[0]) or "plaintext")


def _place(text: str) -> Place:
    try:
        name, line, column = text.rsplit(":", 2)
        if not name or int(line) < 1 or int(column) < 1:
            raise ValueError
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not of the form FILE:LINE:COL with numbers from 1") from None
    return Place(Path(name), Position(int(line) - 1, int(column) - 1))

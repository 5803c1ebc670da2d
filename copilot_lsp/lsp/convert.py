"""Turn places, edits and URIs of a client into ours and back; nothing else knows what a client counts in.

Ours are code points. A client counts UTF-16 units, or bytes or code points where it offers nothing else. Whatever a
client sends is clamped to the text as LSP asks; a position inside a character is the place before it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Literal, cast
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

from lsprotocol import types

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span

Encoding = Literal["utf-16", "utf-8", "utf-32"]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FENCE = re.compile(r"^```.*\n?", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_CODE = re.compile(r"`([^`\n]+)`")
# Farther than any text reaches; larger numbers are as good as this one.
_FAR = 1 << 31


@dataclass(frozen=True, slots=True)
class Ruler:
    """Measures one document in a client's units."""

    document: Document
    encoding: Encoding

    def position(self, place: Position) -> types.Position:
        """A place of ours, which must exist, as the client counts."""
        line = self.document.line(place.line)
        return types.Position(place.line, units(line[: place.column], self.encoding))

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.start), self.position(span.end))

    def place(self, position: types.Position) -> Position:
        """A client's position as ours, clamped to the text."""
        return self._place(position.line, position.character)

    def span(self, range_: types.Range) -> Span:
        """A client's range as ours, clamped, the earlier end first."""
        start, end = sorted((self.place(range_.start), self.place(range_.end)))
        return Span(start, end)

    def raw_span(self, range_: Mapping[str, Any]) -> Span:
        """The same for a range as it came; what is none raises ValueError, TypeError or LookupError."""
        start, end = sorted((self.raw_place(range_["start"]), self.raw_place(range_["end"])))
        return Span(start, end)

    def raw_place(self, position: Mapping[str, Any]) -> Position:
        """The same for a position as it came."""
        return self._place(_count(position["line"]), _count(position["character"]))

    def text_edits(self, edits: Sequence[Edit]) -> list[types.TextEdit]:
        """Edits of this document as a client applies them: all at once, each place in the text before all of them.

        Ours follow one another. Where they run from the end of the text to its start that is the same; otherwise they
        become one edit of what they change together.
        """
        spans = [edit.span for edit in edits]
        if any(later.end >= earlier.start for earlier, later in pairwise(spans)):
            edits = (_joined(self.document, edits),)
        return [types.TextEdit(self.range(edit.span), edit.text) for edit in edits]

    def workspace_edit(self, edits: Sequence[Edit], *, versioned: bool) -> types.WorkspaceEdit:
        """Edits of this document for a client; `versioned`: it must refuse them when the text is another by then."""
        uri, made = self.document.uri, self.text_edits(edits)
        if not versioned:
            return types.WorkspaceEdit(changes={uri: made})
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, self.document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, [*made])])

    def _place(self, line: int, character: int) -> Position:
        if line < 0:
            return Position(0, 0)
        if line >= self.document.line_count:
            return self.document.end
        return Position(line, column(self.document.line(line), character, self.encoding))


def units(text: str, encoding: Encoding) -> int:
    """How long a client takes a text to be."""
    if text.isascii() or encoding == "utf-32":
        return len(text)
    if encoding == "utf-16":
        return len(text) + len(_ASTRAL.findall(text))
    return len(text.encode("utf-8", "surrogatepass"))


def column(line: str, count: int, encoding: Encoding) -> int:
    """The number of characters of a line that lie wholly within its first `count` units."""
    if line.isascii() or encoding == "utf-32":
        return max(0, min(count, len(line)))
    taken = 0
    for index, character in enumerate(line):
        taken += units(character, encoding)
        if taken > count:
            return index
    return len(line)


def clean(text: str) -> str:
    """A text without lone surrogates, which JSON can carry and nothing else can store; lengths stay the same."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def edit_of(document: Document, change: Mapping[str, Any], encoding: Encoding) -> Edit:
    """One content change of a didChange. Raises ValueError, TypeError or LookupError for what is none."""
    text, range_ = change["text"], change.get("range")
    if not isinstance(text, str):
        raise ValueError("the text of a change is not a string")
    span = Span(Position(0, 0), document.end) if range_ is None else Ruler(document, encoding).raw_span(range_)
    return Edit(span, clean(text))


def path_of(uri: str) -> Path | None:
    """The file that a URI names; None for an untitled buffer, a remote file or anything else that is none here."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or "\0" in unquote(parts.path):
        return None
    location = f"//{parts.netloc}{parts.path}" if parts.netloc not in ("", "localhost") else parts.path
    return Path(url2pathname(location))


def uri_of(path: Path) -> str:
    """The URI of an absolute path, escaped as editors do it."""
    posix = PurePosixPath(path.as_posix())
    text = quote(str(posix), safe="/:@!$&'()*+,;=~-._")
    return f"file:{text}" if text.startswith("//") else f"file://{'' if text.startswith('/') else '/'}{text}"


def _joined(document: Document, edits: Sequence[Edit]) -> Edit:
    """One edit with the effect of several."""
    before, after = document.text, document.replaced(edits, document.version).text
    limit = min(len(before), len(after))
    start = next((at for at in range(limit) if before[at] != after[at]), limit)
    start -= _splits_line_end(before, start)
    end = next((at for at in range(limit - start) if before[-1 - at] != after[-1 - at]), limit - start)
    end -= _splits_line_end(before, len(before) - end)
    span = Span(document.position(start), document.position(len(before) - end))
    return Edit(span, after[start : len(after) - end])


def _splits_line_end(text: str, offset: int) -> bool:
    """Whether an offset lies between the two characters of one line end, where no position is."""
    return offset > 0 and text[offset - 1 : offset + 1] == "\r\n"


def markup(text: str, *, markdown: bool) -> types.MarkupContent:
    """Our markdown for a client, as plain text where it shows nothing else."""
    if markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    plain = _CODE.sub(r"\1", _LINK.sub(r"\1", _FENCE.sub("", text)))
    return types.MarkupContent(types.MarkupKind.PlainText, plain.strip())


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{type(value).__name__} is not a number")
    return int(max(-1, min(cast("float", value), _FAR)))

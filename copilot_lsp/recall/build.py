"""Make a corpus file from the files of a workspace: the job of a worker process."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from copilot_lsp.recall import arrays
from copilot_lsp.recall.lexer import LINE_LIMIT, NEWLINE, PIECE, Gaps, Lexed, lex_pieces, token_id
from copilot_lsp.recall.ngram import count
from copilot_lsp.recall.order import order

# Ends each file, so that no match runs from one into the next; no word has this id.
END = 1
_FILE_LIMIT = 2_000_000
_REPORT_EVERY = 100
# More often is not counted; below what 16 bits hold there is room for files that are saved later.
_MOST_COUNTED = 1 << 15


def build(payload: bytes, report: Callable[[bytes], None]) -> bytes:
    """Payload: JSON {root, target, files: [[path, digest], ...], tokens: most to take}. Reports how many files are
    done.

    Answers JSON {files, tokens}. Files that cannot be read or are no text are left out without a word, as are those
    that come after the limit of tokens is reached (40 bytes of memory each while it is built).
    """
    ask = json.loads(payload)
    pieces: set[str] = set()
    parts: list[Lexed] = []
    table: list[tuple[str, str, int]] = []
    total = 0
    files = sorted(ask["files"], key=lambda row: _size(Path(ask["root"], row[0])))
    for number, (path, digest) in enumerate(files):
        if number % _REPORT_EVERY == 0:
            report(json.dumps({"done": number, "files": len(files)}).encode())
        # A file without tokens is in the table too: else it would be taken for a new one at each start.
        table.append((path, digest, total))
        text = read_text(Path(ask["root"], path)) if total < ask["tokens"] else ""
        if text:
            found = PIECE.findall(text)
            pieces.update(found)
            parts.append(lex_pieces(found))
            total += len(parts[-1].ids) + 1
    facts = {"root": ask["root"], "files": [row[:2] for row in table]}
    arrays.write(Path(ask["target"]), facts, dict(_columns(parts, table, pieces)))
    return json.dumps({"files": len(table), "tokens": total}).encode()


def _columns(parts: list[Lexed], table: list[tuple[str, str, int]], pieces: set[str]) -> Iterator[tuple[str, Any]]:
    ends, none = np.array([END], np.uint32), np.zeros(1, np.uint8)
    ids = np.concatenate([one for part in parts for one in (part.ids, ends)] or [ends])
    gaps = np.concatenate([one for part in parts for one in (_gaps(part), none)] or [none])
    parts.clear()
    yield "ids", ids
    yield "gaps", gaps
    yield "starts", np.array([row[2] for row in table], np.uint32)
    words = sorted({piece.strip() or "\n" for piece in pieces})
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    yield "words", np.frombuffer(b"".join(encoded), np.uint8)
    yield "word_ends", np.cumsum([len(word) for word in encoded], dtype=np.uint32)
    numbers = np.array([token_id(word) for word in words], np.uint32)
    yield "word_ids", numbers
    yield "word_order", np.argsort(numbers).astype(np.uint32)
    yield (
        "grams",
        np.concatenate([np.minimum(one, _MOST_COUNTED).astype(np.uint16) for one in count(ids, _bits(len(ids)))]),
    )
    places = order(ids)
    yield "order", places
    # The first place has nothing before it; the others come by the token before them.
    before = ids[places[1:] - 1]
    begins = np.flatnonzero(np.append(True, before[1:] != before[:-1])[: len(before)])
    yield "before_ids", before[begins]
    yield "before_firsts", (begins + 1).astype(np.uint32)


def _bits(tokens: int) -> int:
    """Tables of n-grams have about as many places as there are tokens."""
    return min(22, max(12, tokens.bit_length()))


def _gaps(part: Lexed) -> Gaps:
    """Blanks before each token, and at line ends the number of blank lines: what it takes to write the text again."""
    return np.where(part.ids == NEWLINE, part.blank_lines, part.gaps)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read_text(path: Path) -> str:
    """The text of a file; empty when it is unreadable, binary or huge."""
    try:
        with path.open("rb") as file:
            raw = file.read(_FILE_LIMIT + 1)
    except OSError:
        return ""
    if len(raw) > _FILE_LIMIT or b"\0" in raw[:8192]:
        return ""
    text = raw.decode("utf-8", "replace")
    if "\n" not in text or max(map(len, text.splitlines())) > LINE_LIMIT:
        text = "\n".join(line[:LINE_LIMIT] for line in text.splitlines())
    return f"{text}\n" if text and not text.endswith("\n") else text

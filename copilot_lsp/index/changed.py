"""Which files have changed since the last commit, as far as the index of git tells?

git itself is not run: the configuration of a repository can name programs that it would start.
"""

import struct
from pathlib import Path

from copilot_lsp.index.workspace import Workspace

# magic, version, number of entries; then for each entry times, identity, mode, size, digest and flags.
_HEAD = struct.Struct(">4sII")
_ENTRY = struct.Struct(">IIIIIIIIII20sH")
_NAME_LENGTH = 0x0FFF
_EXTENDED = 0x4000
_VERSIONS = (2, 3)
# An index of more files takes too long to read for what it tells.
_LARGEST = 8_000_000
# Where everything seems to have changed, the times are not those of this working copy.
_SHARE = 0.2


def changed(workspace: Workspace, limit: int = 20) -> tuple[str, ...]:
    """Paths of indexed files that are not as they were committed or staged, the last modified first.

    Empty where that cannot be told: no repository, an unusual one, or one that is too large. Synchronous, some
    milliseconds for 1,000 files: ask in a thread, and not for every key.
    """
    committed = _entries(workspace.root / ".git" / "index")
    if not committed:
        return ()
    with workspace.database.read() as connection:
        rows = connection.execute("SELECT path, size, stamp FROM files ORDER BY stamp DESC").fetchall()
    found = [path for path, size, stamp in rows if committed.get(path, (size, stamp)) != (size, stamp)]
    return tuple(found[:limit]) if len(found) <= max(limit, len(rows) * _SHARE) else ()


def _entries(path: Path) -> dict[str, tuple[int, int]]:
    """Size and modification time in ns of every file that git follows, by path."""
    try:
        # A pipe in its place would never end.
        return _parsed(path.read_bytes()) if path.is_file() and path.stat().st_size <= _LARGEST else {}
    except (OSError, struct.error, ValueError):
        return {}


def _parsed(content: bytes) -> dict[str, tuple[int, int]]:
    magic, version, number = _HEAD.unpack_from(content)
    if magic != b"DIRC" or version not in _VERSIONS:
        return {}
    found: dict[str, tuple[int, int]] = {}
    at = _HEAD.size
    for _ in range(number):
        _, _, seconds, nanoseconds, *_, size, _, flags = _ENTRY.unpack_from(content, at)
        begin = at + _ENTRY.size + (2 if flags & _EXTENDED else 0)
        length = flags & _NAME_LENGTH
        end = begin + length if length < _NAME_LENGTH else content.index(b"\0", begin)
        found[content[begin:end].decode("utf-8", "surrogateescape")] = (size, seconds * 1_000_000_000 + nanoseconds)
        # Entries end with one to eight zero bytes, at a multiple of eight from their beginning.
        at += (end - at + 8) // 8 * 8
    return found

"""Which files of the workspace import each other."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from copilot_lsp.core.errors import UnknownLanguage
from copilot_lsp.index.rows import SPAN, tail_of_path
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Connection
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.resolve import Candidate, candidates

# An import of `utils` may mean any of hundreds of files; beyond this many the nearest ones are enough.
_CANDIDATES = 2_000
_MEANT = 8

Elsewhere = dict[Candidate, list[str]]


def neighbours(workspace: Workspace, path: str, *, limit: int = 20) -> tuple[str, ...]:
    """Paths of files that the file at `path` imports, then of those that import it, the nearest folders first.

    Synchronous, some milliseconds for a module that hundreds of files import: run it in a thread.
    """
    with workspace.database.read() as connection:
        found: dict[str, None] = dict.fromkeys(_imported(connection, path))
        found.update(dict.fromkeys(sorted(_importers(connection, path), key=lambda other: distance(path, other))))
    found.pop(path, None)
    return tuple(found)[:limit]


def meant(workspace: Workspace, path: str, language: str, module: str) -> tuple[str, ...]:
    """Paths of the files that the name of a module may mean in the file at `path`, the nearest first.

    Synchronous, about 0.2 ms.
    """
    with workspace.database.read() as connection:
        return files_of(connection, path, language, module, "")


def files_of(
    connection: Connection, path: str, language: str, module: str, name: str, elsewhere: Elsewhere | None = None
) -> tuple[str, ...]:
    """The same on a connection; with a name, the files of a module of that name in the module.

    `elsewhere` keeps what was looked for in the whole workspace, as long as the index does not change: most of it are
    libraries, which every file imports and no file is.
    """
    likely = _candidates(language, path, module, name)
    if name:
        # Those of the module itself stand behind, and are not asked for.
        itself = set(_candidates(language, path, module, ""))
        likely = tuple(one for one in likely if one not in itself)
    return tuple(_meant(connection, path, likely, {} if elsewhere is None else elsewhere))


def distance(path: str, other: str) -> int:
    """How many folders lie between two files; 0 in one folder."""
    here, there = path.split("/")[:-1], other.split("/")[:-1]
    common = 0
    for one, two in zip(here, there, strict=False):
        if one != two:
            break
        common += 1
    return len(here) + len(there) - 2 * common


def _imported(connection: Connection, path: str) -> Iterator[str]:
    row = connection.execute("SELECT id, language FROM files WHERE path = ?", (path,)).fetchone()
    if row is None:
        return
    file, language = row
    statement = "SELECT module, names FROM imports WHERE id BETWEEN ? AND ?"
    for module, names in connection.execute(statement, (file * SPAN, file * SPAN + SPAN - 1)).fetchall():
        for name in names.split() or [""]:
            yield from _meant(connection, path, _candidates(language, path, module, name), {})


def _meant(connection: Connection, path: str, likely: Sequence[Candidate], elsewhere: Elsewhere) -> list[str]:
    """The files that the likeliest candidate stands for, of those that stand for any."""
    # Most imports mean a file below a folder around theirs; looking among all files of one name takes a hundred times
    # as long where there are thousands of them, as of `__init__.py`.
    for candidate in likely:
        if found := _fitting(path, candidate, _below(connection, path, candidate)):
            return found
    for candidate in likely:
        if candidate not in elsewhere:
            elsewhere[candidate] = _elsewhere(connection, candidate)
        if found := _fitting(path, candidate, elsewhere[candidate]):
            return found
    return []


def _fitting(path: str, candidate: Candidate, files: Sequence[str]) -> list[str]:
    found = [other for other in files if _fits(candidate, path, other)]
    return sorted(found, key=lambda other: distance(path, other))[:_MEANT]


def _below(connection: Connection, path: str, candidate: Candidate) -> list[str]:
    """Files that fit a candidate exactly, or below a folder around the file at `path`."""
    likely = [""]
    if candidate.anywhere:
        parts = path.split("/")[:-1]
        likely += ["/".join(parts[:number]) + "/" for number in range(1, len(parts) + 1)]
    folder, _, name = candidate.path.rpartition("/")
    if "*" not in name:
        marks = ", ".join("?" * len(likely))
        wanted = [one + candidate.path for one in likely]
        return [row[0] for row in connection.execute(f"SELECT path FROM files WHERE path IN ({marks})", wanted)]
    statement = "SELECT path FROM files WHERE path >= ? AND path < ? LIMIT ?"
    ranges = [(f"{one}{folder}/", f"{one}{folder}0", _CANDIDATES) for one in likely]
    return [row[0] for bounds in ranges for row in connection.execute(statement, bounds)]


def _elsewhere(connection: Connection, candidate: Candidate) -> list[str]:
    """Files that may fit a candidate below any folder."""
    folder, _, name = candidate.path.rpartition("/")
    if not candidate.anywhere or not folder:
        return []
    if "*" in name:
        rows = connection.execute("SELECT path FROM files WHERE path GLOB ? LIMIT ?", (f"*/{folder}/*", _CANDIDATES))
    else:
        end = f"/{candidate.path}"
        rows = connection.execute(
            "SELECT path FROM files WHERE tail = ? AND substr(path, ?) = ? LIMIT ?",
            (tail_of_path(name), -len(end), end, _CANDIDATES),
        )
    return [row[0] for row in rows]


def _fits(candidate: Candidate, path: str, other: str) -> bool:
    """Whether a candidate of the file at `path` stands for another file.

    A name without a folder that may be anywhere (`gzip.py`) means only files in the folders around the importing one:
    most such names are libraries.
    """
    folder, _, name = candidate.path.rpartition("/")
    there, _, other_name = other.rpartition("/")
    if other_name != name and not ("*" in name and fnmatchcase(other_name, name)):
        return False
    if candidate.anywhere and not folder:
        return f"{path.rpartition('/')[0]}/".startswith(f"{there}/") or not there
    return there == folder or (candidate.anywhere and there.endswith(f"/{folder}"))


def _importers(connection: Connection, path: str) -> Iterator[str]:
    """Files with an import that can mean this file: among those whose module's last part names it or its folder."""
    parts = PurePosixPath(path).parts
    tails = {tail_of_path(path), *(part.lower() for part in parts[-3:-1]), ""}
    statement = (
        "SELECT f.path, f.language, i.module, i.names FROM imports i "
        f"JOIN files f ON f.id = i.id / {SPAN} WHERE i.tail = ? LIMIT ?"
    )
    for tail in sorted(tails):
        for other, language, module, names in connection.execute(statement, (tail, _CANDIDATES)):
            named = ["", *(name for name in names.split() if name.lower() in tails)]
            if other != path and any(
                _fits(candidate, other, path)
                for name in named
                for candidate in _candidates(language, other, module, name)
            ):
                yield other


def _candidates(language: str, path: str, module: str, name: str) -> tuple[Candidate, ...]:
    try:
        return candidates(languages.get(language), path, Import(module, (name,) if name else (), (0, 0, 0, 0)))
    except UnknownLanguage:
        # The grammar was taken away since the file was indexed.
        return ()

"""Which files an import may mean, from the language's import hints."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import NamedTuple

from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.language import ImportStyle, Language


class Candidate(NamedTuple):
    """A path relative to the workspace, with slashes; a `*` in its last part stands for any file.

    With `anywhere` the path may begin below any folder of the workspace.
    """

    path: str
    anywhere: bool


def candidates(language: Language, path: str, imported: Import) -> tuple[Candidate, ...]:
    """The files that an import in the file at `path` (relative to the workspace) may mean, the most likely first."""
    style = language.imports
    if not style.suffixes or not imported.module:
        return ()
    found: dict[Candidate, None] = {}
    for base, anywhere in _bases(style, dirname(path), imported.module):
        bases = [*(join(base, name) for name in imported.names if style.names and name.isidentifier()), base]
        for one in bases:
            if one and not one.startswith("../"):
                found.update((Candidate(normpath(one + suffix), anywhere), None) for suffix in style.suffixes)
    return tuple(found)


def _bases(style: ImportStyle, folder: str, module: str) -> Iterator[tuple[str, bool]]:
    """Paths without suffix that a module's name may mean, and whether each may begin below any folder."""
    if style.relative == "dots" and module.startswith("."):
        rest = module.lstrip(".")
        above = "../" * (len(module) - len(rest) - 1)
        yield normpath(join(folder, above, rest.replace(style.separator, "/"))), False
        return
    if style.relative == "path" and module.startswith(("./", "../")):
        yield normpath(join(folder, module)), False
        return
    parts = [part for part in module.split(style.separator) if part]
    while parts and parts[0] in style.strip:
        parts.pop(0)
    if style.local:
        yield normpath(join(folder, *parts)), False
    if style.anywhere:
        for taken in range(min(style.drop + 1, len(parts))):
            kept = parts[: len(parts) - taken]
            for first in range(len(kept) if style.tail else 1):
                yield "/".join(kept[first:]), True

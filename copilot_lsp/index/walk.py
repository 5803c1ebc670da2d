"""Which files of a folder are indexed."""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from copilot_lsp.index.ignore import FILES, Ignore, above, with_files
from copilot_lsp.index.scope import Scope
from copilot_lsp.index.secret import is_secret_folder, is_secret_name
from copilot_lsp.syntax import languages

_NEVER = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "CVS"})
# A folder with one of these is made by a tool and can be made again: a virtual environment, a cache.
_MARKS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is indexed: its path below the root with forward slashes, its size, and when it was changed."""

    path: str
    size: int
    stamp: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides about a file before it is read."""

    scope: Scope
    root: Path
    top: Ignore

    @staticmethod
    def of(root: Path, scope: Scope) -> "Rules":
        return Rules(scope, root, above(root).adding(scope.exclude))


@dataclass(slots=True)
class Walk:
    """One pass over a folder. `skipped` counts by reason what was left out, folders as one."""

    rules: Rules
    skipped: Counter[str] = field(default_factory=Counter[str])

    def files(self) -> Iterator[Found]:
        """Every file to index, folder by folder in the order of their names."""
        for count, found in enumerate(self._folder(str(self.rules.root), "", self.rules.top, 0)):
            if count == self.rules.scope.max_files:
                self.skipped["too many files"] += 1
                return
            yield found

    def _folder(self, folder: str, path: str, ignore: Ignore, depth: int) -> Iterator[Found]:
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            self.skipped["unreadable"] += 1
            return
        names = {entry.name for entry in entries}
        if depth and names & _MARKS:
            self.skipped["made by a tool"] += 1
            return
        if present := [name for name in FILES if name in names]:
            ignore = with_files(ignore, Path(folder), present)
        for entry in entries:
            reason, mode = self._judge(entry, ignore)
            if reason:
                self.skipped[reason] += 1
            elif not stat.S_ISDIR(mode):
                found, reason = self._measure(entry, path)
                if found:
                    yield found
                else:
                    self.skipped[reason] += 1
            elif depth < _DEEPEST:
                yield from self._folder(entry.path, f"{path}{entry.name}/", ignore.below(entry.name), depth + 1)

    def _judge(self, entry: "os.DirEntry[str]", ignore: Ignore) -> tuple[str, int]:
        """Why an entry is left out, or empty; and whether it is a folder, as a file mode."""
        name = entry.name
        try:
            if entry.is_symlink():
                # Never followed: what it points to is indexed where it is, or lies outside of the workspace.
                return "link", 0
            folder = entry.is_dir(follow_symlinks=False)
            if not folder and not entry.is_file(follow_symlinks=False):
                return "special", 0
        except OSError:
            return "unreadable", 0
        return _verdict(name, folder, ignore, self.rules.scope), stat.S_IFDIR if folder else stat.S_IFREG

    def _measure(self, entry: "os.DirEntry[str]", path: str) -> tuple[Found | None, str]:
        try:
            about = entry.stat(follow_symlinks=False)
            # A name that is not text in the file system's encoding cannot be written as a URI.
            entry.name.encode()
        except OSError:
            return None, "vanished"
        except UnicodeEncodeError:
            return None, "name is not text"
        if about.st_size > self.rules.scope.max_file_bytes:
            return None, "too large"
        return Found(f"{path}{entry.name}", about.st_size, about.st_mtime_ns), ""


def is_indexed(rules: Rules, path: str) -> bool:
    """Whether the file at a path below the root is one that a walk would find, judged by names alone."""
    ignore = rules.top
    folder = rules.root
    *parents, name = PurePosixPath(path).parts
    for depth, parent in enumerate(parents):
        ignore = with_files(ignore, folder)
        if _verdict(parent, True, ignore, rules.scope):
            return False
        folder = folder / parent
        if folder.is_symlink() or depth >= _DEEPEST or any((folder / mark).exists() for mark in _MARKS):
            return False
        ignore = ignore.below(parent)
    return not _verdict(name, False, with_files(ignore, folder), rules.scope)


def _verdict(name: str, folder: bool, ignore: Ignore, scope: Scope) -> str:
    if folder:
        if name in _NEVER:
            return "version control"
        if is_secret_folder(name):
            return "secret"
    else:
        # The cheap test first: most files of other kinds (images, translations) are out by their name alone.
        if languages.detect(name) is None and not name.lower().endswith(scope.text):
            return "unknown kind"
        if is_secret_name(name):
            return "secret"
    return "ignored" if ignore.matches(name, folder=folder) else ""

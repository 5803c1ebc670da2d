"""Which paths the user's ignore files and patterns leave out."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

# Git leaves out what can be made again or is only for this machine; what the second one names is for no model to see.
_WITHHELD = ".copilotignore"
FILES = (".gitignore", _WITHHELD)
# A file of ignore patterns beyond this is not one.
_LARGEST = 256_000


@dataclass(frozen=True, slots=True)
class Ignore:
    """The patterns that hold in one folder: each with the folder's path as seen from where the patterns are written.

    `rules` go from the outermost to the innermost; the last that knows a path decides, as in git.
    """

    rules: tuple[tuple[GitIgnoreSpec, str], ...] = ()

    def matches(self, name: str, *, folder: bool) -> bool:
        """Whether an entry of this folder is left out."""
        ending = "/" if folder else ""
        for spec, base in reversed(self.rules):
            verdict = spec.check_file(f"{base}{name}{ending}").include
            if verdict is not None:
                return verdict
        return False

    def below(self, name: str) -> "Ignore":
        """The same patterns as seen from a sub-folder."""
        return Ignore(tuple((spec, f"{base}{name}/") for spec, base in self.rules))

    def adding(self, lines: Iterable[str]) -> "Ignore":
        """With the patterns of an ignore file in this folder; lines that are no pattern are passed over."""
        spec = _parse(lines)
        return Ignore((*self.rules, (spec, ""))) if spec.patterns else self


def above(root: Path) -> Ignore:
    """What holds in the root because of the repository around it: ignore files up to the one with `.git`."""
    chain: list[Path] = []
    for folder in (root, *root.parents):
        chain.append(folder)
        if (folder / ".git").exists():
            break
    else:
        return Ignore()
    ignore = Ignore().adding(_read(chain[-1] / ".git" / "info" / "exclude"))
    for folder, inner in zip(reversed(chain[1:]), reversed(chain[:-1]), strict=True):
        ignore = with_files(ignore, folder).below(inner.name)
    return ignore


def with_files(ignore: Ignore, folder: Path, names: Iterable[str] = FILES) -> Ignore:
    """With what the ignore files of a folder say, if it has any."""
    for name in names:
        ignore = ignore.adding(_read(folder / name))
    return ignore


def is_withheld(root: Path, path: str) -> bool:
    """Whether a `.copilotignore` in the workspace names the file at a path below the root, or a folder around it."""
    ignore, folder = Ignore(), root
    *parents, name = PurePosixPath(path).parts
    for parent in parents:
        ignore = with_files(ignore, folder, (_WITHHELD,))
        if ignore.matches(parent, folder=True):
            return True
        ignore, folder = ignore.below(parent), folder / parent
    return with_files(ignore, folder, (_WITHHELD,)).matches(name, folder=False)


def _read(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return []
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _parse(lines: Iterable[str]) -> GitIgnoreSpec:
    kept = list(lines)
    try:
        return GitIgnoreSpec.from_lines(kept)
    except ValueError:
        good = [line for line in kept if _is_pattern(line)]
        return GitIgnoreSpec.from_lines(good)


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True

"""Where does a name come from that a file imports, through files that only pass it on?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from copilot_lsp.index.defined import Defined, Row
from copilot_lsp.index.graph import Elsewhere, files_of
from copilot_lsp.store.connection import Connection
from copilot_lsp.syntax.imports import Import

# A package passes names on from a file of its own, which may do so again.
_HOPS = 4
_FILES = 64
_REMEMBERED = 50_000

_Asked = tuple[str, str, str, str]
_Sources = tuple[tuple[Import, tuple[str, ...]], ...]


@dataclass(slots=True)
class Memory:
    """What imports mean in one workspace, for as long as its index does not change: the same ones are asked for again
    and again. `seen` has the version that each connection saw last, for that is a number of the connection's own.
    """

    files: dict[_Asked, tuple[str, ...]] = field(default_factory=dict[_Asked, tuple[str, ...]])
    sources: dict[str, _Sources] = field(default_factory=dict[str, _Sources])
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    seen: WeakKeyDictionary[Connection, int] = field(default_factory=WeakKeyDictionary[Connection, int])

    def check(self, connection: Connection) -> None:
        """Forget everything when another connection has written, or when it is too much."""
        version = connection.execute("PRAGMA data_version").fetchall()[0][0]
        if self.seen.get(connection) != version or len(self.files) + len(self.sources) > _REMEMBERED:
            self.files, self.sources, self.elsewhere = {}, {}, {}
            self.seen[connection] = version


class Trail:
    """Follows names through the imports of one workspace while one request is answered."""

    def __init__(self, defined: Defined, memory: Memory) -> None:
        self._defined = defined
        self._memory = memory
        self._found: dict[tuple[tuple[str, ...], str], Row | None] = {}

    def files(self, path: str, language: str, module: str, name: str = "") -> tuple[str, ...]:
        """The files that a module means in the file at `path`; with a name, those of the module of that name in it."""
        # What modules mean is the same for all files of a folder.
        key = (path.rpartition("/")[0], language, module, name)
        known = self._memory.files.get(key)
        if known is None:
            known = self._memory.files[key] = self._look(path, language, module, name)
        return known

    def _look(self, path: str, language: str, module: str, name: str) -> tuple[str, ...]:
        return files_of(self._defined.connection, path, language, module, name, self._memory.elsewhere)

    def definition(self, paths: Sequence[str], name: str) -> Row | None:
        """What one of some files defines under a name, or passes on under it from where it is defined."""
        key = (tuple(paths), name)
        if key not in self._found:
            self._found[key] = self._definition(key[0], name)
        return self._found[key]

    def _definition(self, paths: Sequence[str], name: str) -> Row | None:
        """The nearest file in imports wins; files that import the name come before those that import everything."""
        tops = self._defined.tops(name)
        if not tops:
            return None
        seen = set(paths)
        level = list(paths)
        for _ in range(_HOPS + 1):
            for path in level:
                if path in tops:
                    return tops[path]
            named: dict[str, None] = {}
            whole: dict[str, None] = {}
            for path in level[:_FILES]:
                for one, files in self._sources(path):
                    if name in one.names:
                        named.update(dict.fromkeys(files))
                    elif not one.names:
                        whole.update(dict.fromkeys(files))
            level = [path for path in (*named, *(() if named else whole)) if path not in seen]
            seen.update(level)
        return None

    def _sources(self, path: str) -> _Sources:
        """What a file imports, with the files that it means."""
        known = self._memory.sources.get(path)
        if known is not None and path not in self._defined.opened:
            return known
        language = self._defined.language(path)
        imports = self._defined.imports(path)
        found = tuple([(one, self.files(path, language, one.module)) for one in imports])
        if path not in self._defined.opened:
            self._memory.sources[path] = found
        return found

"""A workspace that is asked as a session asks it: one file open, one of its lines hidden."""

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.truth.use import Use, read_lines
from copilot_lsp.agents.context import gather
from copilot_lsp.agents.projects import Project
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position
from copilot_lsp.index.defined import Defined, Opened
from copilot_lsp.index.evidence import proposals
from copilot_lsp.index.graph import files_of
from copilot_lsp.index.outlines import Part
from copilot_lsp.index.scene import scene
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.sight import look
from copilot_lsp.index.trail import Memory, Trail
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.index.worth import Unit, units
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import ProviderSettings
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax.imports import imports
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.symbols import symbols
from copilot_lsp.workers.pool import Workers

_NAME = re.compile(r"[^\W\d]\w+")


@dataclass(slots=True)
class Asking:
    """`hide` opens the file of a use with its line hidden; the others ask there."""

    root: Path
    language: str
    index: Workspace
    project: Project
    path: str = ""
    line: int = 0
    column: int = 0
    _views: list[View] = field(default_factory=list)
    _memory: Memory = field(default_factory=Memory)

    @classmethod
    @asynccontextmanager
    async def of(cls, root: Path, language: str, folder: Path) -> AsyncGenerator["Asking"]:
        """A workspace, indexed into a folder."""
        workers = Workers(1)
        index = await open_workspace(root, folder, IndexSettings(vectors=False), workers)
        try:
            await index.crawl()
            yield cls(root, language, index, Project(index.root, index, Corpus.open(folder)))
        finally:
            await index.close()
            await workers.close()

    async def hide(self, use: Use) -> None:
        lines = read_lines(self.root / use.place.path)
        hidden = lines[use.place.line]
        self.path, self.line, self.column = use.place.path, use.place.line, len(hidden) - len(hidden.lstrip())
        lines[use.place.line] = hidden[: self.column]
        made = document(self.index.uri_of(self.path), "\n".join(lines), self.language)
        opened = OpenDocument(made, LiveTree(made), LiveTokens())
        self._views = [
            View(
                made, {made.uri: opened}, self.project, AgentSettings(), Models(ProviderSettings()), "bench", Serving()
            )
        ]

        # An editor's document has its tree, which follows its changes.
        await self._views[0].tree()

    async def above(self) -> None:
        """Ask at the line above, as for whoever has just written it."""
        (view,) = self._views
        await gather(view, Position(max(0, self.line - 1), 0), tokens=1_000_000)

    async def chunks(self, limit: int) -> tuple[Chunk, ...]:
        """What a model would be shown there, were its context large enough."""
        (view,) = self._views
        return (await gather(view, Position(self.line, self.column), tokens=1_000_000))[:limit]

    @contextmanager
    def units(self) -> Generator[tuple[Defined, list[Unit]]]:
        """Everything that was found there before it is ranked."""
        (view,) = self._views
        tree = view.subject.live.latest
        holds = Opened(symbols(tree), imports(tree)) if tree else Opened()
        sight = look(view.document, tree, holds.symbols, holds.imports, Position(self.line, self.column))
        with self.index.database.read() as connection:
            defined = Defined(connection, {self.path: holds}, self.path)
            found = scene(defined, Trail(defined, self._memory), self.path, self.language, sight)
            yield defined, list(units(proposals(found)).values())

    def chunk(self, unit: Unit, part: Part) -> Chunk:
        return Chunk(self.index.uri_of(unit.path), unit.path, part.span, part.text, unit.container)

    def names(self, above: int, below: int) -> list[str]:
        """The names in the lines around the hidden one, the nearest first."""
        document = self._views[0].document
        up = range(self.line - 1, max(-1, self.line - above - 1), -1)
        down = range(self.line + 1, min(document.line_count, self.line + below + 1))
        return list(dict.fromkeys(name for number in (*up, *down) for name in _NAME.findall(document.line(number))))

    def imported(self) -> list[list[str]]:
        """The files that each import of the document means."""
        tree = self._views[0].subject.live.latest
        with self.index.database.read() as connection:
            return [
                [
                    path
                    for name in (*one.names, "")
                    for path in files_of(connection, self.path, self.language, one.module, name)
                ]
                for one in (imports(tree) if tree else ())
            ]

"""Small workspaces, indexed in this process: the jobs of the workers are called as the functions that they are."""

import json

import pytest

from copilot_lsp.index.crawl import crawl
from copilot_lsp.index.job import MIGRATIONS, Task, decode_tally
from copilot_lsp.index.place import folder_of
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.update import forget
from copilot_lsp.index.workspace import FILE, Workspace
from copilot_lsp.store.database import open_database
from copilot_lsp.workers.pool import Workers


class Folder:
    """A workspace folder on disk with its cache."""

    def __init__(self, base):
        self.root = (base / "root").resolve()
        self.root.mkdir()
        self.cache = base / "cache"
        self.opened = []

    def write(self, files):
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def task(self, **settings):
        return Task(self.root, folder_of(self.root, self.cache) / FILE, IndexSettings(**settings).scope)

    def crawl(self, **settings):
        """Run the crawl job; its tally."""
        task = self.task(**settings)
        task.database.parent.mkdir(parents=True, exist_ok=True)
        return decode_tally(crawl(task.encode(), lambda content: json.loads(content)))

    def open(self, **settings):
        """The workspace as the session's process sees it, without any worker process."""
        task = self.task(**settings)
        workspace = Workspace(task, open_database(task.database, MIGRATIONS), Workers(1), None, "")
        self.opened.append(workspace)
        return workspace

    def rows(self, statement):
        with self.open().database.read() as connection:
            return connection.execute(statement).fetchall()

    def paths(self):
        return [row[0] for row in self.rows("SELECT path FROM files ORDER BY path")]


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    yield made
    for workspace in made.opened:
        workspace.database.close()
    forget()

"""Which workspace folder does a document belong to, and what is known about that folder?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from copilot_lsp.lsp.convert import path_of

if TYPE_CHECKING:
    from copilot_lsp.agents.projects import Project
    from copilot_lsp.features.settings import FeatureSettings
    from copilot_lsp.providers.select import Models


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder as tasks see it. `root` is None for what lies in no folder; `project` comes when its index is open."""

    root: Path | None
    settings: "FeatureSettings"
    models: "Models"
    project: "Project | None" = None


class Folders:
    """The workspace folders of one session by URI, and the folder of everything else under the empty URI."""

    def __init__(self, uris: Iterable[str]) -> None:
        self.uris = list(dict.fromkeys(uris))
        self.known: dict[str, Folder] = {}

    def change(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """The client has other folders open now."""
        gone = frozenset(removed)
        self.uris = list(dict.fromkeys((*(uri for uri in self.uris if uri not in gone), *added)))
        for uri in gone - {""}:
            self.known.pop(uri, None)

    def of(self, uri: str) -> Folder:
        """The innermost folder that holds a document; a buffer without a file belongs to the first folder."""
        path = path_of(uri)
        if path is None:
            return next((self.known[one] for one in self.uris if one in self.known), self.known[""])
        holding = [folder for folder in self.known.values() if folder.root and path.is_relative_to(folder.root)]
        return max(holding, key=lambda folder: len(folder.root.parts) if folder.root else 0, default=self.known[""])


def folder_uris(params: Mapping[str, Any]) -> list[str]:
    """The folders that a client has open at the start, in the newest of the three ways in which it may say so."""
    folders: Any = params.get("workspaceFolders")
    if isinstance(folders, list):
        return uris_of(cast("list[Any]", folders))
    root, path = params.get("rootUri"), params.get("rootPath")
    if isinstance(root, str) and root:
        return [root]
    return [Path(path).absolute().as_uri()] if isinstance(path, str) and path else []


def uris_of(folders: Iterable[Any]) -> list[str]:
    """The URIs of WorkspaceFolders; what is none is left out."""
    found = [cast("Mapping[str, Any]", folder).get("uri") for folder in folders if isinstance(folder, Mapping)]
    return [uri for uri in found if isinstance(uri, str)]

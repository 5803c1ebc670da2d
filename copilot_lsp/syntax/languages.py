"""Which languages there are, and which one a file is written in."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from copilot_lsp.core.errors import SettingsError, UnknownLanguage
from copilot_lsp.syntax.language import Language, read

log = logging.getLogger(__name__)

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:\S*/)?([A-Za-z_+-]+)")


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of some folders, with the ways to find one. Later folders win over earlier ones."""

    by_id: dict[str, Language]
    by_client: dict[str, str]
    by_extension: dict[str, str]
    by_file: dict[str, str]
    by_shebang: dict[str, str]

    def get(self, language_id: str) -> Language:
        """The language with that id of ours. Raises UnknownLanguage."""
        found = self.by_id.get(language_id)
        if found is None:
            raise UnknownLanguage(f"no grammar for {language_id!r}; there are {', '.join(sorted(self.by_id))}")
        return found

    def detect(self, path_or_uri: str, first_line: str = "") -> str | None:
        """The id for a file by its name, else its longest known extension, else its first line's `#!`."""
        name = path_or_uri.replace("\\", "/").rpartition("/")[2]
        if found := self.by_file.get(name):
            return found
        dot = name.find(".")
        while dot >= 0:
            if found := self.by_extension.get(name[dot:].lower()):
                return found
            dot = name.find(".", dot + 1)
        shebang = _SHEBANG.match(first_line)
        return self.by_shebang.get(shebang[1].rstrip("-")) if shebang else None

    def from_client(self, lsp_language_id: str, uri: str) -> str:
        """Our id for what a client calls a document, else for its name, else what the client said."""
        return self.by_client.get(lsp_language_id) or self.detect(uri) or lsp_language_id


def load(folders: Iterable[Path]) -> Languages:
    """The languages in the sub-folders of some folders. One that cannot be read is logged and left out."""
    found: dict[str, Language] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/language.toml")):
            try:
                language = read(path.parent)
            except SettingsError as error:
                log.warning("a language was left out: %s", error)
                continue
            found[language.id] = language
    return Languages(
        found,
        {name: one.id for one in found.values() for name in (one.id, *one.lsp)},
        {name: one.id for one in found.values() for name in one.extensions},
        {name: one.id for one in found.values() for name in one.files},
        {name: one.id for one in found.values() for name in one.shebangs},
    )


def builtin() -> Path:
    """The folder that is shipped: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "grammars"
    return inside if inside.is_dir() else package.parent / "grammars"


# The user's own grammar folders belong to the process, not to a session: trees, workers and caches share them.
_extra: list[Path] = []


def configure(folders: Iterable[Path]) -> None:
    """Add the user's grammar folders for this whole process; they win over what is shipped."""
    _extra[:] = folders
    everything.cache_clear()


@cache
def everything() -> Languages:
    """All languages of this process: what is shipped, then the configured folders."""
    return load((builtin(), *_extra))


def get(language_id: str) -> Language:
    """The language with that id. Raises UnknownLanguage."""
    return everything().get(language_id)


def known(language_id: str) -> Language | None:
    """The same for those who can do without."""
    return everything().by_id.get(language_id)


def detect(path_or_uri: str, first_line: str = "") -> str | None:
    """The id of the language of a file, or None."""
    return everything().detect(path_or_uri, first_line)


def from_client(lsp_language_id: str, uri: str) -> str:
    """Our id for a document that a client opened."""
    return everything().from_client(lsp_language_id, uri)


def available() -> tuple[str, ...]:
    """The ids of all languages, sorted."""
    return tuple(sorted(everything().by_id))

"""Which workspaces may set sensitive settings.

The user says so with `copilot-lsp trust`. What is trusted is a folder together with the very values it sets: when a
`git pull` changes one of them, the trust is void until the user gives it again.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from copilot_lsp.core.settings import Tree, flatten, is_sensitive

_FILE = "trust.json"


@dataclass(frozen=True, slots=True)
class Trust:
    """The trust store in the user's folder for state."""

    state: Path

    def holds(self, root: Path, values: Tree) -> bool:
        """Whether the user has trusted this folder with exactly these sensitive values."""
        return self._read().get(_folder(root)) == digest(values)

    def give(self, root: Path, values: Tree) -> None:
        """Trust the folder with these sensitive values from now on. Raises OSError where nothing can be written."""
        self._write({**self._read(), _folder(root): digest(values)})

    def take(self, root: Path) -> bool:
        """Trust the folder no longer. False when it was not trusted."""
        known = self._read()
        had = known.pop(_folder(root), None) is not None
        if had:
            self._write(known)
        return had

    def _read(self) -> dict[str, str]:
        # A store that cannot be read or makes no sense trusts nobody.
        try:
            known = json.loads((self.state / _FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return {str(key): str(value) for key, value in cast("dict[Any, Any]", known).items()} if _is(known) else {}

    def _write(self, known: Mapping[str, str]) -> None:
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Two commands may write at once; each makes its own draft and the last one to finish wins whole.
        draft = self.state / f"{_FILE}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(dict(sorted(known.items())), file, indent=1)
        draft.replace(self.state / _FILE)


def sensitive_values(values: Tree, sensitive: frozenset[str]) -> dict[str, Any]:
    """The part of a settings tree that needs trust, flat."""
    return {key: value for key, value in flatten(values).items() if is_sensitive(key, sensitive)}


def digest(values: Tree) -> str:
    """A fingerprint of settings; the order of keys does not matter."""
    text = json.dumps(flatten(values), sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _folder(root: Path) -> str:
    # The real path, so that a symbolic link cannot lend another folder's trust.
    return os.path.normcase(os.path.realpath(root))


def _is(known: object) -> bool:
    return isinstance(known, dict)

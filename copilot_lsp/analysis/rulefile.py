"""How is a data rule read from its TOML file? `grammars/README.md` describes the file for those who write one."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot_lsp.analysis.finding import Severity
from copilot_lsp.analysis.rule import About
from copilot_lsp.core.errors import SettingsError

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CAPTURE = re.compile(r"@([a-z][a-z0-9_.]*)")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EditTemplate(_Table):
    """One edit of a fix: what is done to the node that a capture names. `text` may hold `{capture}` placeholders."""

    action: Literal["replace", "delete", "delete_lines", "insert_line_above", "insert_line_below"]
    capture: str
    text: str = ""

    @property
    def captures(self) -> frozenset[str]:
        return frozenset((self.capture, *PLACEHOLDER.findall(self.text)))


class FixTemplate(_Table):
    """One way to remove a finding; offered for matches that have all captures it names and those of `needs`."""

    title: str
    edits: tuple[EditTemplate, ...] = Field(min_length=1)
    preferred: bool = False
    needs: tuple[str, ...] = ()

    @property
    def captures(self) -> frozenset[str]:
        return frozenset((*self.needs, *PLACEHOLDER.findall(self.title))).union(*(edit.captures for edit in self.edits))


class _RuleTable(_Table):
    title: str
    why: str
    severity: Severity
    category: Literal["correctness", "reliability", "security", "style"]
    query: str
    message: str = ""
    fixes: tuple[FixTemplate, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DataRule:
    """A rule as its file states it. `message` is a template; `path` is named when the query turns out to be wrong."""

    about: About
    query: str
    message: str
    fixes: tuple[FixTemplate, ...]
    path: Path


def read_rule(path: Path) -> DataRule:
    """The rule in one file, its id from the file's name. Raises SettingsError naming the file and what is wrong."""
    try:
        table = _RuleTable.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"rule {path}: {where}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"rule {path} cannot be read as TOML: {error}") from error
    if not _ID.fullmatch(path.stem):
        raise SettingsError(f"rule {path}: the file's name is the rule's id: words in lower case joined by hyphens")
    if "#not-any-of?" in table.query:
        # tree-sitter's binding (0.26) lets it hold for every text.
        raise SettingsError(f"rule {path}: #not-any-of? cannot be relied on; say #not-match? with ^(one|two)$")
    captures = set(_CAPTURE.findall(table.query))
    used = frozenset(("finding", *PLACEHOLDER.findall(table.message))).union(*(fix.captures for fix in table.fixes))
    if missing := used - captures:
        raise SettingsError(f"rule {path}: the query lacks a capture @{min(missing)}, which the rule uses")
    about = About(path.stem, table.title, " ".join(table.why.split()), table.severity, table.category)
    return DataRule(about, table.query, table.message or table.title, table.fixes, path)

"""The facts of one language, read from its `language.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from copilot_lsp.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Grammar:
    """The wheel's import name and the function in it that returns the grammar.

    `avoid` is a pattern of texts that crash it, as deep nesting does where a scanner's state has a fixed size.
    """

    package: str
    function: str = "language"
    avoid: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """How a comment is written: `line` starts one up to the line's end, `block` is its opening and closing."""

    line: str = ""
    block: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DocStyle:
    """How documentation is written on a definition.

    `place` is "before" (a comment above the definition), "body" (the body's first statement, as in Python) or ""
    (none). `open` and `close` stand on the first and last line (empty: every line has only the `prefix`), `single` is
    the form for one line. `delimiters` are the (opening, closing) pairs that are read as documentation. `parameters`
    and `returns` are headings of those parts; `parameter` and `result` their lines, with {name}, {type}, {text};
    `gap` puts an empty line before them. `skip` begins lines that may stand between documentation and definition,
    `omit` are parameters that are not documented, `nothing` result types that are not; `markup` is a pattern of what
    is left out when documentation is read.
    """

    place: str = ""
    open: str = ""
    prefix: str = ""
    close: str = ""
    single: str = ""
    summary: str = "{text}"
    parameters: str = ""
    parameter: str = ""
    returns: str = ""
    result: str = ""
    gap: bool = True
    delimiters: tuple[tuple[str, str], ...] = ()
    skip: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    markup: str = ""
    nothing: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class ImportStyle:
    """How a module's name leads to candidate paths.

    `separator` is between the parts of a name and becomes a slash. `relative` says what a relative name begins with:
    "dots" (one for the file's folder, one more for each folder above) or "path" (`./`, `../`). `suffixes` are put
    behind the path, nearest first; a `*` in one stands for any file. `names`: an imported name may be a module below.
    `local`: a plain name may lie in the file's folder. `anywhere`: a name may begin below any folder. `tail`: its
    first parts may be missing in the workspace, as a repository's host is. `drop`: that many last parts may name
    something inside the module. `strip`: first parts that mean the root.
    """

    separator: str = "/"
    relative: str = ""
    suffixes: tuple[str, ...] = ()
    names: bool = False
    local: bool = False
    anywhere: bool = True
    tail: bool = False
    drop: int = 0
    strip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestStyle:
    """Which frameworks the language's tests are written in, and the file names that hold tests."""

    __test__ = False
    frameworks: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """Everything that is known about a language without parsing. Two loads are two languages: compared by identity.

    With `indented` the indentation tells where a block ends.
    With `dialects` (or a preprocessor) the grammar does not know all that is valid, so its errors are not reported.
    `extends` names the folders beside this one whose queries come before its own, and whose rules hold here too.
    `members` renames a kind directly inside a type (`function` in a class is a `method`); `constructors` are method
    names, `{}` standing for the type's own; `constants` is a pattern of the variable names that are constants.
    `fields` is a pattern whose first group names a field of a class where a method first gives it a value.
    `argument` is how an argument is given by name, with {name} and {value}; empty: only its place tells.
    `outline_depth` bounds how deep in the tree a cold file's definitions are looked for, 0 is everywhere.
    """

    id: str
    name: str
    folder: Path
    grammar: Grammar
    extends: tuple[str, ...] = ()
    lsp: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    shebangs: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    brackets: tuple[str, ...] = ("()", "[]", "{}")
    dialects: bool = False
    indented: bool = False
    outline_depth: int = 0
    argument: str = ""
    members: Mapping[str, str] = field(default_factory=dict[str, str])
    constructors: tuple[str, ...] = ()
    constants: str = ""
    fields: str = ""
    comment: Comment = field(default_factory=Comment)
    doc: DocStyle = field(default_factory=DocStyle)
    imports: ImportStyle = field(default_factory=ImportStyle)
    tests: TestStyle = field(default_factory=TestStyle)


def read(folder: Path) -> Language:
    """The language in a folder. Raises SettingsError with the file's name for anything that is not in the README."""
    path = folder / "language.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as TOML: {error}") from error
    parts: dict[str, Any] = {"folder": folder}
    for name, part in _PARTS.items():
        if name in table:
            parts[name] = _build(part, table.pop(name), f"{path}: [{name}]")
    language = _build(Language, table, str(path), parts)
    patterns = {
        "constants": language.constants,
        "fields": language.fields,
        "[doc] markup": language.doc.markup,
        "[grammar] avoid": language.grammar.avoid,
    }
    for name, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise SettingsError(f"{path}: {name} is not a pattern: {error}") from error
    return language


_PARTS: dict[str, type] = {
    "grammar": Grammar,
    "comment": Comment,
    "doc": DocStyle,
    "imports": ImportStyle,
    "tests": TestStyle,
}


def _build(target: type, table: object, where: str, given: Mapping[str, Any] | None = None) -> Any:
    """An instance of a facts class from a TOML table; the types of its defaults are the types that may be written."""
    if not isinstance(table, dict):
        raise SettingsError(f"{where} must be a table")
    values: dict[str, Any] = dict(given or {})
    known = {item.name: item for item in fields(target) if item.name not in values and item.name not in _PARTS}
    for key, value in cast("dict[str, Any]", table).items():
        if key not in known:
            raise SettingsError(f"{where} has an unknown key {key!r}; known are {', '.join(sorted(known))}")
        values[key] = _checked(value, known[key], f"{where} {key}")
    missing = [
        item.name
        for item in fields(target)
        if item.name not in values and item.default is MISSING and item.default_factory is MISSING
    ]
    if missing:
        raise SettingsError(f"{where} lacks {', '.join(missing)}")
    return target(**values)


def _checked(value: Any, item: Any, where: str) -> Any:
    default: Any = "" if item.default is MISSING else item.default
    if item.default_factory is not MISSING:
        default = item.default_factory()
    kinds = {tuple: list, bool: bool, int: int, dict: dict, str: str}
    wanted: type[object] = kinds[cast("type[Any]", type(default))]
    if not isinstance(value, wanted) or isinstance(value, bool) != (wanted is bool):
        raise SettingsError(f"{where} must be of the kind {wanted.__name__}")
    return _frozen(value)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(one) for one in cast("list[Any]", value))
    return value

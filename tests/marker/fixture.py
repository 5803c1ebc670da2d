"""What is in a marker fixture: files with marks, what the model says, and what is expected; one text file each.

A fixture begins with a paragraph that says why it should hold. Sections follow, each under a line `-- name --`:

    -- PATH --               a file of the workspace
    -- PATH (unsaved) --     the text that the editor has open for that file instead
    -- settings --           the user's settings, as TOML
    -- model --              the replies of a scripted model, as JSON (see `copilot_lsp.providers.backends.scripted`)
    -- inline PATH --        golden: the ghost text at the cursor, in [[ ]] in its line
    -- completion PATH --    golden: the entries of the popup, one per line
    -- hover PATH --         golden: what hovering says
    -- actions PATH --       golden: the titles of the code actions
    -- action PATH: TITLE -- golden: the text after that action
    -- messages --           golden: what the server showed to the user

`<CURSOR>` marks the place in a file that is asked about. A comment of carets under a line expects a diagnostic there:

    x == None
    # ^^^^^^^ message
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

CURSOR = "<CURSOR>"
GOLDEN = ("inline", "completion", "hover", "actions", "action", "messages")
_HEADER = re.compile(r"^-- (.+?) --$", re.MULTILINE)
_CARETS = re.compile(r"^([ \t]*)(#|//|--)([ \t]*)(\^+) (.*)$")


@dataclass(frozen=True, slots=True)
class Expected:
    """A diagnostic that a caret comment asks for: the line above the comment, the columns of the carets."""

    line: int
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A file without its marks. `cursor` is an offset into `text`; `expected` is None where no comment asks."""

    text: str
    cursor: int | None
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class Golden:
    """One question and the answer that the fixture has for it."""

    kind: str
    path: str
    title: str
    text: str

    @property
    def header(self) -> str:
        return " ".join(filter(None, (self.kind, f"{self.path}: {self.title}" if self.title else self.path)))


@dataclass(slots=True)
class Fixture:
    """A parsed fixture. `files` is what is on disk, `unsaved` what the editor has open instead."""

    source: Path
    why: str
    files: dict[str, Marked] = field(default_factory=dict[str, Marked])
    unsaved: dict[str, Marked] = field(default_factory=dict[str, Marked])
    settings: str = ""
    model: str = ""
    goldens: list[Golden] = field(default_factory=list[Golden])

    def opened(self) -> dict[str, Marked]:
        """The files that the editor opens: every one that is asked about, with the text that it has in the editor."""
        every = self.files | self.unsaved
        asked = {golden.path for golden in self.goldens if golden.path}
        marked = {path for path, one in every.items() if one.cursor is not None or one.expected}
        return {path: every[path] for path in every if path in asked | marked | set(self.unsaved)}


def read(source: Path) -> Fixture:
    """Parse a fixture. Raises ValueError for one that asks nothing."""
    why, *rest = _HEADER.split(source.read_text(encoding="utf-8"))
    fixture = Fixture(source, why.strip())
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        _take(fixture, name, body.removeprefix("\n"))
    if not fixture.goldens and not any(one.expected for one in fixture.opened().values()):
        raise ValueError(f"{source.name} expects nothing")
    if not fixture.why:
        raise ValueError(f"{source.name} does not say why it should hold")
    return fixture


def unmark(text: str) -> Marked:
    """Take cursor and caret comments out of a text."""
    lines: list[str] = []
    expected: list[Expected] = []
    for line in text.splitlines(keepends=True):
        match = _CARETS.match(line.rstrip("\n"))
        if match:
            start = match.start(4)
            expected.append(Expected(len(lines) - 1, start, start + len(match[4]), match[5]))
        else:
            lines.append(line)
    joined = "".join(lines)
    cursor = joined.find(CURSOR)
    return Marked(joined.replace(CURSOR, "", 1), None if cursor < 0 else cursor, tuple(expected))


def rewritten(fixture: Fixture, answers: dict[str, str], found: dict[str, tuple[Expected, ...]]) -> str:
    """The fixture's text with its golden sections and caret comments as the server answers now."""
    why, *rest = _HEADER.split(fixture.source.read_text(encoding="utf-8"))
    parts = [why]
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        path = name.removesuffix(" (unsaved)")
        if name in answers:
            body = f"\n{answers[name]}\n" if answers[name] else "\n"
        elif path in found and (name == path) != (path in fixture.unsaved):
            body = _with_carets(body, found[path])
        parts += [f"-- {name} --", body]
    return "".join(parts).rstrip("\n") + "\n"


def _take(fixture: Fixture, name: str, body: str) -> None:
    kind, _, rest = name.partition(" ")
    if name == "settings":
        fixture.settings = body
    elif name == "model":
        fixture.model = body
    elif kind in GOLDEN:
        path, _, title = rest.partition(": ")
        fixture.goldens.append(Golden(kind, path, title, body.rstrip("\n")))
    elif name.endswith(" (unsaved)"):
        fixture.unsaved[name.removesuffix(" (unsaved)")] = unmark(body)
    else:
        fixture.files[name] = unmark(body)


def _with_carets(body: str, found: tuple[Expected, ...]) -> str:
    kept = [line for line in body.splitlines() if not _CARETS.match(line)]
    comment = next((match[2] for line in body.splitlines() if (match := _CARETS.match(line))), "#")
    for one in sorted(found, key=lambda one: (one.line, one.start), reverse=True):
        mark = "^" * max(1, one.end - one.start)
        # The header's own line end is the first of the body, so line 0 of the file is the second here.
        above = kept[one.line + 1]
        indent = above[: len(above) - len(above.lstrip())]
        start = f"{indent}{comment}" if len(indent) + len(comment) <= one.start else comment
        kept.insert(one.line + 2, f"{start:{one.start}}{mark} {one.message}")
    return "\n".join(kept) + "\n"

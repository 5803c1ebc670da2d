"""What in a folder is worth showing: functions to retype, a name to look up, a fault to make.

Everything is chosen by looking at the sources alone, never by trying the server first: what the audience sees is the
first take.
"""

import os
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.references import Reference, references
from copilot_lsp.syntax.symbols import Symbol, symbols
from copilot_lsp.syntax.tree import parse

_SKIPPED = frozenset({"node_modules", "build", "dist", "__pycache__", "venv", "site-packages", "vendor"})
# Enough to find something typical; a demo that reads a whole monorepo first is not pleasant to watch.
_MOST_FILES = 1500
_MOST_BYTES = 200_000
_BODY_LINES = range(4, 12)
_WIDEST = 88
_SHORT_NAME = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the folder with its text."""

    path: Path
    document: Document


@dataclass(frozen=True, slots=True)
class Scene:
    """A function of a file whose `body` will be deleted and typed again."""

    source: Source
    symbol: Symbol
    body: Span


@dataclass(frozen=True, slots=True)
class Fault:
    """A few lines that the rule `name` objects to, from the rule's own examples."""

    name: str
    text: str


def sources(folder: Path) -> list[Source]:
    """The source files of the language that most files are written in, of those that have functions and rules."""
    found: dict[str, list[Path]] = {}
    for path in _files(folder):
        language = languages.detect(path.name)
        if language is not None and any((languages.get(language).folder / "rules").glob("*.toml")):
            found.setdefault(language, []).append(path)
    if not found:
        return []
    language, paths = max(found.items(), key=lambda item: len(item[1]))
    return [source for path in paths if (source := _read(path, language)) is not None]


def scenes(chosen: list[Source]) -> tuple[Scene, Scene] | None:
    """Two functions that a person would rather not type: one most like the rest of its own file, which is all that is
    known at first, and one most like other files of the folder. None where there is no function to choose from.
    """
    everywhere = Counter(line for source in chosen for line in set(_stripped(source.document.text)))
    own: list[tuple[float, Scene]] = []
    wide: list[tuple[float, Scene]] = []
    for source in chosen:
        here = Counter(_stripped(source.document.text))
        for scene in _functions(source):
            own.append((_likeness(scene, here), scene))
            wide.append((_likeness(scene, everywhere), scene))
    if not own:
        return None
    first = max(own, key=lambda rated: rated[0])[1]
    others = [rated for rated in wide if rated[1].source is not first.source]
    return first, max(others, key=lambda rated: rated[0])[1] if others else first


def names_to_look_up(chosen: list[Source], scene: Scene) -> tuple[str | None, Reference | None]:
    """Of the names that other files define and document: one that the scene's file does not have, and where it mentions
    another one.
    """
    defined = {
        symbol.name: None  # keys in reading order, each once
        for source in chosen
        if source is not scene.source
        for symbol in symbols(parse(source.document))
        if symbol.kind in {"function", "class"} and symbol.doc and len(symbol.name) > _SHORT_NAME
    }
    mentioned = references(parse(scene.source.document))
    new = next((name for name in defined if name not in scene.source.document.text), None)
    return new, next((one for one in mentioned if one.name in defined), None)


def fault(language: Language) -> Fault | None:
    """The shortest example among the language's rules that offer a fix."""
    examples: list[Fault] = []
    for rule in sorted((language.folder / "rules").glob("*.toml")):
        fixture = next((path for path in rule.parent.glob(f"{rule.stem}.*") if path != rule), None)
        if fixture is not None and tomllib.loads(rule.read_text(encoding="utf-8")).get("fixes"):
            text = _example(fixture.read_text(encoding="utf-8"), language.comment.line)
            examples.append(Fault(rule.stem, text))
    return min(examples, key=lambda one: len(one.text), default=None)


def _files(folder: Path) -> Iterator[Path]:
    left = _MOST_FILES
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            yield Path(root, name)
            left -= 1
            if not left:
                return


def _read(path: Path, language: str) -> Source | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return Source(path, document(path.as_uri(), path.read_text(encoding="utf-8"), language))
    except (OSError, UnicodeDecodeError):
        return None


def _functions(source: Source) -> Iterator[Scene]:
    """The functions whose lines below the signature are few and narrow enough to be typed before an audience."""
    text = source.document
    for symbol in symbols(parse(text)):
        # Prose cannot be foreseen, and an undocumented one is what the doc comment is written for later.
        if symbol.kind not in {"function", "method"} or symbol.doc:
            continue
        first = symbol.name_span.start.line + 1
        last = symbol.span.end.line
        lines = [text.line(number) for number in range(first, last + 1)]
        if len(lines) in _BODY_LINES and all(len(line) <= _WIDEST and line.strip() for line in lines):
            indent = len(lines[0]) - len(lines[0].lstrip())
            yield Scene(source, symbol, Span(Position(first, indent), Position(last, len(lines[-1]))))


def _likeness(scene: Scene, seen: Counter[str]) -> float:
    """The share of the body that also stands elsewhere; `seen` counts lines, those of the body included."""
    lines = Counter(_stripped(scene.source.document.slice(scene.body)))
    total = sum(len(line) * count for line, count in lines.items())
    return sum(len(line) * count for line, count in lines.items() if seen[line] > count) / total if total else 0.0


def _stripped(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def _example(text: str, comment: str) -> str:
    """The first example of a rule's fixture without the comments that mark what is found."""
    block = text.strip().split("\n\n", 1)[0].splitlines()
    return "\n".join(line for line in block if not line.lstrip().startswith(comment)) + "\n"

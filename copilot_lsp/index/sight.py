"""What is in sight at a place of a document: names by how near they are, what is imported, what is around.

The line of the place itself counts only as far as it is written and the word at its end is complete, so that the
answer stays the same from one typed letter to the next.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position
from copilot_lsp.index.names import names_of
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.symbols import Symbol, definitions_at
from copilot_lsp.syntax.tree import SyntaxTree

_CHAIN = re.compile(r"[^\W\d]\w*(?:\s*(?:\?\.|\.|->|::)\s*[^\W\d]\w*)*")
_LINK = re.compile(r"\s*(?:\?\.|\.|->|::)\s*")
_UNFINISHED = re.compile(r"\w+$")
_ALIAS = re.compile(r"(\w+)[\"']?\s+as\s+(\w+)")
# An opening bracket with the name before it, or a closing one.
_BRACKET = re.compile(r"(?:([^\W\d]\w*)\s*)?[(\[{]|([)\]}])")
# So many lines up a bracket may have been opened.
_OPEN = 30
_ABOVE, _BELOW = 50, 25
# A name so many lines away counts half; below the place, and outside the function around it, names count less.
_HALF = 8.0
_BELOW_SHARE = 0.7
_OUTSIDE_SHARE = 0.5
# Counting the names of longer texts takes longer than the answer is worth.
_COUNTED = 400_000


@dataclass(frozen=True, slots=True)
class Sight:
    """`plain` and `members` hold names, those behind a dot apart, with their nearness (1: here, 0: far away); `behind`
    has the members by what stands before the dot. `counts` says how often a name stands in the document outside its
    imports. `around` are the definitions around the place, the innermost first. `aliases` are other names for imported
    ones, by the name that is imported.
    """

    plain: Mapping[str, float]
    members: Mapping[str, float]
    behind: Mapping[str, Mapping[str, float]]
    counts: Mapping[bytes, int]
    imports: Sequence[Import]
    aliases: Mapping[str, str]
    around: tuple[Symbol, ...]
    calls: Mapping[str, float]
    symbols: Sequence[Symbol]
    among_imports: bool
    tested: str

    def used(self, name: str) -> int:
        """How often a name stands in the document outside its imports; 0 in very long documents."""
        return max(0, self.counts.get(name.encode(), 0))

    def names(self) -> Iterator[str]:
        """The names that stand in the document outside its imports, in reading order."""
        return (name.decode("utf-8", "replace") for name, count in self.counts.items() if count > 0)


def look(
    document: Document,
    tree: SyntaxTree | None,
    symbols: Sequence[Symbol],
    imports: Sequence[Import],
    position: Position,
) -> Sight:
    """What is in sight at a position of a document."""
    around = _around(tree, position) if tree else ()
    imported = {number for one in imports for number in range(one.place[0], one.place[2] + 1)}
    plain: dict[str, float] = {}
    members: dict[str, float] = {}
    behind: dict[str, dict[str, float]] = defaultdict(dict)
    function = next((one for one in around if one.kind in ("function", "method", "constructor")), None)
    for number, line, nearness in _lines(document, position, function):
        if number in imported:
            continue
        for chain in _CHAIN.finditer(line):
            first, *rest = _LINK.split(chain[0])
            # Behind a call or an index, `f().name`, the name is a member of something that has no name.
            group = members if line[: chain.start()].rstrip().endswith((".", "->", "::")) else plain
            group[first] = max(group.get(first, 0.0), nearness)
            for before, name in zip([first, *rest], rest, strict=False):
                members[name] = max(members.get(name, 0.0), nearness)
                behind[before][name] = max(behind[before].get(name, 0.0), nearness)
    counts = _counts(document, imports, position)
    return Sight(
        _sorted(plain),
        _sorted(members),
        behind,
        counts,
        imports,
        _aliases(document, imports),
        around,
        _calls(document, position),
        symbols,
        _among_imports(symbols, imported, position.line),
        _tested(document, tree),
    )


def _tested(document: Document, tree: SyntaxTree | None) -> str:
    """What the document's file would be called were it no test, empty when it is none."""
    name = document.uri.rpartition("/")[2]
    for pattern in tree.language.tests.files if tree else ():
        before, star, after = pattern.partition("*")
        if star and name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
            return name.removeprefix(before).removesuffix(after)
    return ""


def _among_imports(symbols: Sequence[Symbol], imported: Collection[int], line: int) -> bool:
    """Whether imports may stand on a line: before anything that has a body, or between imports."""
    first = next((one.place[0] for one in symbols if one.place[2] > one.place[0]), line + 1)
    return line in imported or line < first or (line - 1 in imported and line + 1 in imported)


def _lines(document: Document, position: Position, function: Symbol | None) -> Iterable[tuple[int, str, float]]:
    """The lines around a position with their nearness."""
    here = document.line(position.line)[: position.column]
    yield position.line, _UNFINISHED.sub("", here), 1.0
    first, last = (function.place[0], function.place[2]) if function else (position.line - 8, position.line + 8)
    stop = min(document.line_count, position.line + _BELOW)
    for number in (*range(position.line - 1, max(-1, position.line - _ABOVE), -1), *range(position.line + 1, stop)):
        away = abs(number - position.line) - 1
        nearness = _HALF / (_HALF + away)
        if number > position.line:
            nearness *= _BELOW_SHARE
        if not first <= number <= max(last, position.line):
            nearness *= _OUTSIDE_SHARE
        yield number, document.line(number), nearness


def _calls(document: Document, position: Position) -> dict[str, float]:
    """What is called around the place: names before brackets that are still open there, the innermost first."""
    start = document.starts[max(0, position.line - _OPEN)]
    text = document.text[start : document.offset(position)]
    depth = 0
    found: dict[str, float] = {}
    for match in reversed(list(_BRACKET.finditer(text))):
        if match[2]:
            depth += 1
        elif depth:
            depth -= 1
        elif match[1]:
            found.setdefault(match[1], 1.0 / (1 + len(found)))
    return found


def _around(tree: SyntaxTree, position: Position) -> tuple[Symbol, ...]:
    """The definitions around a place. Where indentation ends a block, one that has just ended may go on here."""
    if not tree.language.indented:
        return definitions_at(tree, position)
    line = tree.document.line(position.line)
    indent = len(line) - len(line.lstrip()) if line.strip() else position.column
    number = position.line
    while number > 0 and (number == position.line or not tree.document.line(number).strip()):
        number -= 1
    above = Position(number, len(tree.document.line(number).rstrip()))
    return tuple(one for one in definitions_at(tree, above) if one.place[1] < indent)


def _counts(document: Document, imports: Sequence[Import], position: Position) -> Counter[bytes]:
    text = document.text
    if len(text) > _COUNTED:
        return Counter()
    start = document.starts[position.line]
    counts = Counter(names_of(text[:start] + text[start + len(document.line(position.line)) :]))
    for one in imports:
        counts.subtract(names_of(document.slice(one.span)))
    return counts


def _aliases(document: Document, imports: Sequence[Import]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in imports:
        text = document.slice(one.span)
        if " as " in text:
            found.update(_ALIAS.findall(text))
    return found


def _sorted(names: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(names.items(), key=lambda entry: -entry[1]))

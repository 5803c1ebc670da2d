"""A type keeps one more value: what has its constructor to take and to assign?

Only where all that the constructor takes is kept in the same way: see `kept`.
"""

from collections.abc import Iterator

from copilot_lsp.agents.next_edits.arguments import Changed, list_edit
from copilot_lsp.agents.next_edits.calls import Definer
from copilot_lsp.agents.next_edits.history import Past
from copilot_lsp.agents.next_edits.kept import Line, keeping, line_of, mentioned, written
from copilot_lsp.agents.next_edits.owners import Definition, Owners
from copilot_lsp.agents.next_edits.scene import Cause, line_end
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.bindings import Names
from copilot_lsp.syntax.signatures import Parameter, Signature, signature_of
from copilot_lsp.syntax.tree import SyntaxTree

_CONFIDENCE = 0.8
_FIELDS = frozenset({"field", "property"})
# What is pasted in one go as more lines than that is no field.
_ROWS = 3


def assigned(definer: Definer, changed: Changed, cause: Cause) -> Iterator[NextEdit]:
    """The line that keeps a parameter which was added."""
    tree, document = definer.owners.tree, definer.owners.tree.document
    if len(changed.added) != 1 or changed.removed:
        return
    name = changed.added[0].name
    names = [one.name for one in changed.after]
    first, last = _body(tree, definer.definition, definer.signature)
    lines = keeping(document, first, last, [one for one in names if one != name])
    if lines and not mentioned(document, first + 1, last, name):
        yield _line(document, lines, names.index(name), name, cause)


def taken(past: Past) -> Iterator[NextEdit]:
    """What a constructor has to take for the lines, or the fields, that the focus of a past added as a whole."""
    document, focus = past.now.document, past.focus
    first, last = document.position(focus.now_start).line, document.position(focus.now_end).line
    if past.before(focus).strip() or last - first >= _ROWS:
        return
    owners = Owners(past.now)
    for number in range(first, last + 1):
        line, start = document.line(number), document.starts[number]
        begin, end = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        if focus.now_start <= begin < end <= focus.now_end:
            yield from _for_line(owners, number)
            yield from _for_field(owners, number)


def _for_line(owners: Owners, number: int) -> Iterator[NextEdit]:
    """The parameter for a line that keeps what nothing gives."""
    tree, document = owners.tree, owners.tree.document
    line = line_of(document, number)
    if line is None:
        return
    start = tree.offsets.byte(Position(number, len(document.line(number)) - len(document.line(number).lstrip())))
    around = [one for one in owners.definitions if one.start <= start < one.end and owners.constructs(one)]
    signature = signature_of(tree, max(around).name_start) if around else None
    if signature is None or any(one.name != one.text for one in signature.parameters):
        return  # of what type it is, nobody has said
    names = [one.name for one in signature.parameters]
    first, last = _body(tree, max(around), signature)
    lines = keeping(document, first, last, names)
    once = mentioned(document, first + 1, last, line.name) == 2
    if lines and line.name not in names and line.shape == lines[0].shape and once and _unbound(tree, number, line.name):
        cause = Cause("signature", f"`{line.name}` is kept, and nothing gives it", line.name)
        yield _parameter(tree, signature, line.name, cause)


def _for_field(owners: Owners, number: int) -> Iterator[NextEdit]:
    """The parameter and the line for a field that was declared beside others which the constructor takes."""
    tree, document = owners.tree, owners.tree.document
    fields = [one for one in owners.definitions if one.kind in _FIELDS]
    field = next((one for one in fields if tree.offsets.position(one.name_start).line == number), None)
    owner = owners.owner_of(field) if field else ""
    built = [one for one in owners.definitions if owner and owners.constructs(one) and owners.owner_of(one) == owner]
    signature = signature_of(tree, built[0].name_start) if len(built) == 1 else None
    if field is None or signature is None or any(one.optional for one in signature.parameters):
        return
    name, names = owners.name_of(field), [one.name for one in signature.parameters]
    first, last = _body(tree, built[0], signature)
    lines = keeping(document, first, last, names)
    declared = {
        owners.name_of(one): document.line(tree.offsets.position(one.name_start).line).strip()
        for one in fields
        if owners.owner_of(one) == owner
    }
    text = _like(declared, signature.parameters, name)
    if lines and text and not mentioned(document, first, last, name):
        cause = Cause("signature", f"`{owner}` has a field `{name}` now", name)
        yield _parameter(tree, signature, text, cause)
        yield _line(document, lines, len(names), name, cause)


def _like(declared: dict[str, str], parameters: tuple[Parameter, ...], name: str) -> str:
    """How a field is written as a parameter, where all others are written alike; else empty."""
    frames: set[tuple[str, str]] = set()
    for one in parameters:
        before, found, after = declared.get(one.name, "").partition(one.text)
        if not found:
            return ""
        frames.add((before, after))
    if len(frames) != 1 or set(declared) != {name, *(one.name for one in parameters)}:
        return ""
    before, after = frames.pop()
    line = declared[name]
    if not (line.startswith(before) and line.endswith(after)) or len(line) <= len(before) + len(after):
        return ""
    return line[len(before) : len(line) - len(after)]


def _body(tree: SyntaxTree, definition: Definition, signature: Signature) -> tuple[int, int]:
    """The lines from the one where the list of parameters ends to the end of a definition."""
    return tree.offsets.position(signature.end).line, tree.offsets.position(definition.end - 1).line


def _unbound(tree: SyntaxTree, number: int, name: str) -> bool:
    """Whether nothing gives a meaning to the last use of a name in a line."""
    column = tree.document.line(number).rindex(name)
    bound = Names(tree, name).bound(tree.offsets.byte(Position(number, column)))
    return bound is not None and bound.home is None and not any(use.binds for use in bound.uses)


def _parameter(tree: SyntaxTree, signature: Signature, text: str, cause: Cause) -> NextEdit:
    """One more parameter, the last."""
    index = tree.offsets.index
    items = [(index(one.start), index(one.end)) for one in signature.parameters]
    new = [*(one.text for one in signature.parameters), text]
    edit = list_edit(tree.document.text, index(signature.start), index(signature.end), items, new)
    assert edit is not None, "a list with one more item is another list"
    return cause.edit(tree.document, *edit, _CONFIDENCE)


def _line(document: Document, lines: list[Line], at: int, name: str, cause: Cause) -> NextEdit:
    """The line that keeps a name, behind the one of the parameter before it, or in front of the first."""
    like = lines[max(0, at - 1)]
    text, end = written(document, like, name), line_end(document)
    if at:
        place = Position(like.number, len(document.line(like.number).rstrip("\r")))
        return cause.at(document, Span(place, place), f"{end}{text}", _CONFIDENCE)
    place = Position(like.number, 0)
    return cause.at(document, Span(place, place), f"{text}{end}", _CONFIDENCE)

"""A definition takes other arguments than before: what must follow?"""

from collections.abc import Iterator

from copilot_lsp.agents.next_edits import elsewhere
from copilot_lsp.agents.next_edits.arguments import Changed, compared, list_edit
from copilot_lsp.agents.next_edits.calls import Calls, Definer
from copilot_lsp.agents.next_edits.described import described, inside, lines
from copilot_lsp.agents.next_edits.fields import assigned
from copilot_lsp.agents.next_edits.history import Past
from copilot_lsp.agents.next_edits.owners import Owners
from copilot_lsp.agents.next_edits.scene import Cause, Scene, line_end
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.syntax.comments import Documentation
from copilot_lsp.syntax.signatures import Parameter, Signature, signature_at, signature_of
from copilot_lsp.syntax.symbols import TYPES
from copilot_lsp.syntax.tree import SyntaxTree

# Which methods override another is told by names alone, and what documentation says is the user's own.
_OVERRIDING, _GONE, _COME = 0.8, 0.65, 0.6


def signatures(scene: Scene, past: Past) -> tuple[NextEdit, ...]:
    """What must follow the list of parameters that the focus of a past changed: calls, overriding methods and the
    documentation's lines about parameters."""
    now = _now(past)
    if now is None or past.tree is None:
        return ()
    then = signature_at(past.tree, past.tree.offsets.byte_at(past.focus.start))
    if then is None or then.name != now.name or _broken(past.now, now):
        return ()
    changed = compared(then.parameters, now.parameters)
    owners = Owners(past.now)
    definition = owners.at(now.place) if changed else None
    if changed is None or definition is None:
        return ()
    owner = owners.owner_of(definition)
    definer = Definer(owners, definition, now, owner, bool(owner) and owners.constructs(definition))
    if _overloaded(definer):
        return ()
    cause = Cause("signature", _reason(changed, now.name), now.name)
    found = [*Calls(scene, past, definer, changed).edits(cause), *_overriding(past.now, definer, changed, cause)]
    found += [*assigned(definer, changed, cause), *_documented(past.now, definer, changed, cause)]
    called = owner if definer.constructs else now.name
    if changed.breaking and owners.at_top(called):
        found += elsewhere.closed(scene, past.now, called, cause)
    return tuple(found)


def _now(past: Past) -> Signature | None:
    """The signature whose list of parameters the focus ends or begins in."""
    offsets = past.now.offsets
    found = signature_at(past.now, offsets.byte_at(past.focus.now_end))
    if found is None or past.focus.now_start < offsets.index(found.start):
        found = signature_at(past.now, offsets.byte_at(past.focus.now_start))
    return found


def _broken(tree: SyntaxTree, signature: Signature) -> bool:
    """Whether the list is half typed."""
    node = tree.root.descendant_for_byte_range(signature.start, max(signature.start, signature.end - 1))
    return node is None or node.has_error


def _overloaded(definer: Definer) -> bool:
    """Whether there are several of the name: nobody knows which of them a call means."""
    owners = definer.owners
    same = [one for one in owners.named(definer.signature.name) if one.kind not in TYPES]
    return sum(owners.owner_of(one) == definer.owner for one in same) > 1


def _reason(changed: Changed, name: str) -> str:
    if changed.added and not changed.removed:
        return f"`{name}` takes {_listed(changed.added)} now"
    if changed.removed and not changed.added:
        return f"`{name}` takes {_listed(changed.removed)} no more"
    return f"`{name}` takes other arguments now"


def _listed(parameters: tuple[Parameter, ...]) -> str:
    return ", ".join(f"`{one.name}`" for one in parameters)


def _overriding(tree: SyntaxTree, definer: Definer, changed: Changed, cause: Cause) -> Iterator[NextEdit]:
    """Methods of the types that extend this one: they take what they override takes."""
    owners = definer.owners
    if not definer.owner or definer.constructs:
        return
    before = [one.name for one in changed.before]
    texts = {one.name: one.text for one in changed.after}
    for one in owners.named(definer.signature.name):
        above = owners.owner_of(one)
        if not above or above == definer.owner or not owners.extends(above, definer.owner):
            continue
        other = signature_of(tree, one.name_start)
        if other is None or [parameter.name for parameter in other.parameters] != before:
            continue
        own = {parameter.name: parameter.text for parameter in other.parameters}
        new = [own.get(changed.origin.get(name, ""), text) for name, text in texts.items()]
        yield from _list(tree, other, new, cause)


def _list(tree: SyntaxTree, other: Signature, new: list[str], cause: Cause) -> Iterator[NextEdit]:
    index, text = tree.offsets.index, tree.document.text
    items = [(index(one.start), index(one.end)) for one in other.parameters]
    start, end = index(other.start), index(other.end)
    if not items and text[start:end].strip():
        # Only the object itself stands in the list.
        start, new = start + len(text[start:end].rstrip()), [", " + ", ".join(new)]
    edit = list_edit(text, start, end, items, new)
    if edit is not None:
        yield cause.edit(tree.document, *edit, _OVERRIDING)


def _documented(tree: SyntaxTree, definer: Definer, changed: Changed, cause: Cause) -> Iterator[NextEdit]:
    """The lines that describe parameters: one goes with a parameter that went, one comes for one that came."""

    def find(name: str) -> tuple[Documentation | None, tuple[int, int] | None]:
        line = tree.offsets.position(definer.definition.start).line
        return described(tree, line, definer.signature.body, name)

    for parameter in changed.removed:
        found, place = find(parameter.name)
        if found is not None and place is not None:
            start, end = lines(found.text, place[0])
            below = found.text.find("\n", end) + 1
            if start > 0 and below > 0:
                yield cause.at(tree.document, inside(tree, found, start, below), "", _GONE)
    names = [one.name for one in changed.after]
    for parameter in changed.added:
        number = names.index(parameter.name)
        found, above = find(names[number - 1]) if number else (None, None)
        if found is not None and above is not None and find(parameter.name)[1] is None:
            _, end = lines(found.text, above[0])
            text = _line(tree, found.text, above[0], parameter.name)
            yield cause.at(tree.document, inside(tree, found, end, end), text, _COME)


def _line(tree: SyntaxTree, text: str, above: int, name: str) -> str:
    """A description in the form of the one above it, whose name is at an index of the documentation."""
    start, _ = lines(text, above)
    template = tree.language.doc.parameter
    lead = template.partition("{name}")[0].strip()
    before = text[start:above]
    begin = before[: before.rfind(lead)] if lead else before
    said = template.format(name=name, type="", text=f"The {name.replace('_', ' ')}.").strip()
    return f"{line_end(tree.document)}{begin}{said}"

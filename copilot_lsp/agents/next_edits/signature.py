"""A definition takes other arguments than before: which calls, overriding methods and descriptions must follow?"""

from collections.abc import Iterator

from copilot_lsp.agents.next_edits import elsewhere
from copilot_lsp.agents.next_edits.arguments import Changed, compared, list_edit, rewritten
from copilot_lsp.agents.next_edits.described import described, inside, lines
from copilot_lsp.agents.next_edits.history import Past
from copilot_lsp.agents.next_edits.owners import Owners
from copilot_lsp.agents.next_edits.scene import Cause, Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.syntax.bindings import Names, bound_at
from copilot_lsp.syntax.signatures import Parameter, Signature, arguments, signature_at, signature_of
from copilot_lsp.syntax.symbols import Symbol, definitions_at
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import Use

# An argument whose name is known at the call, one that nobody could know.
_KNOWN, _PLACEHOLDER, _PLAIN = 0.85, 0.6, 0.9


def signatures(scene: Scene, past: Past) -> tuple[NextEdit, ...]:
    """What must follow the list of parameters that the focus of a past changed."""
    now = signature_at(past.now, past.now.offsets.byte_at(past.focus.now_end))
    if now is None or past.focus.now_start < past.now.offsets.index(now.start):
        now = signature_at(past.now, past.now.offsets.byte_at(past.focus.now_start))
    if now is None or past.tree is None:
        return ()
    then = signature_at(past.tree, past.tree.offsets.byte_at(past.focus.start))
    if then is None or then.name != now.name or _broken(past.now, now):
        return ()
    changed = compared(then.parameters, now.parameters)
    symbol = next(
        (one for one in definitions_at(past.now, past.now.offsets.position(now.place)) if _is(one, past, now)), None
    )
    if changed is None or symbol is None:
        return ()
    return tuple(_Signature(scene, past, symbol, now, changed).edits())


def _is(symbol: Symbol, past: Past, signature: Signature) -> bool:
    return symbol.name_span.start == past.now.offsets.position(signature.place)


def _broken(tree: SyntaxTree, signature: Signature) -> bool:
    """Whether the list is half typed."""
    node = tree.root.descendant_for_byte_range(signature.start, max(signature.start, signature.end - 1))
    return node is None or node.has_error


def _reason(changed: Changed, name: str) -> str:
    if changed.added and not changed.removed:
        return f"`{name}` takes {_listed(changed.added)} now"
    if changed.removed and not changed.added:
        return f"`{name}` takes {_listed(changed.removed)} no more"
    return f"`{name}` takes other arguments now"


def _listed(parameters: tuple[Parameter, ...]) -> str:
    return ", ".join(f"`{one.name}`" for one in parameters)


class _Signature:
    """One definition whose parameters changed."""

    def __init__(self, scene: Scene, past: Past, symbol: Symbol, now: Signature, changed: Changed) -> None:
        self.scene, self.past, self.symbol, self.now, self.changed = scene, past, symbol, now, changed
        self.tree = past.now
        self.cause = Cause("signature", _reason(changed, symbol.name), symbol.name)
        self.owners = Owners(self.tree)

    def edits(self) -> Iterator[NextEdit]:
        if self._overloaded():
            return
        calls = list(self._calls())
        values = self._values(calls)
        for tree, use, sure in calls:
            yield from self._call(tree, use, sure, values)
        yield from self._overriding()
        yield from self._documentation()

    def _overloaded(self) -> bool:
        same = [
            one for one in self.owners.symbols if (one.name, one.container) == (self.symbol.name, self.symbol.container)
        ]
        return len(same) > 1

    def _owner(self) -> str:
        """The type that the definition is a member of, empty for a function."""
        inside_type = self.symbol.kind in ("method", "constructor") and self.symbol.container
        return self.symbol.container.rpartition(".")[2] if inside_type else ""

    def _calls(self) -> Iterator[tuple[SyntaxTree, Use, float]]:
        """The calls of the definition in all open documents, and how sure it is that they are."""
        owner = self._owner()
        for tree in self.scene.trees.values():
            if tree is not self.tree and tree.language.extends != self.tree.language.extends:
                continue
            for use, sure in self._mine(tree, owner):
                if use.arguments is not None and not use.arguments.has_error:
                    yield tree, use, sure

    def _mine(self, tree: SyntaxTree, owner: str) -> Iterator[tuple[Use, float]]:
        if self.symbol.kind == "constructor":
            yield from ((use, _PLAIN) for use in self._named(tree, owner))
            return
        if not owner or tree is self.tree:
            yield from ((use, _PLAIN) for use in self._named(tree, self.symbol.name))
        if owner and owner in tree.document.text:
            owners = self.owners if tree is self.tree else Owners(tree)
            for use in Names(tree, self.symbol.name).uses:
                sure = owners.belongs(use, owner) if use.role == "member" else 0.0
                if sure:
                    yield use, sure

    def _named(self, tree: SyntaxTree, name: str) -> Iterator[Use]:
        """The uses of a name that is bound where the definition is, or imported from there."""
        if tree is not self.tree:
            yield from elsewhere.uses_of(tree, self.tree, name)
            return
        start = self.now.place
        if name != self.symbol.name:
            owner = next((one.symbol for one in self.owners.types if one.symbol.name == name), None)
            if owner is None:
                return
            start = tree.offsets.byte(owner.name_span.start)
        bound = bound_at(tree, start, start + len(name.encode()))
        yield from bound.uses if bound is not None and bound.home is not None else ()

    def _call(self, tree: SyntaxTree, use: Use, sure: float, values: dict[str, str]) -> Iterator[NextEdit]:
        assert use.arguments is not None
        if tree is self.tree and self._touched(use):
            return
        known = {one.name: self._value(tree, use, one, values) for one in self.changed.added}
        given = arguments(tree, use.arguments)
        written = rewritten(
            self.changed, given, {name: value for name, (value, _) in known.items()}, tree.language.argument
        )
        if written is None:
            return
        index = tree.offsets.index
        edit = list_edit(
            tree.document.text,
            index(use.arguments.start_byte + 1),
            index(use.arguments.end_byte - 1),
            [(index(one.start), index(one.end)) for one in given],
            [one.text for one in written],
        )
        if edit is not None:
            needed = [known[one.name][1] for one in self.changed.added if not one.optional]
            yield self.cause.edit(tree.document, *edit, min([sure, *needed]))

    def _value(self, tree: SyntaxTree, use: Use, parameter: Parameter, values: dict[str, str]) -> tuple[str, float]:
        """What is given to an added parameter: a variable of its name, what other calls got already, else its name."""
        if Names(tree, parameter.name).binds(use.scopes):
            return parameter.name, _KNOWN
        if parameter.name in values:
            return values[parameter.name], _KNOWN
        return parameter.name, _PLACEHOLDER

    def _values(self, calls: list[tuple[SyntaxTree, Use, float]]) -> dict[str, str]:
        """What the user gave to the added parameters where a call has been changed already."""
        found: dict[str, str] = {}
        names = [one.name for one in self.changed.after]
        for tree, use, _ in calls:
            if tree is not self.tree or not self._touched(use) or use.arguments is None:
                continue
            for index, one in enumerate(arguments(tree, use.arguments)):
                name = one.label or (names[index] if index < len(names) else "")
                value = one.text.removeprefix(one.label).lstrip(" =:") if one.label else one.text
                # A literal means the same everywhere, a name may not.
                if value[:1].isdigit() or value[:1] in "\"'-" or value in tree.language.keywords:
                    found.setdefault(name, value)
        return found

    def _touched(self, use: Use) -> bool:
        assert use.arguments is not None
        index = self.tree.offsets.index
        start, end = index(use.arguments.start_byte), index(use.arguments.end_byte)
        return any(one.now_start < end and one.now_end > start for one in self.past.hunks)

    def _overriding(self) -> Iterator[NextEdit]:
        """Methods of the types that extend this one: they take what they override takes."""
        owner = self._owner()
        if not owner or self.symbol.kind == "constructor":
            return
        before = [one.name for one in self.changed.before]
        texts = {one.name: one.text for one in self.changed.after}
        for symbol in self.owners.symbols:
            above = symbol.container.rpartition(".")[2]
            if symbol.name != self.symbol.name or above == owner or not self.owners.extends(above, owner):
                continue
            place = self.tree.offsets.byte(symbol.name_span.start)
            other = signature_of(self.tree, place)
            if other is None or [one.name for one in other.parameters] != before:
                continue
            own = {one.name: one.text for one in other.parameters}
            new = [own.get(self.changed.origin.get(name, ""), texts[name]) for name in texts]
            yield from self._list(other, new)

    def _list(self, other: Signature, new: list[str]) -> Iterator[NextEdit]:
        index, text = self.tree.offsets.index, self.tree.document.text
        items = [(index(one.start), index(one.end)) for one in other.parameters]
        start, end = index(other.start), index(other.end)
        if not items and text[start:end].strip():
            # Only the object itself stands in the list.
            start, new = start + len(text[start:end].rstrip()), [", " + ", ".join(new)]
        edit = list_edit(text, start, end, items, new)
        if edit is not None:
            yield self.cause.edit(self.tree.document, *edit, 0.8)

    def _documentation(self) -> Iterator[NextEdit]:
        """The lines that describe parameters: one goes with a parameter that went, one comes for one that came."""
        for parameter in self.changed.removed:
            found, place = described(self.tree, self.symbol, parameter.name)
            if found is None or place is None:
                continue
            start, end = lines(found.text, place[0])
            if start > 0 and end < len(found.text):
                yield self.cause.at(self.tree.document, inside(self.tree, found, start, end + 1), "", 0.65)
        names = [one.name for one in self.changed.after]
        for parameter in self.changed.added:
            place = names.index(parameter.name)
            found, above = described(self.tree, self.symbol, names[place - 1] if place else "")
            if found is None or above is None or described(self.tree, self.symbol, parameter.name)[1] is not None:
                continue
            start, end = lines(found.text, above[0])
            line = found.text[start:end]
            lead = self.tree.language.doc.parameter.partition("{name}")[0].strip()
            before = line[: above[0] - start]
            begin = before[: before.rfind(lead)] if lead else before
            style = self.tree.language.doc.parameter.format(name=parameter.name, type="", text=_said(parameter.name))
            at_end = inside(self.tree, found, end, end)
            yield self.cause.at(self.tree.document, at_end, f"\n{begin}{style.strip()}", 0.6)


def _said(name: str) -> str:
    return f"The {name.replace('_', ' ')}."

"""Which calls must be written otherwise when what a definition takes has changed, and how?"""

from collections.abc import Iterator
from typing import NamedTuple

from copilot_lsp.agents.next_edits import elsewhere
from copilot_lsp.agents.next_edits.arguments import Changed, list_edit, rewritten
from copilot_lsp.agents.next_edits.history import Past
from copilot_lsp.agents.next_edits.owners import Definition, Owners
from copilot_lsp.agents.next_edits.scene import Cause, Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.syntax.bindings import Names, bound_at
from copilot_lsp.syntax.offsets import encode
from copilot_lsp.syntax.signatures import Parameter, Signature, arguments
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import Use

# A call whose function is certain; an argument whose name is known at the call; one that nobody could know.
_CERTAIN, _KNOWN, _PLACEHOLDER = 0.9, 0.85, 0.6
# So many calls of one document are looked at: each takes 0.1 to 0.3 ms.
_MOST = 40


class Definer(NamedTuple):
    """The definition whose parameters changed: `owner` is the type that it is a member of, empty for a function."""

    owners: Owners
    definition: Definition
    signature: Signature
    owner: str
    constructs: bool


class Calls:
    """The calls of one definition in all open documents."""

    def __init__(self, scene: Scene, past: Past, definer: Definer, changed: Changed) -> None:
        self._scene, self._past, self._definer, self._changed = scene, past, definer, changed
        self._tree = past.now
        self._names: dict[tuple[str, str], Names] = {}

    def edits(self, cause: Cause) -> Iterator[NextEdit]:
        calls = list(self._calls())
        values = self._values(calls)
        for tree, use, sure in calls:
            yield from self._call(cause, tree, use, sure, values)

    def _calls(self) -> Iterator[tuple[SyntaxTree, Use, float]]:
        """The calls, and how sure it is that they are some: the nearest behind the cursor first, not too many."""
        for tree in self._scene.trees.values():
            if tree is not self._tree and tree.language.extends != self._tree.language.extends:
                continue
            here = tree.document is self._scene.document
            cursor = tree.offsets.byte(self._scene.cursor) if here else 0
            uses = sorted(self._uses(tree), key=lambda use: (use.start < cursor, use.start))
            owners = self._definer.owners if tree is self._tree else Owners(tree)
            for use in [use for use in uses if use.arguments is not None][:_MOST]:
                member = use.role == "member" and not self._definer.constructs
                sure = owners.belongs(use, self._definer.owner) if member else _CERTAIN
                if sure and use.arguments is not None and not use.arguments.has_error:
                    yield tree, use, sure

    def _uses(self, tree: SyntaxTree) -> Iterator[Use]:
        """Where the definition may be meant: members of its name, and the names that scopes or imports tell."""
        definer = self._definer
        name = definer.owner if definer.constructs else definer.signature.name
        if tree is not self._tree:
            if not definer.owner or definer.constructs:
                yield from elsewhere.uses_of(tree, self._tree, name)
        else:
            yield from self._bound(tree, name)
        if definer.owner and not definer.constructs and definer.owner in tree.document.text:
            yield from (use for use in Names(tree, name).uses if use.role == "member")

    def _bound(self, tree: SyntaxTree, name: str) -> Iterator[Use]:
        start = self._definer.definition.name_start
        if self._definer.constructs:
            owner = next((one for one in self._definer.owners.types if self._definer.owners.name_of(one) == name), None)
            if owner is None:
                return
            start = owner.name_start
        bound = bound_at(tree, start, start + len(encode(name)))
        yield from bound.uses if bound is not None and bound.home is not None else ()

    def _call(
        self, cause: Cause, tree: SyntaxTree, use: Use, sure: float, values: dict[str, str]
    ) -> Iterator[NextEdit]:
        assert use.arguments is not None
        if tree is self._tree and self._touched(use):
            return
        known = {one.name: self._value(tree, use, one, values) for one in self._changed.added}
        given = arguments(tree, use.arguments)
        texts = {name: value for name, (value, _) in known.items()}
        written = rewritten(self._changed, given, texts, tree.language.argument)
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
            needed = [known[one.name][1] for one in self._changed.added if not one.optional]
            yield cause.edit(tree.document, *edit, min([sure, *needed]))

    def _value(self, tree: SyntaxTree, use: Use, parameter: Parameter, values: dict[str, str]) -> tuple[str, float]:
        """What is given to an added parameter: a variable of its name, what other calls got already, else its name."""
        key = (tree.document.uri, parameter.name)
        if key not in self._names:
            self._names[key] = Names(tree, parameter.name)
        if self._names[key].binds(use.scopes):
            return parameter.name, _KNOWN
        if parameter.name in values:
            return values[parameter.name], _KNOWN
        return parameter.name, _PLACEHOLDER

    def _values(self, calls: list[tuple[SyntaxTree, Use, float]]) -> dict[str, str]:
        """What the user gave to the added parameters where a call has been changed already."""
        found: dict[str, str] = {}
        names = [one.name for one in self._changed.after]
        for tree, use, _ in calls:
            if tree is not self._tree or not self._touched(use) or use.arguments is None:
                continue
            for index, one in enumerate(arguments(tree, use.arguments)):
                name = one.label or (names[index] if index < len(names) else "")
                value = one.text.removeprefix(one.label).lstrip(" =:") if one.label else one.text
                # A literal means the same everywhere, a name may not.
                if value[:1].isdigit() or value[:1] in ('"', "'", "-") or value in tree.language.keywords:
                    found.setdefault(name, value)
        return found

    def _touched(self, use: Use) -> bool:
        """Whether the user has edited a call's arguments since: then they are as they should be."""
        assert use.arguments is not None
        index = self._tree.offsets.index
        start, end = index(use.arguments.start_byte), index(use.arguments.end_byte)
        return any(one.now_start < end and one.now_end > start for one in self._past.hunks)

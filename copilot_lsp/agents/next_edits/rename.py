"""A name was replaced by another: which other places mean the same thing and still have the old one?"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from copilot_lsp.agents.next_edits import elsewhere
from copilot_lsp.agents.next_edits.described import described
from copilot_lsp.agents.next_edits.history import Hunk, Past
from copilot_lsp.agents.next_edits.owners import Owners
from copilot_lsp.agents.next_edits.scene import Cause, Scene
from copilot_lsp.agents.next_edits.tokens import replaced_names
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.bindings import Bound, Names, bound_at
from copilot_lsp.syntax.signatures import signature_at
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import Use, use_at

# What has several declarations of one name because each is a thing of its own, and not because it is assigned anew.
_DECLARED_ONCE = frozenset({"function", "method", "constructor", "class", "interface", "struct", "enum", "type"})
_ALIKE = 0.5


def renames(scene: Scene, past: Past) -> tuple[NextEdit, ...]:
    """The places that must follow the names which the focus of a past replaced; none in a language of which nobody
    has said what its members are."""
    if queries.query(past.now.language, "uses") is None:
        return ()
    found: list[NextEdit] = []
    for hunk in replaced_names(past):
        old, new = past.before(hunk), past.after(hunk)
        if new in past.now.language.keywords or old in past.now.language.keywords or _deleting(scene, past, hunk):
            continue
        if past.tree is not None:
            found += _Rename(scene, past, past.tree, hunk, old, new).edits()
    return tuple(found)


def _deleting(scene: Scene, past: Past, hunk: Hunk) -> bool:
    """Whether the cursor stands behind what is left of the old name: more of it is about to go."""
    document = past.now.document
    here = document.uri == scene.document.uri and document.offset(scene.cursor) == hunk.now_end
    return here and past.before(hunk).startswith(past.after(hunk))


class _Rename:
    """One name of the old text, at `hunk`, that is another one now."""

    def __init__(self, scene: Scene, past: Past, tree: SyntaxTree, hunk: Hunk, old: str, new: str) -> None:
        self.scene, self.past, self.tree, self.hunk, self.old, self.new = scene, past, tree, hunk, old, new
        self.cause = Cause("rename", f"`{old}` was renamed to `{new}`", old)
        self.owners = Owners(tree)

    def edits(self) -> Iterator[NextEdit]:
        start = self.tree.offsets.byte_at(self.hunk.start)
        use = use_at(self.tree, start, self.tree.offsets.byte_at(self.hunk.end))
        if use is None:
            return
        if use.role in ("label", "outward") or not (use.binds or use.role == "member" or self._alike()):
            return
        member = self._member(use) if use.binds or use.role == "member" else None
        if use.role == "member" or (member and not use.binds):
            if member:
                yield from self._members(*member, use)
            return
        bound = bound_at(self.tree, use.start, use.end)
        if bound is None or bound.home is None or bound.name != self.old:
            return
        sure = self._sure(use, bound)
        if not sure or self._taken(bound, use):
            return
        yield from self._scoped(bound, use, sure)
        if member:
            yield from self._members(*member, use)
        elif use.binds and not self._local(bound):
            yield from elsewhere.renamed(self.scene, self.past.now, self.old, self.new, self.cause)
        if "parameter" in bound.kinds:
            yield from self._parameter(bound)

    def _sure(self, use: Use, bound: Bound) -> float:
        """How sure it is that all of these uses follow the one that was changed; 0: they do not."""
        others = [one for one in bound.uses if one.start != use.start and self._still(one)]
        declared = [one for one in others if one.binds]
        if not use.binds:
            return self._from_a_use(bound)
        if use.binds in _DECLARED_ONCE:
            return 0.0 if any(one.binds in _DECLARED_ONCE for one in declared) else 0.97
        first = min(one.start for one in bound.uses if one.binds)
        if use.start != first:
            return 0.0
        # What is assigned again under the old name may be meant to stay: mostly it was only not reached yet.
        return 0.8 if any(one.home == use.home for one in declared) else 0.97

    def _from_a_use(self, bound: Bound) -> float:
        """A use was renamed before its declaration: only where the new name can be nothing else."""
        now = Names(self.past.now, self.new)
        changed = [use for use in now.uses if not self._was(use)]
        if not self._alike() or len(changed) != len(now.uses) or any(use.binds for use in now.uses):
            return 0.0
        if bound.kinds & {"import", "module"} or not any(self._still(use) for use in bound.uses if use.binds):
            return 0.0
        return 0.6 if len(changed) == 1 else 0.9

    def _alike(self) -> bool:
        """Whether the new name is likely to be another one for the same thing."""
        return SequenceMatcher(None, self.old.lower(), self.new.lower()).ratio() >= _ALIKE

    def _was(self, use: Use) -> bool:
        """Whether a place of the present tree has not been touched."""
        offset = self.past.now.offsets.index(use.start)
        return not any(one.now_start <= offset <= one.now_end for one in self.past.hunks)

    def _taken(self, bound: Bound, use: Use) -> bool:
        """Whether the new name means something else already where the old one is declared or used."""
        home = bound.home
        assert home is not None
        before = Names(self.tree, self.new, home.start, home.end)
        scopes = {scope for one in bound.uses for scope in one.scopes if home.start <= scope.start < home.end}
        return any(before.binds((scope,)) for scope in scopes)

    def _local(self, bound: Bound) -> bool:
        """Whether nothing outside the document can see the name."""
        assert bound.home is not None
        return not (bound.home.start <= self.tree.root.start_byte and bound.home.end >= self.tree.root.end_byte)

    def _scoped(self, bound: Bound, use: Use, sure: float) -> Iterator[NextEdit]:
        for one in bound.uses:
            if one.start != use.start:
                text = f"{self.old}: {self.new}" if one.role == "shorthand" else self.new
                yield from self._edit(one, text, sure)

    def _member(self, use: Use) -> tuple[str, bool] | None:
        """The type that the name is a member of, and whether it is declared at this place."""
        declared = self.owners.declared(use.start)
        if declared is not None:
            return declared[0], True
        if use.role == "member" and use.owner == "self":
            owner, assigned = self.owners.around(use.start), self._assigned(use)
            return (owner, assigned) if owner and (assigned or self._alike()) else None
        return None

    def _assigned(self, use: Use) -> bool:
        """Whether a member of the object itself gets its value here."""
        rest = self.tree.offsets.source[use.end : use.end + 40].lstrip()
        return rest[:1] in (b"=", b":") and rest[:2] != b"=="

    def _members(self, owner: str, declares: bool, use: Use) -> Iterator[NextEdit]:
        names = Names(self.tree, self.old)
        others = [one for one in names.uses if one.start != use.start and one.role in ("member", "label")]
        declarations = {one: self.owners.owner_of(one) for one in self.owners.named(self.old)}
        mine = [one for one, above in declarations.items() if above == owner]
        if declares and len(mine) > 1:
            return  # overloads and the two halves of a property: each is a thing of its own
        if not declares and not self._undeclared():
            return
        elsewhere_declared = {above for above in declarations.values() if above and above != owner}
        if any(self.owners.extends(owner, above) for above in elsewhere_declared):
            return  # the type above declares it, too: what overrides it keeps its name
        for one in others:
            sure = self.owners.belongs(one, owner)
            if sure:
                yield from self._edit(one, self.new, sure)
        for one, above in declarations.items():
            overrides = above and above != owner and self.owners.extends(above, owner)
            if overrides and (overriding := use_at(self.tree, one.name_start, one.name_end)):
                yield from self._edit(overriding, self.new, 0.85)
        if declares:
            yield from elsewhere.member_renamed(self.scene, self.past.now, owner, self.old, self.new, self.cause)

    def _undeclared(self) -> bool:
        """Whether a use in the object itself may be renamed before the declaration: nothing else has the new name."""
        return not any(self._was(one) for one in Names(self.past.now, self.new).uses)

    def _parameter(self, bound: Bound) -> Iterator[NextEdit]:
        """Where calls name the parameter, and where the documentation describes it."""
        declared = min(one.start for one in bound.uses if one.binds == "parameter")
        signature = signature_at(self.tree, declared)
        definition = self.owners.at(signature.place) if signature else None
        if signature is None or definition is None:
            return
        owner = self.owners.owner_of(definition) if self.owners.constructs(definition) else ""
        for one in Names(self.tree, self.old).uses:
            if one.role == "label" and one.of == (owner or signature.name):
                yield from self._edit(one, self.new, 0.9)
        line = self.tree.offsets.position(definition.start).line
        found, place = described(self.tree, line, signature.body, self.old)
        if found is not None and place is not None:
            start = self.tree.document.offset(found.span.start)
            yield from self._at(start + place[0], start + place[1], self.new, 0.7)

    def _still(self, use: Use) -> bool:
        """Whether a place of the old text has the old name to this day."""
        offsets = self.tree.offsets
        return self.past.place(offsets.index(use.start), offsets.index(use.end)) is not None

    def _edit(self, use: Use, text: str, sure: float) -> Iterator[NextEdit]:
        offsets = self.tree.offsets
        yield from self._at(offsets.index(use.start), offsets.index(use.end), text, sure)

    def _at(self, start: int, end: int, text: str, sure: float) -> Iterator[NextEdit]:
        """The edit of a stretch of the old text, unless it was changed since."""
        begin = self.past.place(start, end)
        if begin is not None:
            yield self.cause.edit(self.past.now.document, begin, begin + end - start, text, sure)

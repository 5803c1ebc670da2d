"""What do the names at one place of a document mean, as far as its imports tell?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copilot_lsp.index.defined import Defined, Row
from copilot_lsp.index.sight import Sight
from copilot_lsp.index.trail import Trail
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.symbols import TYPES

_NAME = re.compile(r"[^\W\d]\w+")
_WORDS = re.compile(r"\W+")
# A signature may name hundreds of types; the first ones are what it is about.
_NAMED = 12


@dataclass(slots=True)
class Scene:
    """A place in the document `path`: what is in sight there, and what its imports mean in the workspace.

    `bound` has imported names with their definitions, `modules` imported modules with their files, `wild` the files
    whose names may all be visible, `reach` every file that is imported. `changed` are files that were worked on lately.
    """

    defined: Defined
    trail: Trail
    path: str
    language: str
    sight: Sight
    changed: Sequence[str] = ()
    bound: dict[str, Row] = field(default_factory=dict[str, Row])
    modules: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    wild: list[str] = field(default_factory=list[str])
    reach: dict[str, None] = field(default_factory=dict[str, None])

    def resolve(self, name: str) -> Row | None:
        """What a name without a dot means in the document."""
        found = self.bound.get(name) or self.defined.tops(name).get(self.path)
        return found or (self.trail.definition(self.wild, name) if self.wild else None)

    def is_bound(self, name: str) -> bool:
        return name in self.bound or name in self.modules

    def types_in(self, text: str, path: str) -> Iterator[Row]:
        """The types that a part of a signature in the file at `path` names."""
        for name in dict.fromkeys(_NAME.findall(text)[:_NAMED]):
            found = self.resolve(name) if path == self.path else self.trail.definition((path,), name)
            if found is not None and found.kind in TYPES:
                yield found


def scene(defined: Defined, trail: Trail, path: str, language: str, sight: Sight, changed: Sequence[str] = ()) -> Scene:
    """The scene of a place: its imports are followed to where the names are defined."""
    made = Scene(defined, trail, path, language, sight, changed)
    for one in sight.imports:
        files = [file for file in made.trail.files(path, language, one.module) if file != path]
        made.reach.update(dict.fromkeys(files))
        for name in one.names:
            _bind(made, one, files, name)
        if files and not one.names:
            last = _WORDS.split(one.module.rstrip("/"))[-1]
            made.modules[sight.aliases.get(last, last)] = tuple(files)
            made.wild += files
    return made


def _bind(made: Scene, one: Import, files: Sequence[str], name: str) -> None:
    """Note what an imported name is: a definition, or a module below the one that it is imported from."""
    local = made.sight.aliases.get(name, name)
    row = made.trail.definition(files, name) if files else None
    if row is not None:
        if row.path != made.path:
            made.bound[local] = row
    elif below := made.trail.files(made.path, made.language, one.module, name):
        made.modules[local] = below
        made.reach.update(dict.fromkeys(below))

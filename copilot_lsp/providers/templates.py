"""How a model that has no native call for it is asked to fill in the middle."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import ProviderRejected
from copilot_lsp.core.fill import Chunk
from copilot_lsp.providers.pack import Packed
from copilot_lsp.providers.provider import Model

# Most families write their control tokens so; chat templates have many more of them than we list.
_USUAL = r"<\|[^|<>\s]{1,40}\|>|<｜[^｜<>\s]{1,40}｜>"
_SLOT = re.compile(r"\{(files|prefix|suffix|path|text)\}")


@dataclass(frozen=True, slots=True)
class Family:
    """One row of templates.toml."""

    name: str
    models: re.Pattern[str]
    prompt: str
    tokens: tuple[str, ...]
    file: str = ""
    current: str = ""

    @property
    def suffix_first(self) -> bool:
        """Whether the prompt has the text behind the cursor before the text in front of it."""
        return self.prompt.index("{suffix}") < self.prompt.index("{prefix}")

    @property
    def used(self) -> tuple[str, ...]:
        """The control tokens that a prompt of this family holds."""
        template = self.file + self.current + self.prompt
        return tuple(token for token in self.tokens if token in template)


@cache
def families() -> dict[str, Family]:
    """All families by name, in the order in which their patterns are tried."""
    return {
        name: Family(
            name,
            re.compile("|".join(row["models"])),
            row["prompt"],
            tuple(row["tokens"]),
            row.get("file", ""),
            row.get("current", ""),
        )
        for name, row in _table()["families"].items()
    }


def family_of(model: str) -> str:
    """The family of a model, by its name; empty when it is not known to fill in the middle."""
    name = _bare(model)
    return next((family.name for family in families().values() if family.models.search(name)), "")


@cache
def control_tokens() -> re.Pattern[str]:
    """What control tokens of any family look like, in prompts for filling in and in chats."""
    listed = {token for family in families().values() for token in family.tokens} | set(_table()["chat"]["tokens"])
    return re.compile("|".join([*map(re.escape, sorted(listed, key=len, reverse=True)), _USUAL]))


def is_embedding(model: str) -> bool:
    """Whether a model is made for vectors only, by its name."""
    return re.search("|".join(_table()["embedding"]["models"]), _bare(model)) is not None


def family_for(model: Model) -> Family:
    """The family of a model that is about to be given a prompt. Raises ProviderRejected when it is not known."""
    family = families().get(model.family)
    if family is None:
        setting = f"providers.endpoints.{model.endpoint}.template"
        raise ProviderRejected(f"how {model.name} fills in the middle is not known; set {setting}")
    return family


def prompt_of(family: Family, document: Document, packed: Packed) -> str:
    """The whole prompt of a request, harmless and with its chunks where the family wants them."""
    prefix, suffix = harmless(packed.prefix, family), harmless(packed.suffix, family)
    chunks = harmless_chunks(packed.chunks, family)
    if not family.file:
        prefix = commented(chunks, document.language) + prefix
    return render(family, harmless(name_of(document.uri), family), prefix, suffix, chunks)


def render(family: Family, path: str, prefix: str, suffix: str, chunks: Sequence[Chunk]) -> str:
    """The template filled in. The texts must have been through `harmless`."""
    pieces = ""
    if chunks and family.file:
        pieces = "".join(_filled(family.file, path=one.path, text=one.text) for one in chunks)
        pieces += _filled(family.current, path=path)
    return _filled(family.prompt, files=pieces, prefix=prefix, suffix=suffix)


def commented(chunks: Sequence[Chunk], language: str) -> str:
    """Retrieved pieces as comments, for a prompt that has no other place for them."""
    comments = _table()["comments"]
    mark = comments.get(language, comments[""])
    lines: list[str] = []
    for chunk in chunks:
        lines.append(f"{mark} From {chunk.path}:")
        lines.extend(f"{mark} {line}".rstrip() for line in chunk.text.splitlines())
    return "".join(f"{line}\n" for line in lines)


def harmless(text: str, family: Family | None = None) -> str:
    """The text, with the control tokens that happen to occur in it broken up by a space.

    Servers look for control tokens in prompts; one in the user's text would end his prefix there.
    """
    listed = "|".join(re.escape(token) for token in family.tokens) if family else ""
    return re.sub(f"{listed}|{_USUAL}" if listed else _USUAL, lambda found: f"{found[0][0]} {found[0][1:]}", text)


def harmless_chunks(chunks: Sequence[Chunk], family: Family | None) -> list[Chunk]:
    """The chunks with harmless texts and names."""
    return [replace(one, text=harmless(one.text, family), path=harmless(one.path, family)) for one in chunks]


def name_of(uri: str) -> str:
    """A file's name, from its URI."""
    return unquote(uri.rsplit("/", 1)[-1])


def _filled(template: str, **texts: str) -> str:
    """Fill in the slots in one pass: a slot's name in the user's text stays as it is."""
    return _SLOT.sub(lambda slot: texts.get(slot[1], ""), template)


def _bare(model: str) -> str:
    return model.lower().replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".gguf")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("copilot_lsp.providers").joinpath("templates.toml").read_text(encoding="utf-8"))

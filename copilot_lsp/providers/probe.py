"""Which family is a model of whose name tells nothing, by what its server knows of it?"""

from collections.abc import Iterable
from typing import Any, Literal, cast

from copilot_lsp.providers.http import Http
from copilot_lsp.providers.shapes import nested, text_of
from copilot_lsp.providers.templates import families, family_of


async def family_by_tokens(http: Http, kind: Literal["llama.cpp", "vllm"], model: str) -> str:
    """The family of which the model knows most control tokens, all that its prompts need; empty when there is none."""
    found = [family for family in families().values() if await knows(http, kind, model, family.used)]
    return max(found, key=lambda family: len(family.used)).name if found else ""


def family_by_file(about: object) -> str:
    """The family by what Ollama says of a model's file, which names what it was made from."""
    facts = nested(about, "model_info")
    called = (text_of(facts, "general.basename"), text_of(facts, "general.name"), text_of(about, "details", "family"))
    return next((family for name in called if (family := family_of(name.replace(" ", "-")))), "")


async def knows(http: Http, kind: Literal["llama.cpp", "vllm"], model: str, tokens: Iterable[str]) -> bool:
    """Whether each of these texts is one token of the model."""
    texts = list(tokens)
    body: dict[str, Any] = {"content": "".join(texts), "add_special": False, "parse_special": True}
    if kind == "vllm":
        body = {"prompt": "".join(texts), "add_special_tokens": False}
    answer = await http.ask("POST", "/tokenize", {"model": model, **body})
    if answer.status != 200:
        return False
    given = nested(answer.value, "tokens")
    return isinstance(given, list) and len(cast("list[Any]", given)) == len(texts)

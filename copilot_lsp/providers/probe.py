"""Which family's control tokens does a model have, by its server's tokenizer?"""

from collections.abc import Iterable
from typing import Any, Literal, cast

from copilot_lsp.providers.http import Http
from copilot_lsp.providers.shapes import nested
from copilot_lsp.providers.templates import families


async def family_by_tokens(http: Http, kind: Literal["llama.cpp", "vllm"], model: str) -> str:
    """The family of which the model knows most control tokens, all that its prompts need; empty when there is none."""
    found = [family for family in families().values() if await knows(http, kind, model, family.used)]
    return max(found, key=lambda family: len(family.used)).name if found else ""


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

"""Which server answers behind an OpenAI-compatible API, and what each of its models can do."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from copilot_lsp.core.errors import ProviderMisconfigured
from copilot_lsp.providers.http import Http
from copilot_lsp.providers.probe import family_by_tokens, knows
from copilot_lsp.providers.provider import Capability, Model
from copilot_lsp.providers.settings import EndpointSettings
from copilot_lsp.providers.shapes import listed, names_of, nested, number, text_of
from copilot_lsp.providers.templates import families, family_of, is_embedding

Kind = Literal["llama.cpp", "vllm", "localai", "other"]
USUAL_CONTEXT = 4096  # where a server does not say


async def identify(http: Http, settings: EndpointSettings) -> tuple[Kind, tuple[Model, ...]]:
    """Ask a server what it is and has."""
    rows = [row for row in listed(await http.json("GET", "/v1/models"), "data") if text_of(row, "id")]
    kind = await _kind(http, rows)
    if kind == "llama.cpp":
        return kind, await _of_llama_cpp(http, rows, settings)
    models: list[Model] = []
    for row in rows:
        called = (text_of(row, "id"), text_of(row, "root"))
        family = settings.template or _named(called)
        if kind == "vllm" and not family:
            family = await _family(http, kind, called[0], called)
        models.append(_of_other(http, row, settings, family))
    return kind, tuple(models)


async def _kind(http: Http, rows: list[Mapping[str, Any]]) -> Kind:
    owner = text_of(rows[0], "owned_by") if rows else ""
    if owner == "llamacpp":
        return "llama.cpp"
    if owner == "vllm":
        return "vllm"
    if owner == "library":
        # Its /v1/completions wraps prompts into the model's template, which spoils a fill-in-the-middle prompt.
        backend = f"providers.endpoints.{http.server.name}.backend"
        raise ProviderMisconfigured(f"{http.server.where} is Ollama; set {backend} to ollama")
    localai = await http.ask("GET", "/.well-known/localai.json")
    return "localai" if localai.status == 200 else "other"


async def _of_llama_cpp(http: Http, rows: list[Mapping[str, Any]], settings: EndpointSettings) -> tuple[Model, ...]:
    """llama.cpp says by refusing what a model cannot do."""
    about = (await http.ask("GET", "/props")).value
    context = number(about, "default_generation_settings", "n_ctx")
    models: list[Model] = []
    for row in rows:
        name = text_of(row, "id")
        # A server of one model may call it what it likes; its file tells more.
        called = (name, *sorted(names_of(row, "aliases")), text_of(about, "model_path") if len(rows) == 1 else "")
        family = settings.template or await _family(http, "llama.cpp", name, called)
        fill = {"model": name, "input_prefix": "", "input_suffix": "", "n_predict": 1}
        can_fill = bool(family) or (await http.ask("POST", "/infill", fill)).status == 200
        vector = {"model": name, "input": " "}
        can_embed = is_embedding(name) or name == settings.embed_model
        can_embed = can_embed and (await http.ask("POST", "/v1/embeddings", vector)).status == 200
        models.append(
            Model(
                name,
                _abilities(fim=can_fill, embed=can_embed, chat=not is_embedding(name)),
                settings.context or int(context or number(row, "meta", "n_ctx")) or USUAL_CONTEXT,
                family=family,
                endpoint=http.server.name,
                size=int(number(row, "meta", "size")),
            )
        )
    return tuple(models)


async def _family(http: Http, kind: Literal["llama.cpp", "vllm"], model: str, called: Iterable[str]) -> str:
    """The family by one of the model's names, if its tokenizer agrees, else by its tokenizer alone."""
    if is_embedding(model):
        return ""
    named = _named(called)
    if named and await knows(http, kind, model, families()[named].used):
        return named
    return await family_by_tokens(http, kind, model)


def _named(called: Iterable[str]) -> str:
    """The family that the first telling one of several names tells."""
    return next((family for name in called if (family := family_of(name))), "")


def _of_other(http: Http, row: Mapping[str, Any], settings: EndpointSettings, family: str) -> Model:
    name = text_of(row, "id")
    embeds = is_embedding(name) or name == settings.embed_model
    return Model(
        name,
        _abilities(fim=family in families() and not embeds, embed=embeds, chat=not embeds),
        settings.context or int(number(row, "max_model_len")) or USUAL_CONTEXT,
        family=family,
        endpoint=http.server.name,
        size=int(number(nested(row, "meta"), "size")),
    )


def _abilities(*, fim: bool, embed: bool, chat: bool) -> frozenset[Capability]:
    found: set[Capability] = set()
    if fim:
        found.add("fim")
    if embed:
        found.add("embed")
    if chat:
        found.add("chat")
    return frozenset(found)

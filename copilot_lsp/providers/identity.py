"""Which server answers behind an OpenAI-compatible API, and what each of its models can do."""

from collections.abc import Mapping
from typing import Any, Literal

from copilot_lsp.core.errors import ProviderMisconfigured
from copilot_lsp.providers.http import Http
from copilot_lsp.providers.provider import Capability, Model
from copilot_lsp.providers.settings import EndpointSettings
from copilot_lsp.providers.shapes import listed, nested, number, text_of
from copilot_lsp.providers.templates import families, family_of, is_embedding

Kind = Literal["llama.cpp", "vllm", "localai", "other"]
USUAL_CONTEXT = 4096  # where a server does not say


async def identify(http: Http, settings: EndpointSettings) -> tuple[Kind, tuple[Model, ...]]:
    """Ask a server what it is and has."""
    rows = [row for row in listed(await http.json("GET", "/v1/models"), "data") if text_of(row, "id")]
    kind = await _kind(http, rows)
    if kind == "llama.cpp":
        return kind, await _of_llama_cpp(http, rows, settings)
    return kind, tuple([_of_other(http, row, settings) for row in rows])


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
    context = number((await http.ask("GET", "/props")).value, "default_generation_settings", "n_ctx")
    models: list[Model] = []
    for row in rows:
        name = text_of(row, "id")
        fill = {"model": name, "input_prefix": "", "input_suffix": "", "n_predict": 1}
        can_fill = (await http.ask("POST", "/infill", fill)).status == 200
        vector = {"model": name, "input": " "}
        can_embed = is_embedding(name) or name == settings.embed_model
        can_embed = can_embed and (await http.ask("POST", "/v1/embeddings", vector)).status == 200
        models.append(
            Model(
                name,
                _abilities(fim=can_fill, embed=can_embed, chat=not is_embedding(name)),
                settings.context or int(context or number(row, "meta", "n_ctx")) or USUAL_CONTEXT,
                family=settings.template or family_of(name),
                endpoint=http.server.name,
                size=int(number(row, "meta", "size")),
            )
        )
    return tuple(models)


def _of_other(http: Http, row: Mapping[str, Any], settings: EndpointSettings) -> Model:
    name = text_of(row, "id")
    family = settings.template or family_of(name)
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

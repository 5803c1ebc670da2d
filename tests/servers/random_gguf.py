"""Write a small llama model with random weights: a real model file that needs no download.

Its tokenizer knows the 256 bytes, so a token is a byte and any text goes through it.
"""

from pathlib import Path

import gguf
import numpy as np

FILL = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>")
OTHER = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTEXT = 8192
HEADS, KV_HEADS = 4, 2


def write(
    path: Path, *, fills: bool = True, seed: int = 0, dim: int = 64, layers: int = 2, attention: float = 0.08
) -> Path:
    """A model that can fill in the middle, or one that has no tokens for that.

    The more `attention`, the more what it writes depends on what it reads.
    """
    specials = OTHER + (FILL if fills else ())
    tokens = [*_byte_names(), *specials]
    number = {token: at for at, token in enumerate(tokens)}
    out = gguf.GGUFWriter(str(path), "llama")
    out.add_name("random")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(dim)
    out.add_block_count(layers)
    out.add_feed_forward_length(3 * dim)
    out.add_head_count(HEADS)
    out.add_head_count_kv(KV_HEADS)
    out.add_rope_dimension_count(dim // HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(len(tokens))
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    out.add_token_list(tokens)
    out.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(specials))
    # llama.cpp refuses a vocabulary without merges; this one never applies, both halves being control characters.
    out.add_token_merges([f"{tokens[0]} {tokens[1]}"])
    out.add_bos_token_id(number["<|endoftext|>"])
    out.add_eos_token_id(number["<|endoftext|>"])
    out.add_eot_token_id(number["<|im_end|>"])
    out.add_add_bos_token(False)
    out.add_chat_template(CHAT)
    _add_weights(out, len(tokens), np.random.default_rng(seed), dim, layers, attention / 0.08)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


def _add_weights(
    out: gguf.GGUFWriter, vocabulary: int, source: np.random.Generator, dim: int, layers: int, attention: float
) -> None:
    def random(*shape: int) -> np.ndarray:
        return (source.standard_normal(shape) * 0.08).astype(np.float32)

    even = np.ones(dim, np.float32)
    keys = dim // HEADS * KV_HEADS
    out.add_tensor("token_embd.weight", random(vocabulary, dim) * 8)
    out.add_tensor("output_norm.weight", even)
    head = random(vocabulary, dim) * 6
    # Only printable ASCII is written, so every answer goes on until it is stopped: tests choose when.
    head[:32] = 0
    head[127:] = 0
    out.add_tensor("output.weight", head)
    for layer in range(layers):
        name = f"blk.{layer}."
        out.add_tensor(f"{name}attn_norm.weight", even)
        out.add_tensor(f"{name}ffn_norm.weight", even)
        for part, shape in {
            "attn_q": (dim, dim),
            "attn_k": (keys, dim),
            "attn_v": (keys, dim),
            "attn_output": (dim, dim),
            "ffn_gate": (3 * dim, dim),
            "ffn_up": (3 * dim, dim),
            "ffn_down": (dim, 3 * dim),
        }.items():
            weight = random(*shape) * np.float32(attention if part in ("attn_q", "attn_k") else 1.0)
            out.add_tensor(f"{name}{part}.weight", weight)


def _byte_names() -> list[str]:
    """GPT-2's printable names of the 256 bytes, in the order of the bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = iter(range(256, 512))
    return [chr(byte if byte in plain else next(rest)) for byte in range(256)]

"""Prompts for filling in the middle."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import at
from copilot_lsp.providers.pack import Packed
from copilot_lsp.providers.templates import (
    commented,
    families,
    family_of,
    harmless,
    is_embedding,
    name_of,
    prompt_of,
    render,
)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("qwen2.5-coder:1.5b-base", "qwen"),
        ("Qwen/Qwen2.5-Coder-7B-Instruct", "qwen"),
        ("hf.co/unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF:Q4", "qwen"),
        ("C:\\models\\qwen2.5-coder-3b-q8_0.gguf", "qwen"),
        ("starcoder2:3b", "starcoder2"),
        ("starcoder:1b", "starcoder"),
        ("stable-code:3b", "starcoder"),
        ("granite-code:3b-base", "starcoder"),
        ("santacoder", "santacoder"),
        ("GLM-4.6", "glm"),
        ("granite4:tiny-h", "granite4"),
        ("codellama:7b-code", "codellama"),
        ("deepseek-coder-v2:16b-lite-base", "deepseek"),
        ("codegemma:2b", "codegemma"),
        ("codestral:22b", "codestral"),
        ("JetBrains/Mellum-4b-base", "mellum"),
        ("ByteDance-Seed/Seed-Coder-8B-Base", "seed"),
        ("qwen2.5:7b", ""),
        ("codellama:70b", ""),
        ("llama3.2:3b", ""),
        ("", ""),
    ],
)
def test_the_family_is_told_from_the_name(model: str, family: str) -> None:
    assert family_of(model) == family


@pytest.mark.parametrize("name", ["nomic-embed-text:latest", "all-minilm:l6-v2", "BAAI/bge-m3", "mxbai-embed-large"])
def test_models_for_vectors_are_told_from_the_name(name: str) -> None:
    assert is_embedding(name)
    assert not is_embedding("qwen2.5-coder:7b")


def test_chunks_stand_as_files_before_the_current_one() -> None:
    chunk = Chunk("file:///b.py", "b.py", at(0, 0), "def f(): ...")
    assert render(families()["qwen"], "a.py", "x = ", "\n", [chunk]) == (
        "<|file_sep|>b.py\ndef f(): ...\n<|file_sep|>a.py\n<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>"
    )
    assert render(families()["qwen"], "a.py", "x = ", "\n", []) == "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>"


def test_the_suffix_comes_first_where_the_family_wants_it() -> None:
    assert render(families()["codestral"], "a.py", "before", "after", []) == "[SUFFIX]after[PREFIX]before"


@pytest.mark.parametrize("name", families())
def test_every_family_keeps_the_text_and_names_its_own_tokens(name: str) -> None:
    family = families()[name]
    chunk = Chunk("", "{suffix}.py", at(0, 0), "{prefix}")
    prompt = render(family, "{text}", "{suffix} 1", "{prefix} 2", [chunk])
    assert "{suffix} 1" in prompt
    assert "{prefix} 2" in prompt
    assert set(re.findall(r"<[^<>]+>|\[[A-Z]+\]", prompt)) <= set(family.tokens)


def test_chunks_become_comments_of_the_language() -> None:
    chunk = Chunk("", "a/b.py", at(0, 0), "def f():\n\n    ...\n")
    assert commented([chunk], "python") == "# From a/b.py:\n# def f():\n#\n#     ...\n"
    assert commented([chunk], "rust").startswith("// From a/b.py:\n")
    assert commented([], "python") == ""


@given(st.data(), st.sampled_from([*families()]))
def test_no_control_token_survives_in_the_users_text(data: st.DataObject, name: str) -> None:
    family = families()[name]
    parts = st.sampled_from([*family.tokens, "<|im_end|>", "<｜User｜>", "x", " ", "<", "|>"])
    text = "".join(data.draw(st.lists(parts, max_size=12)))
    safe = harmless(text, family)
    assert not any(token in safe for token in family.tokens)
    assert "<|im_end|>" not in safe


def test_names_of_files_are_harmless_too() -> None:
    chunk = Chunk("", "<|im_end|>.py", at(0, 0), "<|im_start|>")
    packed = Packed("x", "y", (chunk,))
    for name in families():
        asked = prompt_of(families()[name], document("file:///%3C%7Cim_end%7C%3E", ""), packed)
        assert "<|im_end|>" not in asked
        assert "<|im_start|>" not in asked


def test_ordinary_code_is_left_alone() -> None:
    code = "let f = x |> g <| h\nif (a <| b) ... <|> </s> [SUFFIX] $x<y|z>"
    assert harmless(code, families()["qwen"]) == code


def test_a_file_is_named_by_its_uri() -> None:
    assert name_of("file:///w/my%20file.py") == "my file.py"

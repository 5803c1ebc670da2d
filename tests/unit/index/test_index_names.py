"""Names are found, split into words, and packed so that they can be counted."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.index.names import camel_words, id_of, names_of, pack, spelled_out
from copilot_lsp.index.rows import tail_of_module, tail_of_path
from copilot_lsp.syntax import languages


def test_names_are_everything_between_other_characters():
    assert names_of("a.b_c(1, größe)\n") == [b"a", b"b_c", b"1", "größe".encode()]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("HTTPResponseBase", "http response base"),
        ("getUser", "get user"),
        ("get_user", "get user"),
        ("User", ""),
        ("ID", ""),
    ],
)
def test_capitals_and_other_characters_separate_words(name, words):
    assert camel_words(name) == words


def test_only_names_with_capitals_inside_need_more_words():
    assert spelled_out("getUser(get_user, ALL, Plain, 12)") == "get user"


@given(st.dictionaries(st.from_regex(r"[a-z_]\w{0,20}", fullmatch=True).filter(str.isascii), st.integers(1, 1_000)))
def test_counts_are_packed_in_step_with_ids(counts):
    ids, numbers = pack(Counter({name.encode(): count for name, count in counts.items()}))
    found = {int.from_bytes(ids[at : at + 4], "little"): numbers[at // 4] for at in range(0, len(ids), 4)}
    assert found == {id_of(name): min(count, 255) for name, count in counts.items()}


@pytest.mark.parametrize(
    ("language", "module", "tail"),
    [
        ("python", "django.db.models", "models"),
        ("python", "..", ""),
        ("python", ".query", "query"),
        ("javascript", "./lib/Parser.js", "parser"),
        ("java", "com.example.Thing", "thing"),
        ("go", "example.org/pkg/store", "store"),
    ],
)
def test_the_last_part_of_a_module_names_its_file(language, module, tail):
    assert tail_of_module(languages.get(language), module) == tail


def test_the_stem_of_a_path_is_what_modules_end_with():
    assert tail_of_path("a/B/Query.py") == "query"

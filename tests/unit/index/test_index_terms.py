"""What a query says: its words in all their forms, its names, and the kind of file it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.index.kinds import CODE, DATA, DOCS, FOREIGN, TESTS, kind_of
from copilot_lsp.index.stems import stem, stems
from copilot_lsp.index.terms import terms_of


def test_a_query_is_split_into_names_and_their_parts():
    terms = terms_of("how does getUser call get_http_status(self)?")
    assert terms.names == ("getUser", "call", "get_http_status")
    assert terms.words == ("get", "user", "call", "http", "status")
    assert terms.written == {"getUser", "get_http_status"}


def test_words_of_questions_are_left_out_unless_there_are_no_others():
    assert terms_of("where is the password hashed?").words == ("password", "hashed")
    assert terms_of("for in if").words == ("for", "in", "if")
    assert terms_of("?!").words == ()
    assert terms_of("__").words == ("__",)


def test_who_speaks_of_tests_or_documentation_wants_them():
    assert terms_of("where is login tested?").kinds == {TESTS}
    assert terms_of("tutorial of the login").kinds == {DOCS}
    assert not terms_of("where is the login?").kinds


@pytest.mark.parametrize(
    "forms",
    [
        ("parse", "parses", "parsed", "parsing", "parser"),
        ("copy", "copies", "copied", "copying"),
        ("run", "runs", "running", "runner"),
        ("serialize", "serializer", "serialization"),
        ("class", "classes"),
        ("signature", "signatures"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("pass", "past"), ("user", "use"), ("form", "format"), ("cache", "case"), ("state", "static")]
)
def test_other_words_have_other_stems(one, other):
    assert stem(one) != stem(other)


def test_stems_of_a_name_are_those_of_its_parts():
    assert stems("HTTPResponse.get_status_2") == {stem("http"), stem("response"), stem("get"), stem("status")}


@given(st.text(max_size=30))
def test_any_text_has_stems_and_terms(text):
    assert all(stems(text))
    assert all(terms_of(text).words)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("src/app/models.py", CODE),
        ("src/latest/contest.go", CODE),
        ("tests/app/models.py", TESTS),
        ("pkg/store/store_test.go", TESTS),
        ("web/cart.spec.ts", TESTS),
        ("src/test/java/app/CartTest.java", TESTS),
        ("Billing.Tests/CartTests.cs", TESTS),
        ("docs/guide/start.py", DOCS),
        ("README.md", DOCS),
        ("CHANGES.rst", DOCS),
        ("config/settings.toml", DATA),
        ("pkg/_vendor/tests/thing.py", FOREIGN),
    ],
)
def test_the_kind_of_a_file_is_told_from_its_path(path, kind):
    assert kind_of(path) == kind

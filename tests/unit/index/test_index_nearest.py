"""The nearest vectors are found by their signs and rated exactly, whatever changed since the last look."""

import numpy as np
import pytest

from copilot_lsp.index import nearest as module
from copilot_lsp.index.embed import quantised
from copilot_lsp.index.nearest import cosines, nearest
from copilot_lsp.index.rows import BUILT_IN, MODEL, SPAN

WIDTH = 100  # Not a whole number of words.


def random_vectors(number, seed=1):
    vectors = np.random.default_rng(seed).normal(size=(number, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def database(folder):
    folder.write({"a.py": "x = 1\n", "b.py": "y = 2\n"})
    folder.crawl()
    return folder.open().database


def put(database, file, vectors):
    rows = [(MODEL, file * SPAN + number, vector) for number, vector in enumerate(quantised(vectors))]
    with database.write() as connection:
        connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


def ask(database, vector, limit=5, hidden=()):
    with database.read() as connection:
        return nearest(database, connection, MODEL, quantised(vector[None])[0], limit, hidden)


def test_what_signs_find_is_what_reading_every_vector_finds(database):
    vectors = random_vectors(2_000)
    put(database, 1, vectors)
    kept = 0
    for query in random_vectors(20, seed=2):
        exact = np.argsort(-(vectors @ query))[:10] + SPAN
        found = ask(database, query + vectors[int(exact[0]) - SPAN], 10)
        assert next(iter(found)) == exact[0]
        assert list(found.values()) == sorted(found.values(), reverse=True)
        kept += len(found)
    assert kept == 200


@pytest.mark.parametrize("there", [True, False])
def test_cosines_are_those_of_the_vectors_with_the_extension_and_without(database, monkeypatch, there):
    if not there:
        monkeypatch.setattr(module, "has_vectors", lambda connection: False)
    vectors = random_vectors(3)
    put(database, 1, vectors)
    with database.read() as connection:
        query = quantised(vectors[:1])[0]
        found = cosines(connection, MODEL, query, [SPAN, SPAN + 1, SPAN + 99])
        assert cosines(connection, MODEL, query[:8], [SPAN]) == {}
    assert found == pytest.approx({SPAN: 1.0, SPAN + 1: float(vectors[0] @ vectors[1])}, abs=0.02)


def test_spaces_do_not_mix(database):
    vectors = random_vectors(2)
    put(database, 1, vectors[:1])
    with database.write() as connection:
        connection.execute("INSERT INTO vectors VALUES (?, ?, ?)", (BUILT_IN, 2 * SPAN, quantised(vectors[1:])[0]))
    with database.read() as connection:
        for space, piece in ((MODEL, SPAN), (BUILT_IN, 2 * SPAN), (MODEL, SPAN)):
            assert set(nearest(database, connection, space, quantised(vectors[:1])[0], 5)) == {piece}


def test_hidden_files_are_left_out(database):
    vectors = random_vectors(4)
    put(database, 1, vectors[:2])
    put(database, 2, vectors[2:])
    assert set(ask(database, vectors[0], 9)) == {SPAN, SPAN + 1, 2 * SPAN, 2 * SPAN + 1}
    assert set(ask(database, vectors[0], 9, (1,))) == {2 * SPAN, 2 * SPAN + 1}
    assert ask(database, vectors[0], 9, (1, 2)) == {}


def test_changes_are_seen_after_a_while(database, monkeypatch):
    vectors = random_vectors(3)
    put(database, 1, vectors[:1])
    assert set(ask(database, vectors[0])) == {SPAN}
    put(database, 2, vectors[1:2])
    assert set(ask(database, vectors[0])) == {SPAN}
    monkeypatch.setattr(module, "_FRESH_SECONDS", 0.0)
    assert set(ask(database, vectors[0])) == {SPAN, 2 * SPAN}
    with database.write() as connection:
        connection.execute("UPDATE files SET digest = x'00' WHERE id = 1")
    put(database, 1, vectors[2:])
    assert ask(database, vectors[2])[SPAN] == pytest.approx(1.0)


def test_vectors_of_another_length_are_another_models(database):
    put(database, 1, random_vectors(2))
    assert ask(database, np.ones(8, np.float32)) == {}
    assert len(ask(database, random_vectors(1)[0])) == 2

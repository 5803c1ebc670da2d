"""Texts that are alike get vectors that are near; vectors follow the text and survive everything the text survives."""

import json

import numpy as np
import pytest

from copilot_lsp.core.errors import ProviderProtocolError, ProviderUnavailable
from copilot_lsp.index import follow as module
from copilot_lsp.index.embed import BUCKETS, DIMENSIONS, embed, quantised, unpacked, weigh
from copilot_lsp.index.follow import follow
from copilot_lsp.index.job import decode_tally
from copilot_lsp.index.model import embed_all, embed_query, packed
from copilot_lsp.index.nearest import nearest
from copilot_lsp.index.rows import BUILT_IN, MODEL
from copilot_lsp.index.search import search
from copilot_lsp.index.vectors import text_of, texts, waiting
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.lock import try_lock
from copilot_lsp.workers.pool import Workers

FLAT = np.ones(BUCKETS, np.float32)


class Letters:
    """A small embedding model: counts letters. Fails while `down`."""

    def __init__(self, name="letters", letters="abcdefgh"):
        self.name = name
        self.letters = letters
        self.down = False
        self.asked = 0

    async def embed(self, texts):
        if self.down:
            raise ProviderUnavailable("the model server does not answer")
        self.asked += len(texts)
        return [[float(text.count(letter)) + 0.1 for letter in self.letters] for text in texts]


def run(folder):
    return decode_tally(follow(folder.task().encode(), lambda content: json.loads(content)))


def count(folder, space=BUILT_IN):
    return folder.rows(f"SELECT count(*) FROM vectors WHERE space = {space}")[0][0]


def test_likeness_is_shared_words_in_any_spelling():
    one, two, three = embed(["get_user_name(account)", "account getUserName", "parse the json file"], FLAT)
    assert one @ two > 0.9
    assert abs(one @ three) < 0.3


def test_rare_words_weigh_more():
    weights = unpacked(weigh(["account return", *["return"] * 98]))
    query, rare, common = embed(["account return", "account", "return"], weights)
    assert query @ rare > 0.95 > 0.3 > query @ common


def test_a_text_without_words_has_no_direction():
    assert not embed(["1 + 2", ""], FLAT).any()
    assert embed([], FLAT).shape == (0, DIMENSIONS)
    assert quantised(embed([], FLAT)) == []


def test_vectors_are_the_same_on_every_machine():
    """They lie in files that outlive a numpy version."""
    assert quantised(embed(["stable"], FLAT))[0][:8].hex() == "e719191919e7e7e7"


def test_quantising_keeps_directions():
    vectors = embed([f"word{number} other" for number in range(50)], FLAT)
    kept = np.array([np.frombuffer(one, np.int8) for one in quantised(vectors)], np.float32)
    kept /= np.linalg.norm(kept, axis=1, keepdims=True)
    assert (np.sum(kept * vectors, axis=1) > 0.999).all()


def test_vectors_follow_the_text_and_go_with_it(folder):
    folder.write({"a.py": "def first(): pass\n", "b.py": "def second(): pass\n", "empty.py": ""})
    folder.crawl()
    assert run(folder).files == 3
    assert count(folder) == 2
    assert run(folder).files == 0
    folder.write({"a.py": "def changed_now(): pass\n"})
    folder.crawl()
    assert count(folder) == 1
    assert run(folder).files == 1
    (folder.root / "b.py").unlink()
    folder.crawl()
    assert count(folder) == 1


def test_a_killed_job_goes_on_where_it_was(folder, monkeypatch):
    folder.write({f"f{number:03}.py": f"def function_{number}(): pass\n" for number in range(40)})
    folder.crawl()
    monkeypatch.setattr(module, "_BATCH_PIECES", 8)
    real, calls = module.store, []

    def killed(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(module, "store", killed)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    monkeypatch.setattr(module, "store", real)
    assert count(folder) == 16
    assert run(folder).files == 24


def test_a_file_that_changed_since_waits_for_its_rows(folder):
    folder.write({"a.py": "def first(): pass\n", "b.py": "def b(): pass\n"})
    folder.crawl()
    folder.write({"a.py": "def newer(): pass\n"})
    (folder.root / "b.py").unlink()
    run(folder)
    assert count(folder) == 0


def test_vectors_of_rows_that_were_replaced_meanwhile_are_dropped(folder):
    folder.write({"a.py": "def first(): pass\n"})
    folder.crawl()
    database = folder.open().database
    with database.read() as connection:
        (file,) = waiting(connection, BUILT_IN)
    pieces = texts(database, file, text_of(folder.root, 1_000, file))
    folder.write({"a.py": "def newer(): pass\n"})
    folder.crawl()
    module.store(database, BUILT_IN, pieces, [b"x"] * len(pieces))
    assert count(folder) == 0


def test_one_process_does_bulk_work_at_a_time(folder):
    folder.write({"a.py": "def first(): pass\n"})
    folder.crawl()
    with try_lock(folder.task().lock):
        assert run(folder).busy


def test_an_index_that_cannot_be_opened_is_told(folder):
    folder.write({"a.py": ""})
    folder.crawl()
    with folder.open().database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    assert run(folder).error == "StoreTooNew"


def test_names_are_counted_without_vectors_too(folder):
    folder.write({"a.py": "x = y(x)\n", "empty.py": ""})
    folder.crawl()
    follow(folder.task(vectors=False).encode(), lambda content: None)
    ((ids, counts), (none, _)) = folder.rows("SELECT ids, counts FROM names ORDER BY file")
    assert (len(ids), sorted(counts), none) == (8, [1, 2], b"")
    assert count(folder) == 0
    follow(folder.task().encode(), lambda content: None)
    assert count(folder) == 1


async def test_a_models_vectors_are_kept_beside_the_built_in_ones(folder):
    folder.write({"a.py": "def aaa(): pass\n", "b.py": "def bbb(): pass\n"})
    folder.crawl()
    run(folder)
    model, database = Letters(), folder.open().database
    assert await embed_query(model, database, "aaa") is None
    await embed_all(model, database, folder.task())
    assert (count(folder, MODEL), count(folder), model.asked) == (2, 2, 2)
    vector = await embed_query(model, database, "aaaaaaaa")
    with database.read() as connection:
        (best, _) = nearest(database, connection, MODEL, vector, 2)
    assert folder.rows(f"SELECT name FROM pieces WHERE id = {best}") == [("aaa",)]
    await embed_all(model, database, folder.task())
    assert model.asked == 3


async def test_a_model_finds_what_shares_no_word_with_the_query(folder):
    folder.write({"a.py": "def aaa(): pass\n", "b.py": "def bbb(): pass\n"})
    folder.crawl()
    model, task = Letters(), folder.task()
    workspace = Workspace(task, folder.open().database, Workers(1), model, "")
    assert await search(workspace, "bbbbbb") == ()
    await embed_all(model, workspace.database, task)
    found = await search(workspace, "bbbbbb")
    assert [chunk.name for chunk in found] == ["bbb", "aaa"]
    assert found[0].reason == "similar meaning"
    hidden = frozenset({workspace.uri_of("b.py")})
    assert [chunk.name for chunk in await search(workspace, "bbbbbb", exclude=hidden)] == ["aaa"]


async def test_another_model_starts_anew_and_the_first_is_not_asked_for_queries(folder):
    folder.write({"a.py": "def aaa(): pass\n"})
    folder.crawl()
    database = folder.open().database
    first, second = Letters(), Letters("other", "abc")
    await embed_all(first, database, folder.task())
    await embed_all(second, database, folder.task())
    assert folder.rows(f"SELECT length(vector) FROM vectors WHERE space = {MODEL}") == [(3,)]
    assert await embed_query(first, database, "a") is None
    assert await embed_query(second, database, "a") is not None


async def test_a_model_that_fails_leaves_what_was_done_and_is_tried_again(folder):
    folder.write({"a.py": "def aaa(): pass\n"})
    folder.crawl()
    model, database = Letters(), folder.open().database
    model.down = True
    with pytest.raises(ProviderUnavailable):
        await embed_all(model, database, folder.task())
    model.down = False
    await embed_all(model, database, folder.task())
    model.down = True
    assert await embed_query(model, database, "a") is None


@pytest.mark.parametrize("answer", [[], [[1.0], [1.0, 2.0]], [[1.0]], [[float("nan")], [1.0]]])
def test_a_model_that_answers_nonsense_is_told(answer):
    with pytest.raises(ProviderProtocolError, match="2 vectors"):
        packed(answer, 2)

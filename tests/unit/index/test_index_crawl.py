"""The bulk job writes what changed and nothing else, can be killed anywhere, and never undoes another's write."""

import os
import threading
from dataclasses import replace

import pytest

from copilot_lsp.index import crawl as module
from copilot_lsp.index import rows
from copilot_lsp.index.job import SEPARATOR, decode_tally
from copilot_lsp.index.source import read_source
from copilot_lsp.index.update import update, warm
from copilot_lsp.store.lock import try_lock

GREET = 'import os\n\n\ndef greet(name):\n    """Say hello."""\n    return f"hello {name}"\n'


def update_one(folder, path, **settings):
    task = folder.task(**settings)
    answer = update(rows_task(task, path), lambda content: None)
    head, _, rest = answer.partition(SEPARATOR)
    return decode_tally(head).check(), rest[1:].decode() if rest else None


def rows_task(task, path):
    return replace(task, path=path).encode()


def test_everything_of_a_file_is_written(folder):
    folder.write({"a.py": GREET, "notes.txt": "one\n\ntwo\n"})
    tally = folder.crawl()
    assert (tally.files, tally.total, tally.written, tally.written_bytes) == (2, 2, 2, len(GREET) + 9)
    assert folder.rows("SELECT path, language, size FROM files ORDER BY path") == [
        ("a.py", "python", len(GREET)),
        ("notes.txt", "", 9),
    ]
    assert folder.rows("SELECT name, kind, doc, line, end_line FROM symbols") == [
        ("greet", "function", "Say hello.", 3, 5)
    ]
    assert folder.rows("SELECT module, tail FROM imports") == [("os", "os")]
    assert folder.rows("SELECT count(*) FROM pieces") == folder.rows("SELECT count(*) FROM words")


def test_what_did_not_change_is_not_even_read(folder, monkeypatch):
    folder.write({"a.py": GREET, "b.py": "x = 1\n"})
    folder.crawl()
    monkeypatch.setattr(module, "read_source", None)
    assert folder.crawl().written == 0


def test_what_was_only_touched_keeps_its_rows_and_what_changed_does_not(folder):
    folder.write({"a.py": GREET, "b.py": "x = 1\n", "c.py": "gone = 1\n"})
    folder.crawl()
    before = dict(folder.rows("SELECT path, id FROM files"))
    os.utime(folder.root / "a.py", ns=(1, 1))
    folder.write({"b.py": "def other(): pass\n"})
    (folder.root / "c.py").unlink()
    tally = folder.crawl()
    assert (tally.written, tally.removed) == (1, 1)
    assert dict(folder.rows("SELECT path, id FROM files"))["a.py"] == before["a.py"]
    assert folder.rows("SELECT stamp FROM files WHERE path = 'a.py'") == [(1,)]
    assert folder.rows("SELECT name FROM symbols ORDER BY name") == [("greet",), ("other",)]
    assert folder.crawl().written == 0


def test_no_row_of_a_removed_file_is_left(folder):
    folder.write({"a.py": GREET})
    folder.crawl()
    (folder.root / "a.py").unlink()
    folder.crawl()
    for table in ("files", "names", "pieces", "words", "symbols", "imports", "vectors"):
        assert folder.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert folder.rows("SELECT count(*) FROM words WHERE words MATCH 'hello'") == [(0,)]


def test_a_file_that_becomes_secret_ignored_or_binary_is_forgotten(folder):
    folder.write({"a.py": GREET, "b.py": GREET, "c.py": GREET})
    folder.crawl()
    folder.write({".gitignore": "a.py\n", "b.py": b"\0\0", "c.py": "-----BEGIN RSA PRIVATE KEY-----\n"})
    tally = folder.crawl()
    assert folder.paths() == []
    assert tally.skipped.items() >= {"ignored": 1, "binary": 1, "secret": 1}.items()


def test_a_file_in_another_encoding_is_indexed_and_counted(folder):
    folder.write({"a.py": "name = 'grün'\n".encode("latin-1")})
    assert folder.crawl().skipped == {"decoded as latin-1": 1}
    assert folder.paths() == ["a.py"]


def test_a_killed_crawl_goes_on_where_it_was(folder, monkeypatch):
    folder.write({f"f{number:03}.py": GREET for number in range(200)})
    real, calls = module.file_rows, 0

    def killed(path, source):
        nonlocal calls
        calls += 1
        if calls == 150:
            raise KeyboardInterrupt
        return real(path, source)

    monkeypatch.setattr(module, "file_rows", killed)
    with pytest.raises(KeyboardInterrupt):
        folder.crawl()
    monkeypatch.undo()
    done = len(folder.paths())
    assert 128 <= done < 150
    assert folder.crawl().written == 200 - done


def test_only_one_process_crawls(folder):
    folder.write({"a.py": GREET})
    lock = folder.task().lock
    lock.parent.mkdir(parents=True)
    with try_lock(lock) as held:
        assert held
        assert folder.crawl().busy
    assert folder.crawl().written == 1


def test_rows_that_another_process_wrote_meanwhile_stay(folder, monkeypatch):
    """The crawl reads a file, its editor saves it and writes its rows, and only then does the crawl commit."""
    folder.write({"a.py": "def old(): pass\n"})
    real = module.file_rows

    def interrupted(path, source):
        made = real(path, source)
        folder.write({"a.py": "def new(): pass\n"})
        monkeypatch.setattr(module, "file_rows", real)
        update_one(folder, "a.py")
        return made

    monkeypatch.setattr(module, "file_rows", interrupted)
    assert folder.crawl().written == 0
    assert folder.rows("SELECT name FROM symbols") == [("new",)]


def test_a_file_saved_while_its_rows_were_made_is_read_again(folder, monkeypatch):
    folder.write({"a.py": "def first(): pass\n"})
    folder.crawl()
    from copilot_lsp.index import update as updating

    real, saved = updating.file_rows, []

    def interrupted(path, source):
        if not saved:
            saved.append(1)
            folder.write({"a.py": "def third_and_last(): pass\n"})
        return real(path, source)

    monkeypatch.setattr(updating, "file_rows", interrupted)
    folder.write({"a.py": "def second_one(): pass\n"})
    assert update_one(folder, "a.py")[1] == "def third_and_last(): pass\n"
    assert folder.rows("SELECT name FROM symbols") == [("third_and_last",)]


def test_rows_made_by_other_code_or_grammars_are_made_anew(folder, monkeypatch):
    folder.write({"a.py": GREET})
    folder.crawl()
    monkeypatch.setattr(rows, "_VERSION", rows._VERSION + 1)
    assert folder.crawl().written == 1
    assert folder.crawl().written == 0
    monkeypatch.undo()


def test_an_index_of_a_newer_version_is_told(folder):
    folder.write({"a.py": GREET})
    folder.crawl()
    workspace = folder.open()
    with workspace.database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    assert folder.crawl().error == "StoreTooNew"


def test_an_update_writes_removes_and_answers_with_the_text(folder):
    folder.write({"a.py": GREET, ".gitignore": "hidden.py\n", "hidden.py": GREET})
    tally, text = update_one(folder, "a.py")
    assert (tally.written, text) == (1, GREET)
    tally, text = update_one(folder, "a.py")
    assert (tally.written, text) == (0, GREET)
    assert update_one(folder, "hidden.py") == (decode_tally(b'{"skipped": {"ignored": 1}}'), None)
    (folder.root / "a.py").unlink()
    tally, text = update_one(folder, "a.py")
    assert (tally.removed, text) == (1, None)
    assert folder.paths() == []


def test_an_update_of_a_damaged_index_tells_so(folder):
    folder.write({"a.py": GREET})
    update_one(folder, "a.py")
    path = folder.task().database
    folder.open().database._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    path.write_bytes(bytes(content))
    folder.write({"a.py": "x = 2\n"})
    answer = update(rows_task(folder.task(), "a.py"), lambda content: None)
    assert decode_tally(answer.partition(SEPARATOR)[0]).error == "StoreDamaged"


def test_an_index_that_was_deleted_is_begun_anew(folder):
    folder.write({"a.py": GREET, "b.py": GREET})
    update_one(folder, "a.py")
    for path in folder.task().database.parent.iterdir():
        path.unlink()
    update_one(folder, "b.py")
    assert folder.paths() == ["b.py"]


def test_grammars_of_the_user_are_used(folder, tmp_path):
    language = tmp_path / "grammars" / "snake"
    language.mkdir(parents=True)
    language.joinpath("language.toml").write_text(
        'id = "snake"\nname = "Snake"\nextensions = [".snake"]\n[grammar]\npackage = "tree_sitter_python"\n'
    )
    language.joinpath("tags.scm").write_text("(function_definition name: (identifier) @name) @definition.function\n")
    folder.write({"a.snake": GREET, "b.py": GREET})
    assert folder.crawl().written == 1
    task = replace(folder.task(), grammars=(tmp_path / "grammars",))
    assert decode_tally(module.crawl(task.encode(), lambda content: None)).written == 2
    assert folder.rows("SELECT language FROM files ORDER BY path") == [("snake",), ("python",)]
    folder.crawl()
    assert folder.paths() == ["b.py"]


def test_warming_loads_the_grammars_that_the_workspace_needs(folder):
    folder.write({"a.py": GREET})
    folder.crawl()
    assert warm(folder.task().encode(), lambda content: None) == b""


def test_updates_from_many_threads_beside_a_crawl_leave_the_newest_text(folder):
    folder.write({f"f{number}.py": f"def at{number}_0(): pass\n" for number in range(10)})

    def save(number):
        for version in range(1, 6):
            folder.write({f"f{number}.py": f"def at{number}_{version}(): pass\n"})
            update_one(folder, f"f{number}.py")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        folder.crawl()
    for thread in threads:
        thread.join()
    folder.crawl()
    names = {name for (name,) in folder.rows("SELECT name FROM symbols")}
    assert names == {*(f"at{number}_5" for number in range(3)), *(f"at{number}_0" for number in range(3, 10))}


def test_a_source_is_found_by_its_parts(folder):
    folder.write({"a.py": "class HttpResponseBase:\n    def get_status_code(self):\n        return 1\n"})
    folder.crawl()
    for words in ("response", "status", '"get_status_code"', '"HttpResponseBase"'):
        assert folder.rows(f"SELECT count(*) FROM words WHERE words MATCH '{words}'")[0][0] >= 1, words
    assert folder.rows("SELECT count(*) FROM words WHERE words MATCH '\"status_get\"'") == [(0,)]


def test_rows_of_a_source_carry_what_was_read(folder):
    folder.write({"sub/a.py": GREET})
    made = rows.file_rows("sub/a.py", read_source(folder.root / "sub/a.py", 1_000))
    assert (made.path, made.language, made.size) == ("sub/a.py", "python", len(GREET))
    assert len(made.pieces) == len(made.words) > 0

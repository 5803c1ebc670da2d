"""A database is opened, migrated and shared; what is wrong with the file or the disk is told apart."""

import os
import stat
import subprocess
import sys
import threading

import apsw
import pytest

from copilot_lsp.core.errors import StoreDamaged, StoreError, StoreReadOnly, StoreTooNew
from copilot_lsp.store import database as module
from copilot_lsp.store.database import open_database, replace_damaged

ONE, TWO, GAP = "store_migrations_one", "store_migrations_two", "store_migrations_gap"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file modes")


@pytest.fixture(autouse=True)
def _packages(monkeypatch):
    monkeypatch.syspath_prepend(os.path.dirname(__file__))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "notes.db"


def notes(database):
    with database.read() as connection:
        return [row[0] for row in connection.execute("SELECT text FROM notes ORDER BY id")]


def add(database, text):
    with database.write() as connection:
        connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def test_what_one_connection_commits_others_read(path):
    first, second = open_database(path, ONE), open_database(path, ONE)
    add(first, "second")
    assert notes(second) == ["first", "second"]
    assert first.notice == ""
    first.close()
    second.close()


@POSIX
def test_files_are_private(path):
    database = open_database(path, ONE)
    add(database, "x")
    modes = {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    database.close()


def test_a_failing_transaction_leaves_nothing(path):
    database = open_database(path, ONE)
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute("INSERT INTO notes (text) VALUES ('half'); INSERT INTO notes (text) VALUES (NULL)")
    add(database, "whole")
    assert notes(database) == ["first", "whole"]
    database.close()


def test_a_reader_cannot_write(path):
    database = open_database(path, ONE)
    with pytest.raises(StoreError), database.read() as connection:
        connection.execute("DELETE FROM notes")
    assert notes(database) == ["first"]
    database.close()


def test_connections_are_shared_by_those_who_do_not_read_at_the_same_time(path):
    database = open_database(path, ONE)
    everybody = threading.Barrier(4)
    seen = []

    def look():
        with database.read() as connection:
            everybody.wait(10)
            seen.append((id(connection), [row[0] for row in connection.execute("SELECT text FROM notes")]))

    for _ in range(2):
        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({connection for connection, _ in seen[:4]}) == 4
    assert {connection for connection, _ in seen[4:]} == {connection for connection, _ in seen[:4]}
    assert all(found == ["first"] for _, found in seen)
    database.close()


def test_a_connection_that_is_read_while_all_are_closed_is_closed_after_it(path):
    database = open_database(path, ONE)
    with database.read() as connection:
        database.close()
        assert connection.execute("SELECT text FROM notes").fetchall() == [("first",)]
    with pytest.raises(apsw.ConnectionClosedError):
        connection.execute("SELECT 1")
    with pytest.raises(StoreError), database.read():
        pass


def test_an_older_schema_is_migrated_and_keeps_its_rows(path):
    old = open_database(path, ONE)
    add(old, "second")
    old.close()
    new = open_database(path, TWO)
    with new.read() as connection:
        assert connection.execute("SELECT text, colour FROM notes").fetchall() == [("first", "red"), ("second", "red")]
    new.close()


def test_a_newer_schema_is_refused_and_untouched(path):
    open_database(path, TWO).close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match=r"newer.*upgrade"):
        open_database(path, ONE)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_schema(path, monkeypatch):
    open_database(path, ONE).close()
    broken = {1: "", 2: "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);"}
    monkeypatch.setattr("copilot_lsp.store.migrate.scripts", lambda package: broken)
    with pytest.raises(StoreError, match="half"):
        open_database(path, "broken")
    monkeypatch.undo()
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    database = open_database(path, TWO)
    assert notes(database) == ["first"]
    database.close()


def test_numbers_of_migrations_have_no_gap(path):
    with pytest.raises(LookupError, match="without gaps"):
        open_database(path, GAP)


@pytest.mark.parametrize("content", [b"this is no database at all, but long enough to look like a file" * 100])
def test_a_file_that_is_no_database_is_moved_aside_and_rebuilt(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    database = open_database(path, ONE)
    assert notes(database) == ["first"]
    aside = [one for one in path.parent.iterdir() if "damaged" in one.name]
    assert [one.read_bytes() for one in aside] == [content]
    assert aside[0].name in database.notice
    database.close()
    assert open_database(path, ONE).notice == ""


def test_damage_found_while_reading_is_told_and_repaired(path):
    database = open_database(path, ONE)
    with database.write() as connection:
        connection.executemany("INSERT INTO notes (text) VALUES (?)", [("x" * 500,) for _ in range(2_000)])
    database.close()
    with path.open("r+b") as file:
        for page in range(20, 60):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    database = open_database(path, ONE)
    with pytest.raises(StoreDamaged):
        notes(database)
    database.close()
    repaired = replace_damaged(path, ONE)
    assert notes(repaired) == ["first"]
    assert "damaged" in repaired.notice
    # The second process that noticed the damage opens what the first made.
    again = replace_damaged(path, ONE)
    assert again.notice == ""
    repaired.close()
    again.close()


def test_only_one_process_repairs(path, monkeypatch):
    open_database(path, ONE).close()
    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 200)
    with module.try_lock(path.with_name("notes.db.repair")) as held:
        assert held
        with pytest.raises(StoreError, match="does not let go"):
            replace_damaged(path, ONE)


def test_a_full_disk_is_told_reading_goes_on_and_space_brings_writing_back(path):
    database = open_database(path, ONE)
    with database.write() as connection:
        pages = connection.execute("PRAGMA page_count").fetchall()[0][0]
    database._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreReadOnly, match=r"disk is full.*free some space"):
        add(database, "x" * 100_000)
    assert notes(database) == ["first"]
    database._writer.execute("PRAGMA max_page_count = 100000")
    add(database, "x" * 100_000)
    assert len(notes(database)) == 2
    database.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreReadOnly, match="cannot be written"):
        open_database(blocked / "notes.db", ONE)


def test_a_writer_that_waits_too_long_is_told(path, monkeypatch):
    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 50)
    first, second = open_database(path, ONE), open_database(path, ONE)
    with first.write(), pytest.raises(StoreError, match="locked"):
        add(second, "x")
    first.close()
    second.close()


def test_errors_of_the_system_are_told_apart(path):
    for raised, told in (
        (apsw.ReadOnlyError, StoreReadOnly),
        (apsw.IOError, StoreReadOnly),
        (apsw.MisuseError, StoreError),
    ):
        with pytest.raises(told), module.translated(path):
            raise raised("x")


def test_a_lock_ends_with_its_holder(tmp_path):
    path = tmp_path / "lock"
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom copilot_lsp.store.lock import try_lock\n"
        f"with try_lock(Path({str(path)!r})) as held:\n    print(held, flush=True)\n    time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with module.try_lock(path) as held:
        assert not held
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with module.try_lock(path) as held:
        assert held

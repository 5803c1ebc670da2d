"""Files that differ from what git has noted of them, without running git; nothing where that cannot be told."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.index import changed as module
from copilot_lsp.index.changed import changed


def git_index(root, paths, *, version=2, extended=False):
    """The index that git would have written for some files as they are."""
    content = struct.pack(">4sII", b"DIRC", version, len(paths))
    for path in sorted(paths):
        about = os.stat(root / path)
        seconds, rest = divmod(about.st_mtime_ns, 1_000_000_000)
        name = path.encode()
        flags = min(len(name), 0xFFF) | (0x4000 if extended else 0)
        entry = struct.pack(">10I20sH", 0, 0, seconds, rest, 0, 0, 0, 0, 0, about.st_size, b"", flags)
        entry += (b"\0\0" if extended else b"") + name
        content += entry + b"\0" * (8 - len(entry) % 8)
    (root / ".git").mkdir(exist_ok=True)
    (root / ".git" / "index").write_bytes(content + b"\0" * 20)


@pytest.fixture
def paths(folder):
    files = {f"pack/part_{'x' * number}.py": f"value = {number}\n" for number in range(12)}
    folder.write(files)
    return list(files)


@pytest.mark.parametrize("extended", [False, True])
def test_changed_files_come_the_last_modified_first(folder, paths, extended):
    git_index(folder.root, paths, version=3 if extended else 2, extended=extended)
    for number, path in enumerate((paths[3], paths[8])):
        (folder.root / path).write_text(f"value = {number} + 100\n")
        os.utime(folder.root / path, ns=(0, 2_000_000_000_000_000_000 + number))
    folder.crawl()
    assert changed(folder.open()) == (paths[8], paths[3])


def test_nothing_has_changed_right_after_a_commit(folder, paths):
    git_index(folder.root, paths)
    folder.crawl()
    assert changed(folder.open()) == ()


def test_where_everything_seems_to_have_changed_the_times_tell_nothing(folder, paths):
    git_index(folder.root, paths)
    for path in paths:
        os.utime(folder.root / path, ns=(0, 0))
    folder.crawl()
    assert changed(folder.open(), limit=5) == ()


def test_no_repository_or_an_unusual_one_changes_nothing(folder, paths):
    folder.crawl()
    workspace = folder.open()
    assert changed(workspace) == ()
    git = folder.root / ".git"
    git.write_text("gitdir: elsewhere\n")
    assert changed(workspace) == ()
    git.unlink()
    git_index(folder.root, paths, version=4)
    assert changed(workspace) == ()


def test_an_index_that_is_a_pipe_or_too_large_is_not_read(folder, paths, monkeypatch):
    git_index(folder.root, paths)
    folder.crawl()
    (folder.root / paths[0]).write_text("value = 1000\n")
    monkeypatch.setattr(module, "_LARGEST", 10)
    assert changed(folder.open()) == ()
    if hasattr(os, "mkfifo"):
        (folder.root / ".git" / "index").unlink()
        os.mkfifo(folder.root / ".git" / "index")
        assert changed(folder.open()) == ()


@given(st.binary(max_size=200), st.sampled_from([b"", b"DIRC\0\0\0\2\0\0\0\3"]))
def test_any_bytes_are_read_without_an_error(tmp_path_factory, content, head):
    path = tmp_path_factory.mktemp("git") / "index"
    path.write_bytes(head + content)
    assert isinstance(module._entries(path), dict)

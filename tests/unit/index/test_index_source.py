"""A file is read as an editor shows it, or left out with a reason."""

import os
import sys

import pytest

from copilot_lsp.index.source import NotIndexed, read_source


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("grün\r\n".encode(), "grün\r\n", "utf-8"),
        (b"\xef\xbb\xbfx = 1", "x = 1", "utf-8"),
        ("\ufeffx".encode("utf-16-le"), "x", "utf-16-le"),
        ("\ufeffx".encode("utf-16-be"), "x", "utf-16-be"),
        ("grün".encode("latin-1"), "grün", "latin-1"),
        (b"", "", "utf-8"),
    ],
)
def test_text_is_decoded(tmp_path, content, text, encoding):
    path = tmp_path / "a"
    path.write_bytes(content)
    source = read_source(path, 1_000)
    assert (source.text, source.encoding, source.size) == (text, encoding, len(content))
    assert source.stamp == path.stat().st_mtime_ns


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x7fELF\0\0", "binary"),
        (b"x" * 30_000, "very long lines"),
        (b"x\n" * 20_000, "too large"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nabc", "secret"),
    ],
)
def test_what_is_not_worth_indexing_is_left_out(tmp_path, content, reason):
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(NotIndexed, match=reason):
        read_source(path, 35_000)


def test_what_is_no_file_is_left_out(tmp_path):
    with pytest.raises(NotIndexed, match="vanished"):
        read_source(tmp_path / "nowhere", 1_000)
    with pytest.raises(NotIndexed, match=r"unreadable|special"):
        read_source(tmp_path, 1_000)
    with pytest.raises(NotIndexed, match="unreadable"):
        read_source(tmp_path / "a\0b", 1_000)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX special files")
def test_a_pipe_or_link_that_took_a_files_place_is_left_out(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotIndexed, match="special"):
        read_source(tmp_path / "pipe", 1_000)
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(NotIndexed, match="unreadable"):
        read_source(tmp_path / "link", 1_000)

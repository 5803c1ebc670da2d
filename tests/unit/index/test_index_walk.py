"""Which files are indexed: what ignore files, secrets, limits and odd entries leave out, and that both ways agree."""

import os
import socket
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.index.ignore import Ignore, above, is_withheld
from copilot_lsp.index.secret import is_secret_content, is_secret_folder, is_secret_name
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.walk import Rules, Walk, is_indexed


def found(root, **settings):
    walk = Walk(Rules.of(root, IndexSettings(**settings).scope))
    return [one.path for one in walk.files()], dict(walk.skipped)


def test_ignore_files_hold_below_their_folder_and_the_inner_one_wins(folder):
    folder.write(
        {
            ".gitignore": "build/\n*.gen.py\n/only_here.py\n",
            "a.py": "",
            "b.gen.py": "",
            "only_here.py": "",
            "build/c.py": "",
            "sub/.gitignore": "!kept.gen.py\nlocal.py\n",
            "sub/kept.gen.py": "",
            "sub/other.gen.py": "",
            "sub/local.py": "",
            "sub/only_here.py": "",
            "local.py": "",
        }
    )
    paths, skipped = found(folder.root)
    assert paths == ["a.py", "local.py", "sub/kept.gen.py", "sub/only_here.py"]
    assert skipped == {"ignored": 5, "unknown kind": 2}


def test_a_copilotignore_hides_from_us_what_git_keeps(folder):
    folder.write({".copilotignore": "private/\n", "private/a.py": "", "b.py": ""})
    assert found(folder.root)[0] == ["b.py"]


def test_what_a_copilotignore_names_is_withheld_and_what_git_leaves_out_is_not(folder):
    folder.write(
        {".copilotignore": "private/\n*.key.py\n", ".gitignore": "made.py\n", "sub/.copilotignore": "!a.key.py\n"}
    )
    withheld = [
        path
        for path in ("private/a.py", "a.key.py", "sub/a.key.py", "made.py", "b.py")
        if is_withheld(folder.root, path)
    ]
    assert withheld == ["private/a.py", "a.key.py"]


def test_ignore_files_of_the_repository_around_a_sub_folder_hold(folder):
    folder.write(
        {
            ".git/info/exclude": "excluded.py\n",
            ".gitignore": "*.log.py\npart/hidden/\n",
            "part/a.py": "",
            "part/b.log.py": "",
            "part/hidden/c.py": "",
            "part/excluded.py": "",
        }
    )
    assert found(folder.root / "part")[0] == ["a.py"]


def test_without_a_repository_folders_above_do_not_matter(folder):
    folder.write({".gitignore": "*.py\n", "part/a.py": ""})
    assert above(folder.root / "part") == Ignore()
    assert found(folder.root / "part")[0] == ["a.py"]


def test_secrets_are_left_out_whatever_ignore_files_say(folder):
    names = [".env", ".env.local", "server.pem", "id_rsa", ".npmrc", ".NETRC", "secrets.yaml", "prod.tfvars"]
    folder.write({".gitignore": "!*\n", ".ssh/config.py": "", "secret.py": "", **dict.fromkeys(names, "x")})
    assert found(folder.root, text=("",))[0] == [".gitignore", "secret.py"]


@given(st.sampled_from([".env", "id_rsa", "key.pem", ".npmrc", "credentials.json"]), st.data())
def test_the_case_of_a_secret_name_does_not_matter(name, data):
    mixed = "".join(data.draw(st.sampled_from([letter, letter.upper()])) for letter in name)
    assert is_secret_name(mixed)


def test_what_only_sounds_secret_is_code():
    assert not any(map(is_secret_name, ["secret.py", "tokens.go", "environment.ts", "keys.rs", "monkey.py"]))
    assert is_secret_folder(".SSH")
    assert not is_secret_folder("ssh")
    assert is_secret_content(b"\n-----BEGIN OPENSSH PRIVATE KEY-----")
    assert not is_secret_content(b"header = '-----BEGIN'")


def test_kinds_without_a_grammar_are_left_out_except_texts(folder):
    folder.write({"a.py": "", "photo.png": "x", "notes.txt": "x", "data.bin": "x"})
    assert found(folder.root) == (["a.py", "notes.txt"], {"unknown kind": 2})


def test_folders_that_tools_make_are_left_out(folder):
    folder.write({"env/pyvenv.cfg": "", "env/lib/a.py": "", "node_modules/b/c.js": "", ".git/d.py": "", "e.py": ""})
    assert found(folder.root) == (["e.py"], {"made by a tool": 1, "ignored": 1, "version control": 1})


def test_limits_of_size_and_number_hold(folder):
    folder.write({"a.py": "x" * 2_000, "b.py": "", "c.py": "", "d.py": ""})
    assert found(folder.root, max_file_bytes=1_000, max_files=2) == (
        ["b.py", "c.py"],
        {"too large": 1, "too many files": 1},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX special files")
def test_links_pipes_and_sockets_are_not_touched(folder, monkeypatch):
    folder.write({"real/a.py": ""})
    (folder.root / "loop").symlink_to(folder.root)
    (folder.root / "link.py").symlink_to(folder.root / "real/a.py")
    os.mkfifo(folder.root / "pipe.py")
    server = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(folder.root)
    server.bind("socket.py")
    assert found(folder.root) == (["real/a.py"], {"link": 2, "special": 2})
    server.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux allows any bytes in a name")
def test_a_name_that_is_not_text_is_left_out(folder):
    with open(os.fsencode(folder.root) + b"/\xff.py", "w"):
        pass
    assert found(folder.root) == ([], {"name is not text": 1})


def test_a_root_that_is_gone_has_no_files(tmp_path):
    assert found(tmp_path / "nowhere") == ([], {"unreadable": 1})


def test_lines_that_are_no_patterns_are_passed_over(folder):
    folder.write({".gitignore": "!\n///\n[\nignored.py\n", "ignored.py": "", "a.py": ""})
    assert found(folder.root)[0] == ["a.py"]


def test_a_file_alone_is_judged_as_the_walk_judges_it(folder):
    folder.write(
        {
            ".gitignore": "build/\n*.gen.py\n",
            "a.py": "",
            "x.gen.py": "",
            "build/c.py": "",
            "deep/er/.gitignore": "!y.gen.py\n",
            "deep/er/y.gen.py": "",
            "deep/z.gen.py": "",
            "env/pyvenv.cfg": "",
            "env/b.py": "",
            ".ssh/c.py": "",
            ".env": "",
            "photo.png": "",
        }
    )
    (folder.root / "link").symlink_to(folder.root / "deep", target_is_directory=True)
    rules = Rules.of(folder.root, IndexSettings().scope)
    every = [path.relative_to(folder.root).as_posix() for path in folder.root.rglob("*") if path.is_file()]
    alone = {path for path in [*every, "link/z.py"] if is_indexed(rules, path)}
    assert alone == set(found(folder.root)[0]) == {"a.py", "deep/er/y.gen.py"}

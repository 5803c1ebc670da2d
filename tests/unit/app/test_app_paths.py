"""Where the user's files go, also where there is no home folder."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from copilot_lsp.app.paths import private_folder, user_paths


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("COPILOT_LSP_HOME", "HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_chosen_home_holds_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPILOT_LSP_HOME", "here")
    assert user_paths().state == tmp_path / "here" / "state"
    assert not (tmp_path / "here").exists()


def test_the_platforms_folders_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    paths = user_paths()
    assert all(one.is_relative_to(tmp_path / "me") for one in (paths.cache, paths.state, paths.config))
    assert len({paths.cache, paths.state}) == 2


@pytest.mark.skipif(os.name != "posix", reason="a user without a home exists on POSIX only")
def test_without_a_home_a_private_temporary_folder_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nobody(number: int) -> object:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    base = user_paths().cache.parent
    assert base == tmp_path / f"copilot-lsp-{os.getuid()}"
    assert stat.S_IMODE(base.stat().st_mode) == 0o700
    assert user_paths().cache.parent == base

    # What somebody else prepared under that name, or left open to others, is not used.
    base.chmod(0o755)
    other = user_paths().state.parent
    assert other not in (base, user_paths().state.parent)
    base.rmdir()
    base.symlink_to(tmp_path / "elsewhere")
    assert user_paths().state.parent.name.startswith("copilot-lsp-")
    assert not (tmp_path / "elsewhere").exists()


def test_a_private_folder_is_private(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert made.is_dir()
    assert os.name != "posix" or stat.S_IMODE(made.stat().st_mode) == 0o700

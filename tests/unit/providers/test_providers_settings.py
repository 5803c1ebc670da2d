"""Endpoints and keys as a person may write them."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from copilot_lsp.core.errors import SettingsError
from copilot_lsp.providers.keys import key_of
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x",
        "localhost:8080",
        "http://",
        "http://user:pass@host",
        "http://host/?key=1",
        "http://host/#x",
        "http://[::1",
    ],
)
def test_only_plain_web_addresses_are_taken(url: str) -> None:
    with pytest.raises(ValidationError):
        EndpointSettings(url=url)


def test_a_slash_at_the_end_does_not_matter() -> None:
    assert EndpointSettings(url="https://host:8443/api/").url == "https://host:8443/api"


def test_a_misspelt_setting_is_an_error() -> None:
    with pytest.raises(ValidationError, match="modle"):
        ProviderSettings.model_validate({"endpoints": {"a": {"modle": "x"}}})


def test_where_requests_go_is_sensitive() -> None:
    for name, field in ProviderSettings.model_fields.items():
        extra = field.json_schema_extra
        assert isinstance(extra, dict), name
        assert extra["sensitive"], name


def test_a_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", " sk-1 \n")
    assert key_of(EndpointSettings(api_key_env="MY_KEY")) == "sk-1"
    assert key_of(EndpointSettings()) == ""
    monkeypatch.setenv("MY_KEY", "")
    with pytest.raises(SettingsError, match="MY_KEY"):
        key_of(EndpointSettings(api_key_env="MY_KEY"))


@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\x00b"])
def test_what_cannot_be_a_key_is_not_repeated(key: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(key, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(SettingsError) as caught:
        key_of(EndpointSettings(api_key_file=str(file)))
    assert key not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="file modes mean something else here")
def test_a_key_file_must_be_private(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-2\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        key_of(EndpointSettings(api_key_file=str(file)))
    file.chmod(0o600)
    assert key_of(EndpointSettings(api_key_file=str(file))) == "sk-2"
    with pytest.raises(SettingsError, match="cannot be read"):
        key_of(EndpointSettings(api_key_file=str(tmp_path / "none")))

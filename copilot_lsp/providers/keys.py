"""Where an endpoint's API key comes from."""

import os
import stat
from pathlib import Path

from copilot_lsp.core.errors import SettingsError
from copilot_lsp.providers.settings import EndpointSettings


def key_of(settings: EndpointSettings) -> str:
    """The key that the settings point to; empty when they point to none. Raises SettingsError, never with the key."""
    if settings.api_key_env:
        key = os.environ.get(settings.api_key_env, "").strip()
        where = f"the environment variable {settings.api_key_env}"
    elif settings.api_key_file:
        key = _read(Path(settings.api_key_file).expanduser())
        where = f"the file {settings.api_key_file}"
    else:
        return ""
    if not key:
        raise SettingsError(f"no API key in {where}")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError(f"what is in {where} cannot be an API key")
    return key


def _read(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            raise SettingsError(f"others can read the API key in {path}; run chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise SettingsError(f"the API key in {path} cannot be read: {error}") from None

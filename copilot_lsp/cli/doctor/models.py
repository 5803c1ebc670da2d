"""Which model servers are there, and what is wrong with them?"""

import asyncio
import http.client
import json
import shutil
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from copilot_lsp.cli.doctor.advice import Advice

if TYPE_CHECKING:
    from copilot_lsp.app.settings import Settings

# Where llama.cpp and LocalAI, LM Studio, and vLLM listen when nobody says otherwise.
_USUAL_PORTS = {8080: "llama.cpp or LocalAI", 1234: "LM Studio", 8000: "vLLM"}
# Before this version Ollama's model loader could be made to read memory out of bounds (CVE-2026-7482).
_SAFE_OLLAMA = (0, 17, 1)
_INSTALL = "curl -fsSL https://ollama.com/install.sh | sh"
_PULL = "ollama pull qwen2.5-coder:1.5b-base"
_PATIENCE = 0.5


def models(settings: "Settings") -> Iterator[Advice]:
    """What completes code and why, and what each model server on this machine needs."""
    yield asyncio.run(_selected(settings))
    yield from _ollama(settings.providers.local_ollama)
    configured = {urlsplit(one.url).port for one in settings.providers.endpoints.values()}
    for port, name in _USUAL_PORTS.items():
        if port not in configured and _get(f"http://127.0.0.1:{port}/v1/models") is not None:
            yield Advice(
                "hint",
                "Model server",
                f"Something that may be {name} answers on port {port} and is not used.",
                f"export COPILOT_LSP_PROVIDERS__ENDPOINTS__LOCAL__URL=http://127.0.0.1:{port}",
            )


async def _selected(settings: "Settings") -> Advice:
    from copilot_lsp.providers.select import Models

    chosen = Models(settings.providers)
    try:
        async with asyncio.timeout(15):
            await chosen.start()
        sentence, works = chosen.explain, chosen.choice("complete") is not None
    except TimeoutError:
        sentence, works = "A configured model server did not answer within 15 seconds.", False
    finally:
        await chosen.close()
    if works:
        return Advice("fine", "Models", sentence)
    if settings.providers.endpoints:
        return Advice("fault", "Models", sentence, "copilot-lsp config")
    return Advice("hint", "Models", sentence, _PULL if shutil.which("ollama") else _INSTALL)


def _ollama(url: str) -> Iterator[Advice]:
    found = _get(f"{url}/api/version") if url else None
    if found is None:
        return
    version = str(found.get("version", ""))
    if _numbers(version) < _SAFE_OLLAMA:
        safe = ".".join(map(str, _SAFE_OLLAMA))
        yield Advice(
            "fault",
            "Ollama",
            f"Version {version} has known security faults; {safe} or later has not.",
            _INSTALL,
        )
    reachable = next(_reachable(urlsplit(url).port or 11434), None)
    if reachable is not None:
        yield Advice(
            "fault", "Ollama", f"Other machines can reach it at {reachable}.", "OLLAMA_HOST=127.0.0.1 ollama serve"
        )


def _reachable(port: int) -> Iterator[str]:
    """Addresses of this machine, other than loopback, on which something listens at the port."""
    import psutil

    for addresses in psutil.net_if_addrs().values():
        for one in addresses:
            if one.family == socket.AF_INET and not one.address.startswith("127."):
                try:
                    socket.create_connection((one.address, port), _PATIENCE).close()
                except OSError:
                    continue
                yield one.address


def _get(url: str) -> dict[str, Any] | None:
    """The JSON object that a server on this machine answers; None when it does not, or not with one."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=_PATIENCE)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        found = json.loads(answer.read(1_000_000)) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("-")[0].split(".") if part.isdecimal())

"""Model servers as fixtures."""

import importlib.util
import platform
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from servers.llama import LlamaServer
    from servers.ollama_front import Front
    from servers.tiny_http import Handler

StartLlama = Callable[..., "LlamaServer"]


def has_wheel() -> bool:
    return sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.fixture(scope="session")
def fill_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file that can fill in the middle; random weights."""
    return _model(tmp_path_factory, fills=True)


@pytest.fixture(scope="session")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file without tokens for filling in; random weights."""
    return _model(tmp_path_factory, fills=False)


def _model(tmp_path_factory: pytest.TempPathFactory, *, fills: bool) -> Path:
    if not has_wheel() and importlib.util.find_spec("xllamacpp") is None:
        pytest.skip(f"no llama.cpp server: xllamacpp has no wheel for {sys.platform} {platform.machine()}")
    from servers.random_gguf import write

    return write(tmp_path_factory.mktemp("models") / "random.gguf", fills=fills)


@pytest.fixture(scope="session")
def llama(fill_model: Path) -> "Iterator[LlamaServer]":
    """A real llama.cpp server that fills in, chats and makes vectors. Shared: do not kill it; it has one slot."""
    from servers.llama import LlamaServer

    server = LlamaServer(fill_model, vectors=True).start()
    yield server
    server.kill()


@pytest.fixture
def start_llama(fill_model: Path) -> Iterator[StartLlama]:
    """Start a llama.cpp server of one's own: `start_llama(model=..., key=..., name=..., context=..., slots=...)`."""
    from servers.llama import LlamaServer

    started: list[LlamaServer] = []

    def start(model: Path = fill_model, **options: object) -> LlamaServer:
        server = LlamaServer(model, **options).start()  # pyright: ignore[reportArgumentType]
        started.append(server)
        return server

    yield start
    for server in started:
        server.kill()


@pytest.fixture
async def ollama_front(llama: "LlamaServer") -> "AsyncGenerator[Front]":
    """NOT Ollama: a front with its API over the shared llama.cpp server; see ollama_front.py."""
    from servers.ollama_front import Front, fronting

    async with fronting(Front(llama.url)) as front:
        yield front


@pytest.fixture
async def serve() -> "AsyncGenerator[Callable[[Handler], object]]":
    """Run a handler of faults.py or recorded.py: `site = await serve(handler)`."""
    from servers.tiny_http import Site, serving

    async with AsyncExitStack() as stack:

        async def start(handler: "Handler", port: int = 0) -> Site:
            return await stack.enter_async_context(serving(handler, port))

        yield start


@pytest.fixture
async def tap() -> "AsyncGenerator[Callable[[int], object]]":
    """Put a recording proxy before a port: `wire = await tap(llama.port)`."""
    from servers.wire import Wire, tapped

    async with AsyncExitStack() as stack:

        async def start(port: int) -> Wire:
            return await stack.enter_async_context(tapped(port))

        yield start

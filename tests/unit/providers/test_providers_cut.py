"""Texts that a model refuses as too long are cut by what the server says, else by halves, and not for ever."""

from collections.abc import Sequence
from typing import Any

import pytest

from copilot_lsp.providers.embeddings import cut_to_fit
from copilot_lsp.providers.refusal import PromptTooLong, Server, refusal

SERVER = Server("work", "http://127.0.0.1:11434")


class Refusing:
    """A server that reads `most` characters of a text, and says so in some words."""

    def __init__(self, most: int, words: str) -> None:
        self.most = most
        self.words = words
        self.asked: list[list[int]] = []

    async def __call__(self, texts: Sequence[str]) -> dict[str, Any]:
        self.asked.append([len(text) for text in texts])
        longest = max(map(len, texts))
        if longest > self.most:
            raise refusal(SERVER, 500, self.words.format(longest=longest, most=self.most))
        return {"lengths": self.asked[-1]}


async def test_the_servers_own_numbers_tell_how_much_fits() -> None:
    server = Refusing(512, "input ({longest} tokens) is too large to process (current batch size: {most})")
    assert await cut_to_fit(["a" * 2_000, "b" * 30, "c" * 600], server) == {"lengths": [460, 30, 460]}
    assert len(server.asked) == 2


async def test_without_numbers_a_text_is_halved_until_it_fits() -> None:
    server = Refusing(512, "the input is too long")
    assert await cut_to_fit(["a" * 2_000, "b" * 30], server) == {"lengths": [500, 30]}
    assert [lengths[0] for lengths in server.asked] == [2_000, 1_000, 500]


async def test_a_server_that_refuses_everything_is_asked_a_few_times_only() -> None:
    server = Refusing(0, "too long")
    with pytest.raises(PromptTooLong):
        await cut_to_fit(["a" * 2_000], server)
    assert len(server.asked) < 8

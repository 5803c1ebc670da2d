"""The scripted provider, which tests, demos and bug reports lean on."""

from pathlib import Path

import pytest

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import ProviderTimeout, SettingsError
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import at
from copilot_lsp.providers.backends.scripted import Reply, Scripted, replies_of
from copilot_lsp.providers.provider import Message, Model

MODEL = Model("scripted", frozenset({"fim"}), 4096)


def request(prefix: str) -> FillRequest:
    return FillRequest(document("", prefix), at(0, len(prefix)))


async def answer(provider: Scripted, prefix: str) -> list[str]:
    return [piece async for piece in provider.complete(request(prefix), MODEL, seconds(1))]


async def test_the_first_fitting_reply_that_is_not_used_up_is_given() -> None:
    provider = Scripted("s", [Reply("once", when="import ", times=1), Reply("often", when="import "), Reply("other")])
    assert await answer(provider, "import ") == ["once"]
    assert await answer(provider, "import ") == ["ofte", "n"]
    assert "".join(await answer(provider, "x = ")) == "other"
    assert provider.asked == [("complete", "import "), ("complete", "import "), ("complete", "x = ")]
    assert [piece async for piece in provider.chat([Message("user", "hi")], MODEL, seconds(1))] == []


async def test_an_error_comes_after_as_many_pieces_as_the_script_says() -> None:
    provider = Scripted("s", [Reply("abcdefgh", piece=2, error="ProviderTimeout", after=2)])
    stream = provider.complete(request(""), MODEL, seconds(1))
    assert [await anext(stream), await anext(stream)] == ["ab", "cd"]
    with pytest.raises(ProviderTimeout):
        await anext(stream)
    wrong = Scripted("s", [Reply(error="KeyError")])
    with pytest.raises(SettingsError, match="'KeyError'"):
        await answer(wrong, "")


@pytest.mark.parametrize("text", ["", "{}x", "5", "[1]", '[{"text": 1}, null]', "\xff"])
def test_a_script_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "script.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(SettingsError, match=r"script\.json"):
        replies_of(path)


def test_a_script_is_a_list_of_replies(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('[{"text": "a", "when": "b", "comment": "c"}]', encoding="utf-8")
    assert replies_of(path) == [Reply("a", when="b")]

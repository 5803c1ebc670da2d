"""What a real llama.cpp server hears of somebody who types along a suggestion, over standard input and output."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from raw import COMMAND, private
from servers.fixtures import has_wheel

from bench.servers.llama import NAME, Recorded, recorded_llama
from copilot_lsp.cli.editor import Editor, spawned

pytestmark = pytest.mark.skipif(not has_wheel(), reason="no llama.cpp server: xllamacpp has no wheel here")

# Longer than a prompt may be. In a comment the nonsense of a random model is no fault of syntax, which nobody sees.
ABOVE = "".join(f"def one_{number}():\n    return {number}\n\n\n" for number in range(410))
TEXT = f"{ABOVE}# a comment \n\n\ndef last():\n    return 0\n"


@pytest.fixture(scope="module")
def llama() -> Iterator[Recorded]:
    with recorded_llama() as running:
        yield running


async def test_who_types_along_costs_one_request_and_then_only_what_is_new(llama: Recorded, tmp_path: Path) -> None:
    home, root = tmp_path / "home", tmp_path / "work"
    env = private(home)
    (home / "config" / "config.toml").write_text(
        f'completion.timeout = 9.0\nrecall.enabled = false\nproviders.endpoints.llama.url = "{llama.url}"\n'
    )
    root.mkdir()
    (root / "a.py").write_text(TEXT)
    async with spawned(COMMAND, env=env) as editor:
        await editor.initialize(root)
        buffer = editor.open(root / "a.py", "python")
        await editor.hear("window/logMessage", lambda one: NAME in one["message"])
        cursor = buffer.document.position(TEXT.index("comment ") + len("comment "))
        (first,) = await editor.inline(buffer, cursor)
        suggested = first["insertText"]
        for key in suggested[:6]:
            cursor = editor.insert(buffer, cursor, key)
            (item,) = await editor.inline(buffer, cursor)
            suggested = suggested[1:]
            assert item["insertText"] == suggested
        assert len(await answers(llama, 1)) == 1

        cursor = editor.insert(buffer, cursor, "\n# and another ")
        assert await editor.inline(buffer, cursor)
        both = await answers(llama, 2)
        assert len(both) == 2
        # A token is a byte. The suffix, what was typed and a few marks are new to the server; the file is not.
        new = both[1]["timings"]
        assert new["cache_n"] > 3000
        assert new["prompt_n"] <= len("\n\n\ndef last():\n    return 0\n") + len("123456\n# and another ") + 32

        await accepted(editor, llama)
        assert await editor.leave() == 0


async def accepted(editor: Editor, llama: Recorded) -> None:
    """What follows an accepted suggestion is asked for by the server and there when the editor asks."""
    (buffer,) = editor.buffers.values()
    cursor = buffer.document.position(buffer.text.index("and another ") + len("and another "))
    (item,) = await editor.inline(buffer, cursor)
    cursor = editor.insert(buffer, cursor, item["insertText"])
    ahead = (await answers(llama, 3))[2]
    assert ahead["body"]["n_predict"] == 48
    assert ahead["timings"]["cache_n"] > 3000, "for a shorter answer the prompt begins the same"
    await editor.inline(buffer, cursor)
    assert len(await answers(llama, 3)) == 3


async def answers(llama: Recorded, count: int) -> list[dict[str, dict[str, int]]]:
    """The completions that were written to their end, at least so many: the recorder notes them a moment later."""
    async with asyncio.timeout(20):
        while len(found := [one for one in llama.exchanges() if one["timings"]]) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found

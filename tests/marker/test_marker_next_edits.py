"""Does a session offer what follows from what was typed, through the protocol?"""

from pathlib import Path

from fixture import Fixture, Golden, unmark
from stage import session

from copilot_lsp.core.text import Position, Span

TEXT = "def f(total):\n    return total + total\n"


async def test_a_rename_that_was_typed_key_by_key_is_offered_as_a_code_action(tmp_path: Path) -> None:
    fixture = Fixture(Path("typed"), "", files={"a.py": unmark(TEXT)}, goldens=[Golden("actions", "a.py", "", "")])
    async with session(fixture, tmp_path) as (editor, opened):
        buffer = opened["a.py"]
        end = Position(0, 11)
        for _ in range(5):
            end = editor.replace(buffer, Span(Position(0, end.column - 1), end), "")
        for key in "count":
            end = editor.insert(buffer, end, key)
        offered = await editor.actions(buffer, Span(end, end), [])
        action = next(one for one in offered if one["title"].startswith("Apply next edit"))
        assert action["title"] == "Apply next edit: `total` was renamed to `count` (2 places)"
        await editor.carry_out(action)
        assert buffer.text == "def f(count):\n    return count + count\n"
        assert not [one for one in await editor.actions(buffer, Span(end, end), []) if "next edit" in one["title"]]

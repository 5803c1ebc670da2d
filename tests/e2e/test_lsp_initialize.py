"""Is each real client offered what it can use, and nothing else?

`initialize/NAME.initialize.json` is what a client sent; `initialize/NAME.capabilities.txt` is our answer, one leaf a
line, each with the reason why this client gets it. `--update` rewrites the answers and keeps the reasons; a new line
gets `?`, which this test does not take.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from raw import session

FOLDER = Path(__file__).parent / "initialize"
CLIENTS = sorted(FOLDER.glob("*.initialize.json"))
SEPARATOR = "  # "


@pytest.mark.parametrize("client", CLIENTS, ids=lambda path: path.name.removesuffix(".initialize.json"))
async def test_capabilities(client: Path, tmp_path: Path, update: bool) -> None:
    params, known = sent(client), read(golden_of(client))
    async with session(tmp_path) as (raw, _):
        answer = await raw.request(1, "initialize", params)
        assert answer["result"]["serverInfo"]["name"] == "copilot-lsp"
        found = dict(leaves(answer["result"]["capabilities"]))
        assert (await raw.request(2, "shutdown"))["result"] is None
    if update:
        reasons = {line.split(" = ")[0]: reason for line, reason in known.items()}
        rows = [f"{key} = {value}{SEPARATOR}{reasons.get(key, '?')}\n" for key, value in found.items()]
        write(golden_of(client), rows)
        return
    assert list(known) == [f"{key} = {value}" for key, value in found.items()]
    unexplained = [line for line, reason in known.items() if len(reason) < 15]
    assert not unexplained, "say why this client gets it"


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """`{"a": {"b": 1}}` as ("a.b", "1"); lists and empty objects are leaves."""
    if isinstance(tree, dict) and tree:
        for key, value in sorted(tree.items()):
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, json.dumps(tree)


def sent(client: Path) -> Any:
    return json.loads(client.read_text(encoding="utf-8"))


def write(golden: Path, rows: list[str]) -> None:
    golden.write_text("".join(rows), encoding="utf-8")


def golden_of(client: Path) -> Path:
    return client.with_name(client.name.replace(".initialize.json", ".capabilities.txt"))


def read(golden: Path) -> dict[str, str]:
    """Each line of a golden file, without and then with its reason."""
    rows = golden.read_text(encoding="utf-8").splitlines() if golden.exists() else []
    parts = [row.partition(SEPARATOR) for row in rows]
    return {line: reason for line, _, reason in parts}

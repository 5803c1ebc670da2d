"""Does docs/protocol.md say what the code does?"""

import re
from pathlib import Path

from lsprotocol import types

from copilot_lsp.core import registry
from copilot_lsp.features.commands import COMMANDS
from copilot_lsp.lsp import errors
from copilot_lsp.lsp.client import Client, encoding_of

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
# The life cycle is the protocol's own; everything else has a handler.
LIFE_CYCLE = {"initialize", "initialized", "shutdown", "exit", "$/cancelRequest"}


def column(title: str, number: int = 0) -> list[str]:
    """The cells of one column of the table under a heading, without backticks."""
    section = PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [row.strip("|").split("|") for row in section.splitlines() if row.startswith("|")]
    return [row[number].strip().strip("`") for row in rows[2:]]


def test_methods() -> None:
    documented = [*column("Requests"), *column("Notifications")]
    assert sorted(documented) == sorted({*registry.methods("handler"), *LIFE_CYCLE})


def test_what_the_server_sends() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "copilot_lsp" / "lsp").rglob("*.py"))
    sent = {
        method
        for method in types.METHOD_TO_TYPES
        if types.message_direction(method) != "clientToServer"
        and re.search(rf"\bwire\.{sender(method)}(_async)?\(", source)
    }
    assert sorted(column("What the server sends")) == sorted(sent)


def sender(method: str) -> str:
    """The name of pygls's method that sends a message."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", method.replace("$/", "").replace("/", "_")).lower()


def test_commands() -> None:
    assert set(re.findall(r"`(copilotLsp\.\w+)`", PAGE)) == set(COMMANDS)


def test_capabilities() -> None:
    golden = (ROOT / "tests" / "e2e" / "initialize").glob("*.capabilities.txt")
    offered = {re.split(r"[.\s]", row)[0] for path in golden for row in path.read_text(encoding="utf-8").splitlines()}
    assert set(column("Capabilities")) == offered


def test_error_codes() -> None:
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert {int(code) for code in column("Errors")} == codes


def test_encodings() -> None:
    assert Client().encoding == encoding_of(["utf-8", "utf-16"]) == "utf-16"
    for encoding in ("utf-8", "utf-32"):
        assert encoding_of([encoding]) == encoding
        assert f"`{encoding}`" in PAGE.split("## Positions")[1]

"""Documents, folders, settings and capabilities of one session, each by itself."""

from pathlib import Path
from typing import Any, cast

import pytest

from copilot_lsp.core.errors import DeadlineExceeded, Superseded
from copilot_lsp.lsp import errors
from copilot_lsp.lsp.client import client_of, encoding_of
from copilot_lsp.lsp.client_settings import ClientSettings
from copilot_lsp.lsp.documents import Documents
from copilot_lsp.lsp.errors import Refused, failure_of
from copilot_lsp.lsp.folders import Folder, Folders, folder_uris

URI = "file:///w/a.py"


def opened(text: str = "one\ntwo\n") -> Documents:
    documents = Documents("utf-16")
    documents.open({"uri": URI, "text": text, "languageId": "python", "version": 1})
    return documents


def insertion(line: int, character: int, text: str) -> dict[str, Any]:
    place = {"line": line, "character": character}
    return {"range": {"start": place, "end": place}, "text": text}


def test_changes_are_applied_in_order_whatever_their_version() -> None:
    documents = opened()
    documents.change({"uri": URI, "version": 9}, [insertion(0, 3, "!"), insertion(0, 4, "?")], 1.0)
    changed = documents.change({"uri": URI, "version": 2}, [insertion(0, 0, "<")], 2.0)
    assert (changed.text, changed.version) == ("<one!?\ntwo\n", 2)


def test_a_change_that_makes_no_sense_changes_nothing() -> None:
    documents = opened()
    with pytest.raises((ValueError, TypeError, LookupError)):
        documents.change({"uri": URI, "version": 2}, [insertion(0, 0, "x"), {"text": None}], 1.0)
    found = documents.get(URI)
    assert found is not None
    assert (found.text, found.version, len(documents.changes)) == ("one\ntwo\n", 1, 0)


def test_a_change_without_a_version_counts_up() -> None:
    assert opened().change({"uri": URI, "version": None}, [{"text": "new"}], 1.0).version == 2


def test_a_change_of_what_is_not_open_is_refused() -> None:
    with pytest.raises(LookupError):
        Documents("utf-16").change({"uri": URI, "version": 2}, [{"text": "new"}], 1.0)


def test_recent_edits_are_small_and_few() -> None:
    documents = opened()
    documents.change({"uri": URI, "version": 2}, [{"text": "x" * 100_000}], 1.0)
    assert not documents.changes
    for version in range(3, 200):
        documents.change({"uri": URI, "version": version}, [insertion(0, 3 * version, "y")], float(version))
    assert len(documents.changes) == 50
    assert documents.changes[-1].at == 199.0


def test_opening_twice_keeps_the_newer_text_and_closing_forgets() -> None:
    documents = opened()
    documents.open({"uri": URI, "text": "newer", "languageId": "python", "version": 5})
    assert [one.text for one in documents] == ["newer"]
    assert documents.close(URI)
    assert not documents.close(URI)
    assert len(documents) == 0


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-8", "utf-16", "utf-32"], "utf-16"),
        (["utf-8"], "utf-8"),
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-8"], "utf-8"),
        (["utf-7"], "utf-16"),
        ("utf-8", "utf-16"),
        ([["utf-8"], 5], "utf-16"),
    ],
)
def test_the_encoding_is_utf_16_unless_only_others_are_offered(offered: Any, agreed: str) -> None:
    assert encoding_of(offered) == agreed


def test_capabilities_of_the_wrong_type_count_as_none() -> None:
    client = client_of(
        {
            "processId": "5",
            "clientInfo": 3,
            "initializationOptions": [],
            "capabilities": {"textDocument": {"completion": 5, "codeAction": {"resolveSupport": {"properties": 1}}}},
        }
    )
    assert (client.process, client.name, client.options, client.snippets) == (None, "", {}, False)
    assert not client.resolves_actions


def test_the_innermost_folder_holds_a_document() -> None:
    folders = Folders(["file:///w", "file:///w/inner"])
    for uri, root in (("", None), ("file:///w", "/w"), ("file:///w/inner", "/w/inner")):
        folders.known[uri] = cast("Folder", Folder(Path(root) if root else None, cast("Any", uri), cast("Any", None)))
    assert folders.of("file:///w/inner/a.py").root == Path("/w/inner")
    assert folders.of("file:///w/innermost/a.py").root == Path("/w")
    assert folders.of("file:///elsewhere/a.py").root is None
    assert folders.of("untitled:1").root == Path("/w")


@pytest.mark.parametrize(
    ("params", "uris"),
    [
        (
            {"workspaceFolders": [{"uri": "file:///a", "name": "a"}, {"uri": 5}, 7], "rootUri": "file:///b"},
            ["file:///a"],
        ),
        ({"workspaceFolders": None, "rootUri": "file:///b"}, ["file:///b"]),
        ({"rootUri": None, "rootPath": "/c"}, ["file:///c"]),
        ({}, []),
    ],
)
def test_folders_in_the_newest_way_that_the_client_knows(params: dict[str, Any], uris: list[str]) -> None:
    assert folder_uris(params) == uris


def test_folders_come_and_go() -> None:
    folders = Folders(["file:///a", "file:///b", "file:///a"])
    folders.change(["file:///c", "file:///b"], ["file:///a"])
    assert folders.uris == ["file:///b", "file:///c"]


def test_the_newest_word_about_settings_wins() -> None:
    settings = ClientSettings({"settings": {"copilotLsp": {"index": {"enabled": False}, "side": {}}}})
    assert settings.of("file:///a") == {"index": {"enabled": False}, "side": {}}
    settings.pulled("", {"index": {"enabled": True}})
    settings.pulled("file:///a", {"index": None})
    assert settings.of("") == {"index": {"enabled": True}, "side": {}}
    assert settings.of("file:///a")["index"] is None
    assert settings.push({"settings": {"copilotLsp": {"index": 1}}})
    assert settings.of("file:///a")["index"] == 1


@pytest.mark.parametrize("params", [{}, {"settings": None}, {"settings": {}}, {"settings": {"copilotLsp": 5}}])
def test_a_push_without_settings_asks_us_to_pull(params: dict[str, Any]) -> None:
    assert not ClientSettings({}).push(params)


def test_every_error_has_a_code_and_only_our_words_are_shown() -> None:
    assert failure_of(Superseded("newer")).code == errors.CONTENT_MODIFIED
    assert failure_of(DeadlineExceeded("late")).message == "late"
    assert failure_of(Refused(errors.INVALID_PARAMS, "bad", {"a": 1})).body()["data"] == {"a": 1}
    secret = failure_of(KeyError("the text of a document"))
    assert secret.code == errors.INTERNAL_ERROR
    assert "document" not in secret.message

"""Effective settings: precedence, trust, and every way in which a source can be wrong."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from copilot_lsp.app.document import settings_page
from copilot_lsp.app.paths import Paths
from copilot_lsp.app.settings import Effective, Settings, Sources, all_keys, sensitive_keys
from copilot_lsp.app.settings_files import toml_table
from copilot_lsp.app.trust import Trust, digest, sensitive_values

EVIL = "http://evil.test:11434"


class Place:
    """A user's folders and one workspace, both temporary."""

    def __init__(self, base: Path) -> None:
        self.paths = Paths(base / "cache", base / "state", base / "config")
        self.root = base / "work"
        self.root.mkdir()
        self.paths.config.mkdir()

    def user(self, text: str) -> None:
        (self.paths.config / "config.toml").write_text(text, encoding="utf-8")

    def project(self, text: str, name: str = "copilot-lsp.toml") -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def explain(self, client: dict[str, Any] | None = None, **options: Any) -> Effective:
        return Sources.read(options, self.paths).explain(client or {}, self.root)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in [name for name in os.environ if name.startswith("COPILOT_LSP_")]:
        monkeypatch.delenv(name)
    return Place(tmp_path)


def test_nothing_set_means_defaults_and_silence(place: Place) -> None:
    found = place.explain()
    assert found == Effective(Settings())
    assert Sources.read({}, place.paths).effective({}, None) == (Settings(), ())


def test_the_stronger_source_wins_key_by_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.project("[completion]\nmax_tokens = 1\nmax_lines = 1\ntimeout = 1\nuse_model = false\n[pool]\nqueue = 1\n")
    client = {"completion": {"max_tokens": 2, "max_lines": 2, "timeout": 2, "use_model": True}}
    place.user("[completion]\nmax_tokens = 3\nmax_lines = 3\ntimeout = 3\n")
    monkeypatch.setenv("COPILOT_LSP_COMPLETION__MAX_TOKENS", "4")
    monkeypatch.setenv("COPILOT_LSP_COMPLETION__MAX_LINES", "4")
    found = place.explain(client, **{"completion.max_tokens": "5"})
    got = found.settings.completion
    assert (got.max_tokens, got.max_lines, got.timeout, got.use_model) == (5, 4, 3.0, True)
    assert found.settings.pool.queue == 1
    assert found.problems == ()
    assert found.origin == {
        "completion.max_tokens": "the command line",
        "completion.max_lines": "the environment",
        "completion.timeout": str(place.paths.config / "config.toml"),
        "completion.use_model": "your editor's settings",
        "pool.queue": str(place.root / "copilot-lsp.toml"),
    }


def test_environment_values_take_the_type_of_their_key(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_LSP_INDEX__EXCLUDE", "*.min.js, dist/")
    monkeypatch.setenv("COPILOT_LSP_INDEX__TEXT", '[".txt"]')
    monkeypatch.setenv("COPILOT_LSP_EDITOR__LENSES", "true")
    monkeypatch.setenv("COPILOT_LSP_TELEMETRY__LOG_LEVEL", "debug")
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__ENDPOINTS__HOME__URL", "http://localhost:8080")
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__ENDPOINTS__HOME__COMPLETE_MODEL", "123")
    monkeypatch.setenv("COPILOT_LSP_HOME", "/somewhere")  # not a setting
    found = place.explain()
    assert found.problems == ()
    assert found.settings.index.exclude == ("*.min.js", "dist/")
    assert found.settings.index.text == (".txt",)
    assert found.settings.editor.lenses is True
    assert found.settings.telemetry.log_level == "debug"
    home = found.settings.providers.endpoints["home"]
    assert (home.url, home.complete_model) == ("http://localhost:8080", "123")


@pytest.mark.parametrize(
    "client",
    [
        {"copilotLsp": {"pool": {"queue": 9}}, "python": {"x": 1}},
        {"pool": {"queue": 9}},
        {"pool.queue": 9, "editor": {}, "side": None, "completion": {"timeout": None}},
    ],
)
def test_editors_may_nest_or_not_and_send_nothing_for_what_is_not_set(place: Place, client: dict[str, Any]) -> None:
    place.project("[editor]\nlenses = true\n")
    found = place.explain(client)
    assert found.settings.pool.queue == 9
    assert found.settings.editor.lenses is True
    assert found.problems == ()


def test_pyproject_counts_where_there_is_no_file_of_our_own(place: Place) -> None:
    place.project("[tool.copilot-lsp.pool]\nqueue = 7\n[tool.ruff]\nline-length = 3\n", "pyproject.toml")
    assert place.explain().settings.pool.queue == 7
    place.project("[pool]\nqueue = 8\n")
    found = place.explain()
    assert (found.settings.pool.queue, found.problems) == (8, ())


# Sensitive settings


@pytest.mark.parametrize(
    "text",
    [
        f'[providers]\nlocal_ollama = "{EVIL}"\n',
        f'[providers.endpoints.home]\nurl = "{EVIL}"\n',
        f'[telemetry]\notlp_endpoint = "{EVIL}"\n',
        '[telemetry]\nlog_file = "/home/me/.bashrc"\n',
        f'"providers.local_ollama" = "{EVIL}"\n',
    ],
)
def test_a_workspace_sets_nothing_sensitive_until_it_is_trusted(place: Place, text: str) -> None:
    place.project(text)
    found = place.explain()
    assert found.settings == Settings()
    (problem,) = found.problems
    assert ": only you may set " in problem
    assert f"; run `copilot-lsp trust {place.root}` if you trust it." in problem
    assert EVIL not in problem


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_editor_sets_nothing_sensitive_ever(place: Place, wrapped: bool) -> None:
    values = {"providers": {"local_ollama": EVIL, "endpoints": {"home": {"url": EVIL}}}}
    found = place.explain({"copilotLsp": values} if wrapped else values)
    assert found.settings == Settings()
    (problem,) = found.problems
    assert problem.startswith(
        "Your editor's settings: only you may set providers.endpoints.home.url, providers.local_ollama; put it in "
    )
    assert "config.toml" in problem


def test_an_editor_that_sends_every_default_is_not_scolded(place: Place) -> None:
    found = place.explain({"providers": {"local_ollama": "http://127.0.0.1:11434"}, "telemetry": {"log_file": ""}})
    assert found == Effective(Settings())


def test_trust_holds_for_these_values_only(place: Place) -> None:
    place.project('[providers]\nlocal_ollama = "http://gpu.local:11434"\n[pool]\nqueue = 5\n')
    values = sensitive_values(toml_table(place.root / "copilot-lsp.toml").values, sensitive_keys())
    assert values == {"providers.local_ollama": "http://gpu.local:11434"}
    trust = Trust(place.paths.state)
    trust.give(place.root, values)
    assert place.explain().settings.providers.local_ollama == "http://gpu.local:11434"
    assert place.explain().problems == ()

    # An insensitive change keeps the trust, a sensitive one voids it.
    place.project('[providers]\nlocal_ollama = "http://gpu.local:11434"\n[pool]\nqueue = 6\n')
    assert place.explain().problems == ()
    place.project(f'[providers]\nlocal_ollama = "{EVIL}"\n[pool]\nqueue = 6\n')
    assert place.explain().settings.providers == Settings().providers
    assert place.explain().settings.pool.queue == 6

    assert trust.take(place.root)
    assert not trust.take(place.root)


def test_trust_is_for_the_real_folder_and_survives_a_broken_store(place: Place, tmp_path: Path) -> None:
    trust, values = Trust(place.paths.state), {"a.b": 1, "a.c": [1]}
    link = tmp_path / "link"
    link.symlink_to(place.root)
    trust.give(link, values)
    assert trust.holds(place.root, values)
    assert not trust.holds(place.root.parent, values)
    if os.name == "posix":
        assert (place.paths.state / "trust.json").stat().st_mode & 0o077 == 0
    for broken in ("[1]", "{", "\udcff", "[" * 100_000):
        (place.paths.state / "trust.json").write_bytes(broken.encode("utf-8", "surrogateescape"))
        assert not trust.holds(place.root, values)
    assert digest({"a": {"b": 1, "c": 2}}) == digest({"a.c": 2, "a.b": 1})


# Sources that are wrong


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[completion]\nmax_tokens = "many"\n', "completion.max_tokens cannot be used; it should be a whole number"),
        ("[completion]\nmax_tokens = true\n", "completion.max_tokens cannot be used; it should be a whole number"),
        ("[completion]\nmax_tokens = 0\n", "completion.max_tokens should be greater than or equal to 1"),
        ("[completion]\ntimeout = nan\n", "completion.timeout"),
        ("[editor]\ninline = 1\n", "editor.inline cannot be used; it should be true or false"),
        ("[index]\nexclude = 3\n", "index.exclude cannot be used; it should be a list of text"),
        ("[index]\nexclude = [3]\n", "index.exclude cannot be used; it should be a list of text"),
        ('[telemetry]\nlog_level = "loud"\n', "telemetry.log_level should be 'debug', 'info', 'warning' or 'error'"),
        ("editor = 3\n", "editor cannot be used; it should be a table"),
        ("[analysis.severity]\nbare-except = 3\n", "analysis.severity.bare-except"),
    ],
)
def test_a_wrong_value_gives_way_to_the_next_source(place: Place, text: str, sentence: str) -> None:
    place.user(text)
    place.project("[completion]\nmax_tokens = 42\n[editor]\nlenses = true\n")
    found = place.explain()
    (problem,) = found.problems
    assert problem.startswith(f"{place.paths.config / 'config.toml'}: {sentence}"), problem
    assert problem.endswith(". The value is ignored.")
    assert found.settings == Settings().model_copy(
        update={
            "completion": Settings().completion.model_copy(update={"max_tokens": 42}),
            "editor": Settings().editor.model_copy(update={"lenses": True}),
        }
    )


def test_every_wrong_value_is_named_and_the_right_ones_count(place: Place) -> None:
    place.user('[completion]\nmax_tokens = "x"\nmax_lines = 3\n[pool]\nqueue = "y"\nconcurrency = 4\n')
    found = place.explain({"completion": {"max_tokens": "also wrong"}})
    assert (found.settings.completion.max_tokens, found.settings.completion.max_lines) == (96, 3)
    assert found.settings.pool.concurrency == 4
    assert len(found.problems) == 3


def test_a_wrong_url_is_explained_in_the_words_of_its_check(place: Place) -> None:
    place.user('[providers.endpoints.home]\nurl = "ftp://x"\n')
    (problem,) = place.explain().problems
    assert "providers.endpoints.home.url must be a URL that begins with http:// or https://" in problem


def test_names_of_strangers_do_nothing_to_a_terminal(place: Place) -> None:
    place.project('"\\u001b]0;owned\\u0007" = 1\n[analysis.severity]\n"\\u202e" = 1\n')
    unknown, wrong = place.explain().problems
    assert "is called \\x1b]0;owned\\x07" in unknown
    assert "analysis.severity.\\u202e should be " in wrong


def test_unknown_keys_are_said_once_per_source(place: Place) -> None:
    found = place.explain({f"nonsense{number}": number for number in range(400)} | {"pool": {"queue": 3}})
    assert found.problems == (
        "Your editor's settings: no setting of copilot-lsp is called "
        "nonsense0, nonsense1, nonsense10, nonsense100, nonsense101 and 395 more; ignored.",
    )
    assert found.settings.pool.queue == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"[pool\nqueue = 3",
            "is not valid TOML: expected ']' at the end of a table declaration (at line 1, column 6)",
        ),
        (b"[pool]\nqueue = \xff\xfe", "is not UTF-8 text; it is ignored."),
        (b"x = " + b"[" * 20_000, "it is ignored."),
        (b".".join([b"a"] * 200_000) + b" = 1", "nested too deeply"),
        (b"x = {" + b" . ".join([b'"a"'] * 50) + b" = 1}", "nested too deeply"),
        (b"# " + b"x" * 600_000, "is larger than any settings file"),
        (b"\n".join(b"x%d = 1" % number for number in range(40_000)), "more than 500 settings"),
        (
            b"[analysis.severity]\n" + b"\n".join(b"x%d = 1" % number for number in range(40_000)),
            "more than 500 settings",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(place: Place, content: bytes, sentence: str) -> None:
    (place.root / "copilot-lsp.toml").write_bytes(content)
    found = place.explain()
    assert found.settings == Settings()
    (problem,) = found.problems
    assert problem.startswith(str(place.root / "copilot-lsp.toml"))
    assert sentence in problem


def test_hundreds_of_wrong_values_are_checked_in_time(place: Place) -> None:
    place.project("[analysis.severity]\n" + "\n".join(f"rule-{number} = 1" for number in range(499)))
    began = time.process_time()
    assert len(place.explain().problems) == 499
    assert time.process_time() - began < 2


def test_a_folder_in_place_of_a_file_is_one_sentence(place: Place) -> None:
    (place.root / "copilot-lsp.toml").mkdir()
    (problem,) = place.explain().problems
    assert "cannot be read" in problem


def test_a_byte_order_mark_is_no_fault(place: Place) -> None:
    (place.root / "copilot-lsp.toml").write_bytes(b"\xef\xbb\xbf[pool]\nqueue = 3\n")
    assert place.explain().settings.pool.queue == 3


def test_hostile_editor_settings_do_no_harm(place: Place) -> None:
    deep: dict[str, Any] = {}
    for _ in range(50_000):
        deep = {"a": deep}
    assert place.explain({"copilotLsp": deep}).problems == (
        "Your editor's settings are nested too deeply; they are ignored.",
    )
    assert place.explain({"copilotLsp": ["not", "a", "table"]}).settings == Settings()
    lone = place.explain({"telemetry": {"log_level": "\ud800"}, "pool": {"queue": 3}})
    assert (lone.settings.telemetry.log_level, lone.settings.pool.queue) == ("info", 3)


# What is written from the classes


def test_the_schema_is_a_schema_of_the_settings() -> None:
    schema = json.loads(json.dumps(Settings.model_json_schema()))
    assert schema["properties"].keys() == {key.path for key in all_keys() if "." not in key.path}


def test_every_setting_is_described_and_sensitive_ones_are_the_expected() -> None:
    assert [key.path for key in all_keys() if not key.section and "*" not in key.path and not key.description] == []
    assert sensitive_keys() == {
        "providers.endpoints",
        "providers.local_ollama",
        "syntax.grammar_folders",
        "telemetry.log_file",
        "telemetry.otlp_endpoint",
    }


def test_the_documentation_is_what_the_classes_say() -> None:
    page = Path(__file__).parents[3] / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == settings_page(), (
        "run: python -m copilot_lsp.app.document > docs/settings.md"
    )

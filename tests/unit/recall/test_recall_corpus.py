"""The corpus finds what is on disk, hides what is open, outdated or gone, and survives any state of its files."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import WorkerFailed
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Span, at
from copilot_lsp.recall import arrays
from copilot_lsp.recall.build import build
from copilot_lsp.recall.complete import complete
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.lexer import token_id, words
from copilot_lsp.recall.mapped import Mapped, open_mapped
from copilot_lsp.recall.match import Limits
from copilot_lsp.recall.order import SORTED_DEPTH, order
from copilot_lsp.recall.query import queries
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.recall.tokens import tokens_of
from copilot_lsp.workers.pool import Workers

_NAME = "00000000000000000001-1.recall"
ANY = RecallSettings(confidence=0.0, agreement=0.0)


@dataclass(frozen=True)
class Listed:
    path: str
    digest: str


def files_in(root: Path, files: Mapping[str, str | bytes]) -> list[Listed]:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return [Listed(path, str(hash(content))) for path, content in files.items()]


def built(root: Path, files: Mapping[str, str | bytes], tokens: int = 1_000_000) -> Corpus:
    cache = root / ".cache"
    cache.mkdir(parents=True, exist_ok=True)
    rows = [(one.path, one.digest) for one in files_in(root, files)]
    ask = {"root": str(root), "target": str(cache / _NAME), "files": rows, "tokens": tokens}
    build(json.dumps(ask).encode(), lambda _: None)
    return Corpus.open(cache)


def answer(corpus: Corpus, root: Path, text: str, opened: Mapping[str, str] | None = None, path: str = "new.py") -> str:
    """The text that is put at the `|`, with other documents open by path."""
    place = text.index("|")
    subject = document((root / path).as_uri(), text.replace("|", "", 1))
    at = subject.position(place)
    others = {
        (root / name).as_uri(): tokens_of(document((root / name).as_uri(), it)) for name, it in (opened or {}).items()
    }
    fills = complete(FillRequest(subject, Span(at, at)), tokens_of(subject), corpus, others, ANY)
    return fills[0].text if fills else ""


CODE = "def area(shape):\n    width, height = shape.size()\n\n\n    return  width  * height\n"


def test_the_corpus_is_copied_from(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": CODE, "sub/é.py": "x = 'naïve'\n"})
    assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.size()"
    assert answer(corpus, tmp_path, "    width, hei|\n") == "ght = shape.size()"
    assert answer(corpus, tmp_path, "x = '|\n") == "naïve'"
    assert corpus.size > 0
    corpus.close()
    assert answer(corpus, tmp_path, "    width, height = |\n") == ""


def test_the_text_on_disk_of_an_open_document_is_never_copied(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": CODE})
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    for opened in ({"a.py": "changed = True\n"}, {"link/a.py": ""}, {"./a.py": ""}):
        assert answer(corpus, tmp_path, "    width, height = |\n", opened) != "shape.size()"
    assert answer(corpus, tmp_path, "    width, height = |\n", path="a.py") == ""
    assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.size()"


def test_an_open_document_that_is_not_lexed_yet_is_hidden_too(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": CODE})
    subject = document((tmp_path / "new.py").as_uri(), "    width, height = ")
    request = FillRequest(subject, Span(subject.end, subject.end))
    assert complete(request, tokens_of(subject), corpus, {}, ANY)
    assert complete(request, tokens_of(subject), corpus, {(tmp_path / "a.py").as_uri(): None}, ANY) == ()


def test_a_rare_place_is_found_among_many_like_it(tmp_path: Path) -> None:
    many = "x = 1\n" * 3000
    corpus = built(tmp_path, {"a.py": f"{many}rare\nx = 2\n{many}"})
    subject = document((tmp_path / "new.py").as_uri(), "rare\nx = ")
    (query,) = queries(FillRequest(subject, Span(subject.end, subject.end)), tokens_of(subject))
    (places,) = corpus.places(query, subject.uri, frozenset(), Limits(10, 0))
    assert sorted(places.left.tolist())[-2:] == [3, 4]
    best = int(places.at[places.left.argmax()])
    assert places.source.text(best, best + 1) == "2"


def test_a_place_is_found_by_the_text_that_follows_its_line(tmp_path: Path) -> None:
    many = "x = 1\n" * 3000
    corpus = built(tmp_path, {"a.py": f"{many}y = 2\nwhat stands only here\n{many}"})
    subject = document((tmp_path / "new.py").as_uri(), "z = \nwhat stands only here\n")
    (query,) = queries(FillRequest(subject, at(0, 4)), tokens_of(subject))
    (places,) = corpus.places(query, subject.uri, frozenset(), Limits(10, 0))
    best = int(places.at[places.right.argmax()])
    assert places.source.text(best, best + 1) == "2"


def test_a_word_that_is_typed_in_part_is_found_whatever_stands_before_it(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": "x = 1\nfrequency = 2\n", "b.py": "other(frequent)\n"})
    assert answer(corpus, tmp_path, "nothing . frequency_|\n") == ""
    assert answer(corpus, tmp_path, "nothing . frequenc|\n").startswith("y")
    assert answer(corpus, tmp_path, "nothing . frequen|\n") in ("cy = 2", "t)")


def test_where_another_word_stands_is_a_place_too_if_such_are_wanted(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": "width, depth = size\nwidth, height = size\n"})
    subject = document((tmp_path / "new.py").as_uri(), "width, hei")
    query = queries(FillRequest(subject, Span(subject.end, subject.end)), tokens_of(subject))[0]
    for wanted, expected in ((0, {"height": False}), (5, {"height": False, "depth": True})):
        (places,) = corpus.places(query, subject.uri, frozenset(), Limits(10, wanted))
        read = [places.source.text(at, at + 1) for at in places.at.tolist()]
        assert dict(zip(read, places.slotted.tolist(), strict=True)) == expected


def test_where_there_is_too_much_the_largest_files_are_left_out(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": "long = 1\n" * 50, "b.py": "short = 2\n"}, tokens=5)
    assert answer(corpus, tmp_path, "short = |\n") == "2"
    assert answer(corpus, tmp_path, "long = |\n") != "1"


async def test_a_saved_file_takes_the_place_of_what_was_built(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": CODE})
    uri = (tmp_path / "a.py").as_uri()
    await corpus.update(uri, CODE.replace("size", "extent"))
    assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.extent()"
    assert answer(corpus, tmp_path, "    width, hei|\n") == "ght = shape.extent()"
    assert answer(corpus, tmp_path, "    width, height = |\n", {"a.py": ""}) == ""
    await corpus.update((tmp_path / "b.py").as_uri(), "depth = 3\n")
    assert answer(corpus, tmp_path, "depth = |\n") == "3"
    await corpus.update(uri, None)
    assert "shape" not in answer(corpus, tmp_path, "    width, height = |\n")


def test_files_that_changed_or_went_while_nobody_looked_are_hidden(tmp_path: Path) -> None:
    files = {"a.py": CODE, "b.py": "depth = 3\n", "c.py": "length = 4\n"}
    corpus = built(tmp_path, files)
    listed = [Listed(path, str(hash(content))) for path, content in files.items()]
    assert corpus.stale(listed) == 0
    assert corpus.stale([Listed("a.py", "other"), listed[2], Listed("d.py", "new")]) == 3
    assert "shape" not in answer(corpus, tmp_path, "    width, height = |\n")
    assert answer(corpus, tmp_path, "depth = |\n") != "3"
    assert answer(corpus, tmp_path, "length = |\n") == "4"


async def test_few_files_that_changed_are_read_again(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.py": CODE, "b.py": "depth = 3\n"})
    listed = files_in(tmp_path, {"a.py": CODE.replace("size", "extent"), "b.py": "depth = 5\n", "c.py": "length = 4\n"})
    await corpus.update((tmp_path / "b.py").as_uri(), "depth = 6\n")
    assert corpus.stale(listed) == 3
    await corpus.catch_up(tmp_path)
    assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.extent()"
    assert answer(corpus, tmp_path, "length = |\n") == "4"
    assert answer(corpus, tmp_path, "depth = |\n") == "6"


def test_the_nearer_file_wins_a_tie(tmp_path: Path) -> None:
    above = "".join(f"def {name}(self):\n    return self.{name}\n\n" for name in ("one", "two", "three", "four"))
    text = {"far/away/a.py": "scale = 1\n", "near/b.py": "scale = 2\n", "off/c.py": "scale = 3\n"}
    corpus = built(tmp_path, {path: above + line for path, line in text.items()})
    assert answer(corpus, tmp_path, "scale = |\n", path="near/new.py") == "2"
    assert answer(corpus, tmp_path, "scale = |\n", path="far/away/new.py") == "1"


def test_unreadable_files_are_left_out(tmp_path: Path) -> None:
    files = {"binary": b"\0\1\2", "latin": b"caf\xe9 = 1\n", "empty": "", "wide": "y " * 3_000_000, "a.py": CODE}
    corpus = built(tmp_path, files)
    assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.size()"
    assert corpus.stale([Listed(path, str(hash(content))) for path, content in files.items()]) == 0
    gone = built(tmp_path / "other", {"a.py": ""})
    assert answer(gone, tmp_path / "other", "x = |") == ""


def test_a_file_that_is_cut_or_damaged_is_removed_and_an_older_one_is_used(tmp_path: Path) -> None:
    built(tmp_path, {"a.py": CODE}).close()
    good = (tmp_path / f".cache/{_NAME}").read_bytes()
    first = 16 + int.from_bytes(good[8:12], "little")
    for damaged in (
        b"",
        good[:40],
        good[: len(good) // 2],
        good[:-70],
        good[:first] + bytes([good[first] ^ 1]) + good[first + 1 :],
        b"x" + good[1:],
    ):
        newer = tmp_path / ".cache/1.recall"
        newer.write_bytes(damaged)
        corpus = Corpus.open(tmp_path / ".cache")
        assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.size()"
        assert not newer.exists()


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        arrays.write(tmp_path / "no" / "such", {}, {"a": np.zeros(3)})
    with pytest.raises(TypeError):
        arrays.write(tmp_path / "odd", {"fact": object()}, {})
    assert list(tmp_path.iterdir()) == []


async def test_a_rebuild_takes_over_while_saved_files_stay(tmp_path: Path) -> None:
    cache = tmp_path / ".cache"
    corpus = built(tmp_path, {"a.py": CODE})
    listed = files_in(tmp_path, {"a.py": CODE.replace("size", "extent"), "b.py": "depth = 3\n"})
    await corpus.update((tmp_path / "a.py").as_uri(), CODE.replace("size", "forgotten"))
    workers = Workers()
    seen: list[bytes] = []
    saving: list[asyncio.Future[None]] = []

    def report(line: bytes) -> None:
        seen.append(line)
        saving.append(asyncio.ensure_future(corpus.update((tmp_path / "c.py").as_uri(), "length = 4\n")))

    try:
        await corpus.rebuild(tmp_path, listed, workers, report)
        assert answer(corpus, tmp_path, "    width, height = |\n") == "shape.extent()"
        assert answer(corpus, tmp_path, "length = |\n") == "4"
        assert all(one.done() for one in saving)
        assert json.loads(seen[0]) == {"done": 0, "files": 2}
        assert len(list(cache.glob("*.recall"))) == 1
        assert corpus.stale(listed) == 0
        await workers.close()
        with pytest.raises(WorkerFailed):
            await corpus.rebuild(tmp_path, listed, workers)
        assert answer(corpus, tmp_path, "depth = |\n") == "3"
    finally:
        await workers.close()


@given(st.lists(st.integers(1, 4), max_size=60))
def test_places_are_in_the_order_of_the_text_before_them(numbers: list[int]) -> None:
    found = order(np.array(numbers, np.uint32)).tolist()
    contexts = [tuple(reversed(numbers[max(0, place - SORTED_DEPTH) : place])) for place in found]
    assert sorted(found) == list(range(len(numbers) + 1))
    assert contexts == sorted(contexts)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "a.b(c)", "\n", "\n\n", "  ", "x1 = y2", '"é"']), min_size=1, max_size=30))
def test_the_text_is_written_again_as_it_was(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    folder = tmp_path_factory.mktemp("texts")
    text = f"z {''.join(pieces)} z\n"
    built(folder, {"a": text}).close()
    mapped: Mapped = open_mapped(folder / f".cache/{_NAME}")
    lines = [line.rstrip() for line in text.splitlines()]
    assert mapped.text(0, len(mapped.ids) - 1).splitlines() == lines
    assert mapped.beginning_with("x").tolist() == [token_id(word) for word in {*words(text)} if word.startswith("x")]

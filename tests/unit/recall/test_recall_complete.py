"""What the embedded engine writes, where it keeps silent, and that it never copies from where it must not."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Fill, FillLimits, FillRequest
from copilot_lsp.core.text import Position, Span
from copilot_lsp.recall.complete import complete
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.recall.tokens import Tokens, tokens_of

ANY = RecallSettings(confidence=0.0, agreement=0.0)


def ask(
    text: str,
    others: Mapping[str, str] | None = None,
    *,
    uri: str = "file:///work/a.py",
    limits: FillLimits | None = None,
    settings: RecallSettings = ANY,
) -> tuple[Fill, ...]:
    """Complete at the `|` of a text, with other open documents by URI."""
    place = text.index("|")
    subject = document(uri, text.replace("|", "", 1))
    at = subject.position(place)
    opened: dict[str, Tokens] = {name: tokens_of(document(name, other)) for name, other in (others or {}).items()}
    request = FillRequest(subject, Span(at, at), limits=limits or FillLimits())
    return complete(request, tokens_of(subject), None, opened | {uri: tokens_of(subject)}, settings)


def written(text: str, others: Mapping[str, str] | None = None, **more: object) -> str:
    """The text after the best filling."""
    fills = ask(text, others, **more)
    return text.replace("|", fills[0].text if fills else "")


BLOCK = "def area(shape):\n    width, height = shape.size()\n    return width * height\n\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def area_of(shape):\n    width, height = |\n", "def area_of(shape):\n    width, height = shape.size()\n"),
        # In the middle of a word the filling begins with what is typed.
        ("def area_of(shape):\n    width, hei|\n", "def area_of(shape):\n    width, height = shape.size()\n"),
        # The blank that is missing comes along.
        ("def area_of(shape):\n    width, height =|\n", "def area_of(shape):\n    width, height = shape.size()\n"),
        # The indentation that is missing comes along.
        (
            "class A:\n    def area(shape):\n        width, height = shape.size()\n|\n",
            "class A:\n    def area(shape):\n        width, height = shape.size()\n        return width * height\n",
        ),
        # What the editor closed already is not closed again.
        ("def area_of(shape):\n    width, height = shape.size(|)\n", None),
        ("def other(shape):\n    width, height = shape|()\n", "def other(shape):\n    width, height = shape.size()\n"),
    ],
)
def test_the_line_goes_on_as_it_did_elsewhere(before: str, after: str | None) -> None:
    assert written(BLOCK + before) == BLOCK + (after or before.replace("|", ""))


@pytest.mark.parametrize(
    ("there", "here", "inserted"),
    [
        ("total = add(first, second)\n", "total = add(|)\n", "first, second"),
        ("total = add(first, second)\n", "total = add(|):\n", "first, second"),
        ("total = add(first, second), other\n", "total = add(|)]\n", "first, second"),
        ("total = add(one(first), 2)\n", "total = add(|) or\n", "one(first), 2"),
        ("total = add(first, second)\n", "total = add(first, |second)\n", ""),
        ("total = first + second\n", "total = | - third\n", ""),
    ],
)
def test_the_copy_stops_where_the_line_goes_on(there: str, here: str, inserted: str) -> None:
    assert written(there + here) == there + here.replace("|", inserted)


def test_text_after_the_cursor_decides_between_equal_beginnings() -> None:
    first = "with open(path) as file:\n    rows = parse(file)\n    report(rows)\n\n"
    second = "with open(path) as file:\n    text = file.read()\n    print(text, end='')\n\n"
    assert written(f"{first}{second}with open(path) as file:\n    |\n    report(rows)\n").endswith(
        "    rows = parse(file)\n    report(rows)\n"
    )
    assert written(f"{first}{second}with open(path) as file:\n    |\n    print(text, end='')\n").endswith(
        "    text = file.read()\n    print(text, end='')\n"
    )


@pytest.mark.parametrize(
    ("before", "filled"),
    [
        # What stands in the same place around both lines stands for the other in the copied line as well.
        ("def area_of(other):\n    width, height = |\n", "other.size()"),
        ("def area(box):\n    |\n    return width * height\n", "width, height = box.size()"),
        # Where the cursor touches a word, that one stays.
        ("def area_of(other):\n    width, hei|\n", "ght = other.size()"),
    ],
)
def test_a_copied_line_is_offered_with_the_names_that_stand_here(before: str, filled: str) -> None:
    assert filled in [fill.text for fill in ask(BLOCK + before, limits=FillLimits(alternatives=3))]


def test_a_word_begun_stands_for_another_in_a_line_like_those_elsewhere() -> None:
    seen = "".join(f"if {name} is None:\n    {name} = find({name!r})\n\n" for name in ("first", "second", "third"))
    before = "def of(subdomain, other):\n    return subdomain\n\n"
    assert written(f"{before}{seen}if subdo|\n").endswith("if subdomain is None:\n")
    # What the word stands for changes all along the line.
    doubled = "".join(f"self.{name} = {name}\n" for name in ("first", "second", "third"))
    found = ask(f"{before}{doubled}self.subdo|\n", limits=FillLimits(alternatives=3))
    assert "main = subdomain" in [fill.text for fill in found]


def test_a_word_begun_goes_on_as_anywhere_in_the_document() -> None:
    assert written("value = compute_average(first)\nprint(|\n".replace("print(|", "print(1 + compute_a|")).endswith(
        "print(1 + compute_average(first)\n"
    )


def test_another_open_document_is_copied_from() -> None:
    assert written("width, height = |\n", {"file:///work/b.py": BLOCK}) == "width, height = shape.size()\n"


def test_a_complete_line_is_left_alone() -> None:
    assert ask(BLOCK + "def area_of(shape):\n    width, height = shape.size()|\n") == ()


def test_what_was_never_seen_is_not_completed() -> None:
    assert ask(BLOCK + "import quux|\n", settings=RecallSettings()) == ()
    assert ask("|") == ()
    assert ask(BLOCK + "width, height = |\n", settings=RecallSettings(enabled=False)) == ()
    assert ask("a|") == ()


def test_the_names_of_the_block_at_hand_are_offered() -> None:
    between = "".join(f"def number_{word}(self):\n    return self.{word} + 1\n\n\n" for word in "abcdefghij")
    text = f"{BLOCK}{between}def area_of(other):\n    width, height = |\n"
    assert [fill.text for fill in ask(text, limits=FillLimits(alternatives=2))] == ["shape.size()", "other.size()"]


def test_unsure_lines_are_offered_as_far_as_they_agree() -> None:
    seen = "".join(f"response = self.get()\nself.assertEqual(response.code_{name}, {name})\n\n" for name in "abcdefgh")
    fills = ask(f"{seen}response = self.get()\nself.assertE|\n", settings=RecallSettings(confidence=0.9, agreement=0.3))
    assert fills[0].text.startswith("qual(response.")
    assert "\n" not in fills[0].text


def test_alternatives_are_distinct_and_the_surest_comes_first() -> None:
    seen = "x = second()\ny = 0\n\nx = first()\ny = 0\n\nx = first()\ny = 0\n\n"
    fills = ask(f"{seen}x = |\n", limits=FillLimits(alternatives=2))
    assert fills[0].text == "first()"
    assert len({fill.text for fill in fills}) == 2
    assert fills[0].confidence >= fills[1].confidence
    assert all(0 <= fill.confidence <= 1 and fill.source == "recall" for fill in fills)


HEAD = """class {name}:
    def run(self, names):
        log = open_log("run", "w", encoding="utf-8")
        log.write(self.title, self.count, 1, 2, 3)
        for name in sorted(names):
"""
BODY = """            item = find(name)
            if item:
                item.close()
            count += 1
"""


def test_a_block_is_copied_where_a_long_match_stands_before_it() -> None:
    limits = FillLimits(lines=8)
    block = f"{HEAD.format(name='A')}{BODY}\n"
    new = HEAD.format(name="B")
    assert ask(f"{block}{new}            item = |\n", limits=limits)[0].text == BODY.strip().removeprefix("item = ")
    assert ask(f"{block}{new}            item = |\n")[0].text == "find(name)"
    # In finished code nothing is pushed between two lines, and after a short match nobody knows how the block goes on.
    assert ask(f"{block}{new}            item = |\n            done()\n", limits=limits)[0].text == "find(name)"
    assert ask(f"{block}            item = |\n", limits=limits)[0].text == "find(name)"


def test_a_block_keeps_the_documents_tabs_and_line_ends() -> None:
    before, after = (text.replace("    ", "\t").replace("\n", "\r\n") for text in (HEAD, BODY))
    text = f"{before.format(name='A')}{after}\r\n{before.format(name='B')}\t\t\titem = |\r\n"
    assert ask(text, limits=FillLimits(lines=3))[0].text == "find(name)\r\n\t\t\tif item:\r\n\t\t\t\titem.close()"


@pytest.mark.parametrize(
    "junk", ["\x00\x01|\xff\x00", "\ud800\ud801|", "((((((|", "\r\r\r|\r", "\t|", "é = |é", "x" * 100_000 + "|"]
)
def test_junk_is_answered(junk: str) -> None:
    ask(junk + "\n" + junk.replace("|", ""))


def test_a_place_beyond_the_text_is_its_end() -> None:
    subject = document("file:///a", "a = 1\n")
    outside = Span(Position(99, 99), Position(99, 99))
    assert complete(FillRequest(subject, outside), tokens_of(subject), None, {}) == ()


PIECES = st.sampled_from(
    ["a", "foo", " ", "\t", "\n", "\r\n", "(", ")", "):", "=", ".", "\ud800", "é", "1", "    ", '"']
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)
PLACES = st.tuples(st.integers(-1, 20), st.integers(-1, 30)).map(lambda pair: Position(*pair))


@given(TEXTS, TEXTS, PLACES, PLACES, st.integers(1, 4))
def test_any_text_and_any_span_is_answered(text: str, other: str, start: Position, end: Position, lines: int) -> None:
    subject = document("file:///work/a.py", text * 3)
    request = FillRequest(subject, Span(*sorted((start, end))), limits=FillLimits(lines=lines, alternatives=3))
    fills = complete(request, tokens_of(subject), None, {"file:///b": tokens_of(document("file:///b", other))}, ANY)
    for fill in fills:
        assert fill.text.strip()
        assert 0 <= fill.confidence <= 1
        assert fill.text.count("\n") < lines


def test_who_writes_at_the_end_of_a_file_is_helped_as_well() -> None:
    reader = (
        "def load_{0}(path):\n    with open(path, encoding='utf-8') as stream:\n        return json.load(stream)\n\n\n"
    )
    known = "".join(reader.format(name) for name in ("profile", "history", "orders"))
    line = "    with open(path, encoding='utf-8') as stream:\n"
    for written_so_far in ("    with open(path, |", "    with open(path, enc|"):
        fills = ask(f"{known}def load_settings(path):\n{written_so_far}\n", settings=RecallSettings())
        assert fills, written_so_far
        assert written_so_far.replace("|", fills[0].text.split("\n")[0]) + "\n" == line

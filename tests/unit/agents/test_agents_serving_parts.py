"""Speed, pace, ring and blocks: the parts that serving a session stands on."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.serving import pace as pace_module
from copilot_lsp.agents.serving.block import finished
from copilot_lsp.agents.serving.pace import Pace
from copilot_lsp.agents.serving.reading import Reading, Room
from copilot_lsp.agents.serving.ring import Ring
from copilot_lsp.agents.serving.speed import Speed, patience
from copilot_lsp.agents.serving.thrift import Thrift
from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import at


def learnt(*totals: float) -> Speed:
    speed = Speed()
    for total in totals:
        speed.learn(total / 2, total / 2, 11)
    return speed


def test_a_model_is_waited_for_as_long_as_it_is_worth() -> None:
    quick, slow = learnt(0.1, 0.1), learnt(1.5, 1.5)
    assert quick.expected == pytest.approx(0.1)
    assert patience(quick, 0.0, 2.0) == 2.0, "there is nothing else to show"
    assert patience(slow, 0.0, 2.0) == 2.0
    assert patience(quick, 0.9, 2.0) == pytest.approx(0.2)
    assert patience(slow, 0.9, 2.0) == 0.0, "it would not come in time"
    assert patience(Speed(), 0.5, 2.0) == 1.0, "nothing is known of it yet"


def test_the_speed_follows_what_happens() -> None:
    speed = learnt(0.1, 0.1)
    known = speed.expected
    assert known is not None
    speed.gave_up(3.0)
    assert speed.expected is not None
    assert speed.expected > known
    before = speed.expected
    speed.gave_up(0.0)
    assert speed.expected == before, "leaving early says nothing about a model"


def told(reading: Reading, rate: float, keys: int = 20) -> None:
    """Someone types in the middle of a long file; a model reads so many tokens a second."""
    before, after = "x" * 3_000, "y" * 6_000
    for number in range(keys):
        anew = reading.asked((), before + "z" * number, after)
        reading.answered(anew, anew / rate)


def test_a_model_gets_as_much_to_read_as_it_can_in_time() -> None:
    rooms: list[Room] = []
    for rate in (10, 50, 200, 1_000, 3_000, 10_000, 1_000_000):
        reading = Reading()
        assert reading.room(100_000) == Room(2_048, 384), "nothing is known of it"
        told(reading, rate)
        rooms.append(reading.room(100_000))
    assert rooms == sorted(rooms, key=lambda room: (room.tokens, room.suffix))
    assert (rooms[0], rooms[-1]) == (Room(1_024, 96), Room(65_536, 768))
    assert reading.room(3_000).tokens == 3_000, "what a model or a person allows is the most"


@given(st.floats(1, 1e6), st.floats(0.85, 1.15))
def test_a_speed_that_varies_a_little_changes_no_prompt(rate: float, other: float) -> None:
    reading = Reading()
    told(reading, rate)
    known = reading.room(100_000)
    for factor in (other, 1.0, 1 / other, 1.0):
        told(reading, rate * factor)
        room = reading.room(100_000)
        assert room.tokens in (known.tokens, known.tokens * 2, known.tokens // 2)
    settled = reading.room(100_000)
    for factor in (other, 1.0, 1 / other, 1.0) * 3:
        told(reading, rate * factor)
    assert reading.room(100_000) == settled


def test_one_answer_in_between_says_nothing() -> None:
    reading = Reading()
    told(reading, 1_000)
    known = reading.room(100_000)
    told(reading, 5, keys=2)
    assert reading.room(100_000) == known
    told(reading, 5)
    assert reading.room(100_000) == Room(1_024, 96), "a machine that has become busy"


def test_only_what_is_new_to_the_server_counts_as_read() -> None:
    reading, after = Reading(), "y" * 300
    pieces = (chunk("a", 300),)
    assert reading.asked(pieces, "x" * 600, after) == 400
    assert reading.asked(pieces, "x" * 630, after) == 110
    assert reading.asked(pieces, "x" * 600, after) == 100, "deleted"
    assert reading.asked(pieces, "z" * 600, after) == 400, "elsewhere"
    assert reading.asked((), "z" * 600, after) == 300
    assert reading.asked((), "z" * 60_000, after) == 2_048, "a prompt is no longer than it may be"


class Clock:
    """Time for the module under test."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("between", "after", "expected", "delays"),
    [
        (0.1, 0.001, 0.5, True),
        (0.1, 0.001, None, True),
        (0.1, 0.001, 0.05, False),  # the model is quicker than the keys
        (0.1, 0.075, 0.5, False),  # the client waits by itself
        (0.6, 0.001, 0.9, False),  # nobody is typing
    ],
)
def test_only_a_client_without_a_delay_of_its_own_gets_one_while_somebody_types(
    monkeypatch: pytest.MonkeyPatch, between: float, after: float, expected: float | None, delays: bool
) -> None:
    clock = Clock()
    monkeypatch.setattr(pace_module, "time", clock)
    pace = Pace()
    for _ in range(8):
        clock.now += between - after
        pace.changed()
        clock.now += after
        pace.asked(clock.now)
    assert (pace.delay(expected) > 0) is delays
    assert pace.delay(expected) <= 0.2
    assert pace.delay(expected) <= pace.delay(expected, 0.5) <= pace.delay(expected, 1.0) <= 1.0


def test_care_follows_what_was_thrown_away() -> None:
    thrift = Thrift()
    assert (thrift.care, thrift.tokens(96)) == (0.0, 96)
    thrift.learn(5, thrown=True)
    assert thrift.care == 0.0, "a few tokens say little"
    for _ in range(10):
        thrift.learn(96, thrown=True)
    assert (thrift.care, thrift.tokens(96), thrift.tokens(1)) == (1.0, 48, 1)
    for _ in range(100):
        thrift.learn(96, thrown=False)
    assert thrift.care == 0.0, "what is long ago is forgotten"


@pytest.mark.parametrize("reading", [0.05, 0.5])
@pytest.mark.parametrize("writing", [0.1, 0.4, 1.0, 2.0, 4.0])
def test_however_slow_a_model_is_little_of_what_it_writes_is_thrown_away(
    monkeypatch: pytest.MonkeyPatch, reading: float, writing: float
) -> None:
    """Someone types, often pauses for a moment, and at times until the answer is there."""
    clock, chance = Clock(), random.Random(1)
    monkeypatch.setattr(pace_module, "time", clock)
    pace, thrift = Pace(), Thrift()
    written = thrown = answers = 0
    for _ in range(1000):
        for _ in range(chance.randrange(5, 30)):
            clock.now += chance.uniform(0.06, 0.14)
            pace.changed()
            pace.asked(clock.now)
        waits = chance.random() < 0.5
        pause = 10.0 if waits else chance.uniform(0.3, 1.0)
        delay, pieces = pace.delay(reading + writing, thrift.care), thrift.tokens(96)
        some = max(0, min(pieces, round(96 * (pause - delay - reading) / writing)))
        thrift.learn(some, thrown=some < pieces)
        written, thrown = written + some, thrown + (some if some < pieces else 0)
        answers += some == pieces
        clock.now += pause
    assert answers >= 450, "whoever waits gets one"
    assert thrown < 0.07 * written


def chunk(name: str, size: int = 10, score: float = 1.0) -> Chunk:
    return Chunk(f"file:///{name}.py", f"{name}.py", at(0, 0), name * size, name=name, score=score)


def names(ring: Ring) -> str:
    return "".join(one.name for one in ring.chunks)


def test_the_ring_keeps_its_beginning() -> None:
    ring, room = Ring(), 70
    assert ring.update([chunk("a"), chunk("b")], room, lambda _: True)
    assert not ring.update([chunk("b")], room, lambda _: True), "what is there already changes nothing"
    assert ring.update([chunk("c"), chunk("b")], room, lambda _: True)
    assert names(ring) == "abc"
    ring.update([chunk("d"), chunk("a")], room, lambda _: True)
    assert names(ring) == "abd", "what nobody wants goes from the end"
    ring.update([chunk("e", 50)], room, lambda _: True)
    assert names(ring) == "e"


def test_a_piece_that_has_changed_is_replaced() -> None:
    ring = Ring()
    ring.update([chunk("a"), chunk("b"), chunk("c")], 200, lambda _: True)
    ring.update([chunk("a", 12)], 200, lambda one: one.name != "c")
    assert [one.text for one in ring.chunks] == ["b" * 10, "a" * 12]


def test_what_is_worth_most_for_its_size_fits() -> None:
    ring = Ring()
    ring.update([chunk("a", 60, 1.0), chunk("b", 10, 0.9), chunk("c", 10, 0.8)], 80, lambda _: True)
    assert names(ring) == "bc"


@pytest.mark.parametrize(
    ("language", "text", "written", "expected"),
    [
        ("python", "def f(x):\n    if x:|\n    return 1\n", "\n        foo()\n    bar()\n", "\n        foo()"),
        (
            "python",
            "def f(x):\n    if x:|\n",
            "\n        foo()\n    else:\n        g()\n    bar()\n",
            "\n        foo()\n    else:\n        g()",
        ),
        ("python", "def f(x):\n    |\n", "a = 1\n    return a\n\n\ndef g():\n", "a = 1\n    return a"),
        ("python", "def f(x):\n    y = |\n", "1\n    z = 2\n", "1"),
        (
            "python",
            "def f(x):|\n",
            '\n    """Doc\n\nzero."""\n    return 1\n\nclass A:\n',
            '\n    """Doc\n\nzero."""\n    return 1',
        ),
        ("python", "x = f(|)\n", "a,\n    b,\n)\ny = 1\n", "a,\n    b,\n)"),
        ("javascript", "function f(x) {\n  if (x) {|\n  return 1;\n}\n", "\n    foo();\n  }\n", "\n    foo();\n  }"),
        (
            "javascript",
            "function f(x) {\n  |\n}\n",
            "const a = 1;\n  return a;\n}\n\nf();\n",
            "const a = 1;\n  return a;",
        ),
        ("go", "func f() {\n\tfor _, x := range y {|\n\t}\n}\n", "\n\t\tg(x)\n\t}\n\treturn\n", "\n\t\tg(x)\n\t}"),
        ("javascript", "function f(x) {\n  if (x) {|\n}\n", "\n    foo();\n  } else {\n    b();\n", None),
        ("python", "def f(x):\n    if x:|\n", "\n        foo()\n    e", None),
        ("python", "x = |\n", "1", None),
        ("nonesuch", "x = |\n", "1\ny\n", None),
    ],
)
def test_a_block_ends_where_the_code_around_it_goes_on(
    language: str, text: str, written: str, expected: str | None
) -> None:
    subject = document("file:///a", text.replace("|", ""), language)
    assert finished(subject, text.index("|"), written) == expected

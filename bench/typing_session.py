"""What does a model have to do for someone who types?

A typing session in four files of a workspace against a real llama.cpp server: comments and code of one's own, and along
the suggestions that come, some of which are accepted at once, word by word or as a whole. A recorder between server and
model counts. The embedded engine is off, so that all that is shown is the model's. The model writes nonsense, which in
a comment is no fault of syntax.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.options import Options
from bench.processes import OURS, fresh_home
from bench.report import Bar, Report
from bench.servers.llama import CONTEXT, Recorded, furnished, ready, recorded_llama
from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position, Span

# Files of our own package: long enough for a full prompt, and there wherever this runs.
FILES = ("agents/pool.py", "lsp/dispatch.py", "providers/http.py", "syntax/tree.py")
OWN = (
    "    # what comes next is looked up once and kept as long as the session lives",
    "    found = [one for one in waiting if one.turn is not None]",
    "    # the order matters here because later ones stand on what the first one left",
    "    # nobody waits for the last part, which is written when all others have left",
    "    total = sum(len(part) for part in parts) + offset",
)
# Seconds between two keys: about a hundred words a minute.
_FASTEST, _SLOWEST = 0.06, 0.14


@dataclass
class Shown:
    """An answer that the user saw: the text around the cursor then, and what was suggested."""

    before: str
    after: str
    text: str


@dataclass
class Session:
    """What happened. `along` holds the time of each key that was typed along a suggestion, and of the one after it."""

    editor: Editor
    chance: random.Random
    keys: int = 0
    along: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    shown: list[Shown] = field(default_factory=list[Shown])
    cursors: dict[str, tuple[Buffer, Position]] = field(default_factory=dict[str, tuple[Buffer, Position]])
    asked: int = 0
    pending: asyncio.Task[Any] | None = None
    visible: str = ""


def run(options: Options) -> Report:
    return asyncio.run(measure(options))


async def measure(options: Options) -> Report:
    keys = options.times(2000)
    with recorded_llama() as llama, fresh_home() as env:
        root = furnished(
            Path(env["COPILOT_LSP_HOME"]), llama, f"completion.context_tokens = {CONTEXT}", "recall.enabled = false"
        )
        async with spawned(OURS, env=env) as editor:
            await editor.initialize(root)
            await ready(editor)
            session = Session(editor, random.Random(options.seed))
            while session.keys < keys:
                for name in FILES:
                    await in_file(session, root / name, min(keys - session.keys, keys // 8))
            if session.pending is not None:
                await asyncio.wait((session.pending,), timeout=3.0)
            await editor.leave()

        return report(session, llama)


async def in_file(session: Session, path: Path, keys: int) -> None:
    """Type so many keys in the middle of a file, by turns one's own lines and along what is suggested."""
    if path.name not in session.cursors:
        buffer = session.editor.open(path, "python")
        place = buffer.text.index("\n\n\n", len(buffer.text) // 2) + 1
        session.cursors[path.name] = buffer, buffer.document.position(place)
    until = session.keys + keys
    buffer, cursor = session.cursors[path.name]
    while session.keys < until:
        line = session.chance.choice(OWN)
        cursor = await typed(session, buffer, cursor, f"\n{line[: session.chance.randrange(8, 30)]}")
        cursor = await followed(session, buffer, cursor, session.chance.randrange(15, 45))
    session.cursors[path.name] = buffer, cursor


async def typed(session: Session, buffer: Buffer, cursor: Position, text: str) -> Position:
    """Type a text of one's own, one key at a time."""
    for key in text:
        cursor = await pressed(session, buffer, cursor, key)
    return cursor


async def followed(session: Session, buffer: Buffer, cursor: Position, most: int) -> Position:
    """Wait for a suggestion and type along it, then at times accept a word or all of what is left."""
    if session.pending is not None:
        await asyncio.wait((session.pending,), timeout=3.0)
    await answered(session, buffer, cursor, 0.1)
    for _ in range(most):
        if len(session.visible) < 2:
            return cursor
        key, rest = session.visible[0], session.visible[1:]
        began = time.monotonic()
        cursor = await pressed(session, buffer, cursor, key)
        session.along.append((began, time.monotonic()))
        if session.visible and session.visible != rest:
            return cursor  # another one is shown now
        session.visible = session.visible or rest
    if (choice := session.chance.random()) < 0.5:
        part = session.visible if choice < 0.2 else session.visible.split(" ")[0]
        cursor = await pressed(session, buffer, cursor, part)
        await asyncio.sleep(session.chance.uniform(0.3, 1.0))  # to look at what it has become
    return cursor


async def pressed(session: Session, buffer: Buffer, cursor: Position, text: str) -> Position:
    """Change the text, take the last question back if it is still open, ask anew, and wait for the time of one key."""
    cursor = session.editor.replace(buffer, Span(cursor, cursor), text)
    if session.pending is not None:
        session.editor.cancel(session.asked)
    session.keys += 1
    session.visible = ""
    params = {"textDocument": buffer.identifier, "position": buffer.place(cursor), "context": {"triggerKind": 2}}
    session.asked = session.editor.ask("textDocument/inlineCompletion", params)
    session.pending = asyncio.create_task(session.editor.answer(session.asked))
    session.pending.add_done_callback(asyncio.Task.exception)
    await answered(session, buffer, cursor, session.chance.uniform(_FASTEST, _SLOWEST))
    return cursor


async def answered(session: Session, buffer: Buffer, cursor: Position, within: float) -> None:
    """Let so much time pass; an answer that comes meanwhile is shown."""
    until = time.monotonic() + within
    if session.pending is not None:
        await asyncio.wait((session.pending,), timeout=within)
    if session.pending is not None and session.pending.done():
        answer, session.pending = session.pending, None
        items = [] if answer.exception() else (answer.result() or {}).get("items", [])
        if items:
            offset = buffer.document.offset(cursor)
            session.visible = items[0]["insertText"]
            session.shown.append(Shown(buffer.text[:offset], buffer.text[offset:], session.visible))
    await asyncio.sleep(max(0.0, until - time.monotonic()))


def report(session: Session, llama: Recorded) -> Report:
    asked = [one for one in llama.exchanges() if one["status"] == 200 or one["cut"]]
    wanted = [one for one in asked if one["body"]["n_predict"] > 1]
    whole = [one for one in wanted if one["timings"]]
    calls = [one["arrived"] for one in wanted]
    without = sum(not any(began <= call < ended for call in calls) for began, ended in session.along)
    written = sum(one["pieces"] for one in asked)
    thrown = sum(one["pieces"] for one in asked if one["cut"])
    stale = [one for one in session.shown if not any(written_for(exchange, one) for exchange in asked)]
    more = anew(whole)
    shares = Report("typing_session", f"{session.keys:,} keys, {len(session.along):,} of them along a suggestion")
    shares.facts = {
        "answers shown": f"{len(session.shown):,}",
        "requests to the model": f"{len(wanted):,}, {sum(one['cut'] for one in wanted):,} of them cut short",
        "requests to warm it": f"{len(asked) - len(wanted):,}",
        "tokens written": f"{written:,}",
        "a whole answer of the model, median": f"{median(one['ended'] - one['arrived'] for one in whole):.2f} s",
    }
    shares.bars = [
        Bar("keys along a suggestion", len(session.along), session.keys / 4, least=True),
        Bar("of those without the model", without / max(1, len(session.along)), 0.95, least=True),
        Bar("tokens in a prompt, median", median(size(one) for one in whole), 2000, least=True),
        Bar("tokens read anew beyond suffix and typed, median", median(more), 32),
        Bar("stale answers shown", len(stale), 0),
        Bar("tokens of requests cut short", thrown / max(1, written), 0.1),
    ]
    return shares


def size(one: dict[str, Any]) -> int:
    return one["timings"]["prompt_n"] + one["timings"]["cache_n"]


def anew(whole: list[dict[str, Any]]) -> list[int]:
    """For each answer the tokens (here: bytes) that were read beyond the suffix and what was typed since the last."""
    found: list[int] = []
    before = ""
    for one in whole:
        prefix, suffix = parts(one)
        new = len(prefix.encode()) - len(before.encode())
        typed = new if new > 0 and prefix.startswith(before) else 0
        found.append(one["timings"]["prompt_n"] - len(suffix.encode()) - typed)
        before = prefix
    return found


def parts(one: dict[str, Any]) -> tuple[str, str]:
    """Prefix and suffix of a prompt."""
    text = one["body"]["prompt"].split("<|fim_prefix|>")[1]
    prefix, _, rest = text.partition("<|fim_suffix|>")
    return prefix, rest.partition("<|fim_middle|>")[0]


def written_for(one: dict[str, Any], shown: Shown) -> bool:
    """Whether a suggestion is what the model wrote for exactly the text that the user saw it in."""
    prefix, suffix = parts(one)
    place = shown.before.rfind(prefix)
    if place < 0 or not shown.after.startswith(suffix):
        return False
    text = shown.before[place + len(prefix) :] + shown.text
    return one["text"].startswith(text) or one["text"].removeprefix(" ").startswith(text)

"""The course of the demo: which things are shown, one after the other, and whether they worked."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, cast

from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.demo.retype import Take, retype
from copilot_lsp.cli.demo.scenes import Scene, Source, fault, names_to_look_up
from copilot_lsp.cli.demo.screen import Screen
from copilot_lsp.cli.editor import Editor
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import languages

# Letters of a name that are typed before the popup is asked for.
_TYPED = 5
# Seconds that an audience watches a progress bar.
_PATIENCE = 15.0


@dataclass(slots=True)
class Stage:
    """What the steps of the demo share: `begun` is when the server was started, `missing` the steps without answer."""

    screen: Screen
    editor: Editor
    folder: Path
    chosen: list[Source]
    begun: float
    takes: list[Take] = field(default_factory=list[Take])
    missing: list[str] = field(default_factory=list[str])

    def open(self, source: Source) -> Buffer:
        return self.editor.open(source.path, source.document.language, source.document.text)

    def relative(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def nothing(self, what: str) -> None:
        """Say that a step has no answer, and remember it."""
        self.missing.append(what)
        self.screen.say(f"  no answer: {what}", "warning")


async def perform(stage: Stage, first: Scene, second: Scene) -> None:
    """Everything, in the order in which a person meets it."""
    stage.screen.step("Ghost text, while the index is still being built: the open file is enough to begin")
    await _retyped(stage, first)
    complete = await _indexed(stage)
    stage.screen.step("Ghost text from the whole workspace" if complete else "Ghost text from what is indexed so far")
    buffer = await _retyped(stage, second)
    await _looked_up(stage, second, buffer)
    await _corrected(stage, second)
    await _documented(stage, second, buffer)


async def _retyped(stage: Stage, scene: Scene) -> Buffer:
    """Delete a function's body and type it again with the help of ghost text."""
    buffer = stage.open(scene.source)
    signature = scene.body.start.line - 1
    where = f"{stage.relative(scene.source.path)}: {scene.symbol.path} is deleted and typed again"
    marked = "green" if stage.screen.colour else "in brackets"
    stage.screen.say(f"  {where}; {marked} is what was accepted with one key", "faint")
    stage.screen.code(signature, buffer.document.line(signature))
    take = await retype(stage.editor, stage.screen, buffer, scene.body)
    stage.takes.append(take)
    answers = [*take.filled, *take.empty]
    stage.screen.took(
        f"{take.keys} keys for {take.characters} characters, {take.accepted} ghost texts accepted; an answer took",
        median(answers),
    )
    if not take.filled:
        stage.nothing("ghost text")
    return buffer


async def _indexed(stage: Stage) -> bool:
    """Watch the index being built for a while; whether it is complete."""
    stage.screen.step("The index")
    try:
        await progress_ended(stage.editor, stage.screen, _PATIENCE)
    except TimeoutError:
        stage.screen.clear_line()
        stage.screen.say("  still being built, as a large folder takes longer; nobody has to wait for it")
        return False
    since = time.monotonic() - stage.begun
    stage.screen.took("built in the background; complete since the server was started:", since)
    return True


async def _looked_up(stage: Stage, scene: Scene, buffer: Buffer) -> None:
    """A popup for the first letters of a name of the workspace, and a hover over that name."""
    stage.screen.step("A popup with names of the whole workspace, and what is known about one")
    new, used = names_to_look_up(stage.chosen, scene)
    if new is not None:
        await _popped_up(stage, buffer, scene, new[:_TYPED])
    if used is None:
        stage.nothing("a name that another file defines")
        return
    name, place = used.name, used.position
    line = buffer.document.line(place.line)
    begun = time.perf_counter()
    hover = await stage.editor.at("textDocument/hover", buffer, place)
    seconds = time.perf_counter() - begun
    stage.screen.squiggle(place.line, line, place.column, place.column + len(name), "hover", 3)
    if hover is None:
        stage.nothing("hover")
        return
    stage.screen.markdown(text_of(hover["contents"]))
    stage.screen.took("hover", seconds)
    await stage.screen.pause(1.5)


async def _popped_up(stage: Stage, buffer: Buffer, scene: Scene, letters: str) -> None:
    indent = buffer.document.line(scene.body.start.line)[: scene.body.start.column]
    end = Position(scene.body.end.line, len(buffer.document.line(scene.body.end.line)))
    cursor = stage.editor.insert(buffer, end, f"\n{indent}{letters}")
    begun = time.perf_counter()
    items = await stage.editor.completion(buffer, cursor)
    seconds = time.perf_counter() - begun
    stage.screen.code(cursor.line, buffer.document.line(cursor.line))
    if items:
        stage.screen.popup(cursor.column - len(letters), sorted(items, key=lambda item: item.get("sortText", "")))
    else:
        stage.nothing("popup")
    stage.screen.took(f"{len(items)} entries", seconds)
    stage.editor.replace(buffer, Span(end, cursor), "")
    await stage.screen.pause(1.5)


async def _corrected(stage: Stage, scene: Scene) -> None:
    """Make a fault, read the diagnostic, apply its fix."""
    stage.screen.step("A fault, the diagnostic for it, and its fix as a code action")
    made = fault(languages.get(scene.source.document.language))
    if made is None:
        stage.nothing("a rule with a fix")
        return
    path = stage.folder / f"demo-{made.name}{scene.source.path.suffix}"
    buffer = stage.editor.open(path, scene.source.document.language, "")
    stage.editor.insert(buffer, buffer.document.end, made.text)
    begun = time.perf_counter()
    found = await stage.editor.diagnostics(buffer)
    seconds = time.perf_counter() - begun
    if not found:
        stage.nothing("diagnostic")
        return
    _underlined(stage, buffer, found[0])
    stage.screen.took("diagnostics", seconds)
    await stage.screen.pause(1.0)
    before = buffer.text
    fixed = await _applied(stage, buffer, buffer.span(found[0]["range"]), found[:1], "quickfix")
    if fixed:
        left = await stage.editor.diagnostics(buffer)
        stage.screen.say(f"  diagnostics before: {len(found)}, after: {len(left)}")
    elif buffer.text == before:
        stage.nothing("fix")
    stage.editor.close(buffer)
    await stage.screen.pause(1.0)


async def _documented(stage: Stage, scene: Scene, buffer: Buffer) -> None:
    """Let a code action write a doc comment."""
    stage.screen.step("A doc comment, written by a code action")
    place = scene.symbol.name_span.start
    if not await _applied(stage, buffer, Span(place, place), [], "refactor"):
        stage.nothing("doc comment")
    await stage.screen.pause(1.0)


def _underlined(stage: Stage, buffer: Buffer, diagnostic: dict[str, Any]) -> None:
    span = buffer.span(diagnostic["range"])
    for number in range(buffer.document.line_count - 1):
        line = buffer.document.line(number)
        if number == span.start.line:
            stop = span.end.column if span.end.line == number else len(line)
            stage.screen.squiggle(
                number, line, span.start.column, stop, diagnostic["message"], diagnostic.get("severity", 1)
            )
        else:
            stage.screen.code(number, line)


async def _applied(stage: Stage, buffer: Buffer, span: Span, diagnostics: list[dict[str, Any]], *kinds: str) -> bool:
    """Apply the first code action of the given kinds that changes the file; show its title and its diff."""
    begun = time.perf_counter()
    actions = await stage.editor.actions(buffer, span, diagnostics)
    seconds = time.perf_counter() - begun
    for action in actions:
        if str(action.get("kind", "")).split(".")[0] not in kinds:
            continue
        before = buffer.text
        await stage.editor.carry_out(action)
        if buffer.text != before:
            stage.screen.took(f'"{action["title"]}"', seconds)
            stage.screen.diff(before, buffer.text)
            return True
    return False


async def progress_ended(editor: Editor, screen: Screen, within: float) -> None:
    """Show the progress that the server reports until some has been shown and all of it has ended."""
    async with asyncio.timeout(within):
        while not _ended(latest := progress(editor)):
            for one in latest:
                share = one.get("percentage")
                screen.progress(one.get("message") or one.get("title", ""), None if share is None else share / 100)
            await asyncio.sleep(0.05)
    screen.clear_line()


def _ended(latest: list[dict[str, Any]]) -> bool:
    return bool(latest) and all(one["kind"] == "end" for one in latest)


def progress(editor: Editor) -> list[dict[str, Any]]:
    """The latest report of each piece of work that the server has told of."""
    return list({str(one["token"]): one["value"] for one in editor.heard("$/progress")}.values())


def text_of(contents: Any) -> str:
    """The text of a hover's contents, whichever of the protocol's forms they have."""
    if isinstance(contents, list):
        return "\n\n".join(text_of(one) for one in cast("list[Any]", contents))
    return contents if isinstance(contents, str) else contents["value"]

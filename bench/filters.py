"""Do the filters keep back what is wrong, and nothing that is right?

Places in projects of several languages. What the embedded engine says there is counted in syntax errors by a parse of
its own, before and after, without and with the filters. What stood there is the measure of what they take away: as it
is, in a file that ends at the cursor, and with faults put in on purpose.
"""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import tree_sitter

from bench.options import Options
from bench.report import Bar, Report, Samples
from bench.spoil import SPOILERS, Spoiled
from bench.tasks.embedded import corpus_of
from bench.tasks.load import Project, Task, load, sources
from bench.typist import places
from copilot_lsp.agents.filter import sifted
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Fill, FillLimits, FillRequest
from copilot_lsp.core.text import Position, Span
from copilot_lsp.recall.complete import complete
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.recall.tokens import tokens_of
from copilot_lsp.syntax import languages, queries
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.telemetry import metrics

# Below the threshold the engine says more that is wrong: that is what the filters are for.
_EAGER = RecallSettings(confidence=0.0)
_ALTERNATIVES = 3
_OF_EACH = 180
# How long is too long shows in a file of so many lines of Python, at so many places.
_LINES, _PLACES = 5_000, 60
_LOSS = 0.005
_EXAMPLES = 30


@dataclass(slots=True)
class Found:
    """What came out at all places, by language where a counter's keys say so."""

    asked: Counter[str] = field(default_factory=Counter[str])
    said: Counter[str] = field(default_factory=Counter[str])
    raised: Counter[str] = field(default_factory=Counter[str])
    raised_unfiltered: Counter[str] = field(default_factory=Counter[str])
    truths: Counter[str] = field(default_factory=Counter[str])
    lost: Counter[str] = field(default_factory=Counter[str])
    ends: Counter[str] = field(default_factory=Counter[str])
    ends_lost: Counter[str] = field(default_factory=Counter[str])
    spoiled: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    seconds: list[float] = field(default_factory=list[float])
    long: list[float] = field(default_factory=list[float])
    long_touched: list[float] = field(default_factory=list[float])
    examples: list[str] = field(default_factory=list[str])


def run(options: Options) -> Report:
    found = Found()
    report = Report("filters", "what the embedded engine says at places of several languages, and what stood there")
    for project in load(options.half, options.projects):
        tasks = project.tasks[: options.times(_OF_EACH)]
        asyncio.run(_project(project, tasks, found, random.Random(options.seed)))
    _tell(found, report)
    return report


async def _project(project: Project, tasks: Sequence[Task], found: Found, chance: random.Random) -> None:
    corpus = corpus_of(project)
    if project.language == "python":
        await _long(project, corpus, found, chance)
    for number, task in enumerate(tasks):
        text = project.document(task)
        live = await _opened(text)
        await _engine(live, task, corpus, project.language, found)
        await _truth(live, task, project.language, found)
        if number % 2:
            await _end(live, task, project.language, found)
        await _spoiled(live, task, found, chance)
    corpus.close()


async def _long(project: Project, corpus: Corpus, found: Found, chance: random.Random) -> None:
    """How long the filters take while someone types in a long file: the tree at hand is that of the text before."""
    paths = [(abs(path.read_bytes().count(b"\n") - _LINES), path) for path in sources(project.root, "python")]
    off, path = min(paths)
    if off > _LINES // 5:
        return
    whole = document(path.as_uri(), path.read_text(encoding="utf-8"), "python", 1)
    for place in places(whole, _PLACES, chance.randrange(1000)):
        live = await _opened(whole)
        line = Position(place.line, len(whole.line(place.line)))
        text = whole.replaced([Edit(Span(place, line), "")], 2)
        live.changed(text)
        request = FillRequest(text, Span(place, place), limits=FillLimits(lines=8))
        fills = complete(request, tokens_of(text), corpus, {})
        begin = time.process_time()
        shown = await sifted(text, live, fills)
        if fills:
            (found.long if shown == fills else found.long_touched).append(time.process_time() - begin)


async def _engine(live: LiveTree, task: Task, corpus: Corpus, language: str, found: Found) -> None:
    """The engine's own suggestions, unfiltered and filtered."""
    limits = FillLimits(lines=8, alternatives=_ALTERNATIVES)
    request = FillRequest(live.document, Span(task.position, task.position), limits=limits)
    fills = complete(request, tokens_of(live.document), corpus, {}, _EAGER)
    before = _errors(live.document) if fills else 0
    for fill in fills:
        found.asked[language] += 1
        found.raised_unfiltered[language] += _errors(_with(live.document, fill)) > before
        begin = time.process_time()
        shown = await sifted(live.document, live, (fill,))
        found.seconds.append(time.process_time() - begin)
        found.said[language] += bool(shown)
        for one in shown:
            if _errors(_with(live.document, one)) > before:
                found.raised[language] += 1
                found.examples.append(f"{language} {task.path}:{task.line + 1} {one.text!r} raises")


async def _truth(live: LiveTree, task: Task, language: str, found: Found) -> None:
    """What stood there, which no filter may touch."""
    found.truths[language] += 1
    shown = await sifted(live.document, live, (_fill(task, task.truth),))
    if [one.text for one in shown] != [task.truth]:
        found.lost[language] += 1
        found.examples.append(f"{language} {task.path}:{task.line + 1} {task.truth!r} -> {[one.text for one in shown]}")


async def _end(live: LiveTree, task: Task, language: str, found: Found) -> None:
    """The same in a file that is being written from its beginning to its end."""
    text = live.document
    cut = document(text.uri, text.text[: text.offset(task.position)], text.language, 1)
    found.ends[language] += 1
    shown = await sifted(cut, await _opened(cut), (_fill(task, task.truth),))
    if [one.text for one in shown] != [task.truth]:
        found.ends_lost[language] += 1
        found.examples.append(f"{language} end {task.path}:{task.line + 1} {task.truth!r} -> {[s.text for s in shown]}")


async def _spoiled(live: LiveTree, task: Task, found: Found, chance: random.Random) -> None:
    """What stood there with one fault, as a model makes them."""
    for spoiled in _faults(live.document, task, chance):
        shown = await sifted(live.document, live, (_fill(task, spoiled.text),))
        text = shown[0].text if shown else ""
        outcome = "kept back" if not text else "let through" if text == spoiled.text else "repaired wrongly"
        found.spoiled[spoiled.fault]["repaired" if text.rstrip() == task.truth else outcome] += 1


def _faults(text: Document, task: Task, chance: random.Random) -> Iterator[Spoiled]:
    made = [spoiler(text, task.position, task.truth, chance) for spoiler in SPOILERS]
    yield chance.choice([one for one in made if one is not None])


def _tell(found: Found, report: Report) -> None:
    said, truths = sum(found.said.values()), sum(found.truths.values())
    report.samples = [
        Samples("CPU of one suggestion, of an engine that says all it can think of", found.seconds),
        Samples("CPU in 5,000 lines of Python, passed", found.long),
        Samples("CPU in 5,000 lines of Python, all", found.long + found.long_touched),
    ]
    report.facts |= {
        "suggestions shown": _by(found.said, found.asked),
        "raise the number of errors, unfiltered": _by(found.raised_unfiltered, found.asked),
        "raise the number of errors, filtered": _by(found.raised, found.said),
        "right texts touched": _by(found.lost, found.truths),
        "right texts touched at the end of a file": _by(found.ends_lost, found.ends),
    }
    for name, outcomes in sorted(found.spoiled.items()):
        count = sum(outcomes.values())
        shares = ", ".join(f"{outcome} {number / count:.0%}" for outcome, number in outcomes.most_common())
        report.facts[f"fault: {name} ({count})"] = shares
    for series in metrics.METRICS.snapshot():
        if series.metric.name == "filtered_total":
            for (name, outcome, source), number in sorted(series.values.items()):
                if source == "engine":
                    report.facts[f"engine: {name} {outcome}"] = f"{number:.0f}"
    # What no filter may let through comes first.
    examples = sorted(found.examples, key=lambda one: not one.endswith(" raises"))
    for number, example in enumerate(examples[:_EXAMPLES], 1):
        report.facts[f"example {number}"] = example
    report.bars = [
        Bar("suggestions shown that raise the number of syntax errors", sum(found.raised.values()), 0),
        Bar("share of right texts touched", sum(found.lost.values()) / max(1, truths), _LOSS),
        Bar("suggestions shown", said, 5000, least=True),
    ]


def _by(counts: Counter[str], of: Counter[str]) -> str:
    each = ", ".join(f"{language} {counts[language]} of {of[language]}" for language in sorted(of))
    return f"{sum(counts.values())} of {sum(of.values())} ({each})"


def _fill(task: Task, text: str) -> Fill:
    return Fill(Span(task.position, task.position), text, 1.0, "model")


def _with(text: Document, fill: Fill) -> Document:
    return text.replaced([Edit(fill.span, fill.text)], 2)


def _errors(text: Document) -> int:
    """All error and missing nodes of a whole parse, however deep."""
    grammar = queries.grammar(languages.get(text.language))
    cursor = tree_sitter.Parser(grammar).parse(text.text.encode("utf-8", "replace")).walk()
    count = 0
    while True:
        node = cursor.node
        assert node is not None
        count += node.is_error or node.is_missing
        if node.has_error and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return count


async def _opened(text: Document) -> LiveTree:
    """The trees of a document that was opened so long ago that there is one."""
    live = LiveTree(text)
    await live.settle(text)
    return live

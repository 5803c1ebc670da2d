"""How much of the code that stood there does the server write, and how sure is it when it is right?

Lines of many projects, each hidden but for its indentation or cut at a random place, with the text on both sides and
the project as the workspace; beside it plain copying and an n-gram cache on the same tasks. `bench/tasks` says how the
sets are made. In process the embedded engine is asked instead of a server: what to look at while it is changed.
"""

import math
from collections.abc import Mapping, Sequence

from bench.baselines import kept
from bench.options import Options
from bench.report import Bar, Report
from bench.tasks import embedded, served
from bench.tasks.answer import Answer, Figures, figures, precision_at
from bench.tasks.load import HALF, LINE, OF_EACH_KIND, load

_OURS, _COPY, _LITERAL, _NGRAM = "copilot-lsp", "plain copy", "literal copy", "n-gram cache"
_CELL = 47
_LINES, _HALVES = "lines: exact (copy, n-gram), similarity (copy)", "halves: the same"
_HEAD = f"{_LINES:{_CELL}}{_HALVES:{_CELL}}answered  exact of it  at 25 %  at 50 %"


def run(options: Options) -> Report:
    engine = embedded if options.in_process else served
    every: dict[str, list[Answer]] = {_OURS: [], _COPY: [], _LITERAL: [], _NGRAM: []}
    languages: dict[str, dict[str, list[Answer]]] = {}
    rows: dict[str, Mapping[str, Sequence[Answer]]] = {}
    for project in load(options.half, options.projects, seed=options.seed):
        tasks = project.tasks[: min(2 * OF_EACH_KIND, options.times(2 * OF_EACH_KIND))]
        said = {_OURS: engine.answers(project, tasks), **kept.answers(project, tasks)}
        rows[project.name] = said
        for name, answers in said.items():
            every[name] += answers
            languages.setdefault(project.language, {}).setdefault(name, []).extend(answers)
    about = f"{options.half} half, {len(every[_OURS]):,} tasks, {'in process' if options.in_process else 'over stdio'}"
    report = Report("line_completion", about, facts={f"{'project':16}": _HEAD}, bars=_bars(every))
    for label, said in (*rows.items(), *languages.items(), ("all", every)):
        report.facts[f"{label:16}"] = _row(said)
    literal = _of(HALF, every[_LITERAL]).exact
    ratio = _over(_of(HALF, every[_OURS]).exact, literal)
    report.facts["halves, where plain copying takes a piece of a word for a token"] = f"{literal:.1%} {ratio:.2f} x"
    return report


def _row(said: Mapping[str, Sequence[Answer]]) -> str:
    """One line of the table: exact shares and similarities of all engines, and how sure ours is."""
    cells = [_cell({name: _of(kind, answers) for name, answers in said.items()}) for kind in (LINE, HALF)]
    ours = figures(said[_OURS])
    sure = (ours.coverage, ours.precision, precision_at(said[_OURS], 0.25), precision_at(said[_OURS], 0.5))
    shares = "{:8.1%}{:13.1%}{:9.1%}{:9.1%}".format(*sure)
    return "".join(f"{cell:{_CELL}}" for cell in cells) + shares


def _cell(of: Mapping[str, Figures]) -> str:
    ours, copied, ngram = of[_OURS], of[_COPY], of[_NGRAM]
    ratio, alike = _over(ours.exact, copied.exact), _over(ours.similarity, copied.similarity)
    exact = f"{ours.exact:.1%} ({copied.exact:.1%}, {ngram.exact:.1%}) {ratio:.2f} x"
    return f"{exact:28}{ours.similarity:.2f} ({copied.similarity:.2f}) {alike:.2f} x"


def _bars(every: Mapping[str, Sequence[Answer]]) -> list[Bar]:
    lines = {name: _of(LINE, answers) for name, answers in every.items()}
    halves = {name: _of(HALF, answers) for name, answers in every.items()}
    ours = lines[_OURS]
    alike = _over(ours.similarity, lines[_COPY].similarity)
    half = _over(halves[_OURS].exact, halves[_COPY].exact)
    return [
        Bar("lines exact, times plain copy", _over(ours.exact, lines[_COPY].exact), 1.25, least=True),
        Bar("lines' edit similarity, times plain copy", alike, 1.12, least=True),
        Bar("lines exact, times n-gram cache", _over(ours.exact, lines[_NGRAM].exact), 1.5, least=True),
        Bar("halves exact, times plain copy", half, 1.2, least=True),
        Bar("precision at 25 % coverage", precision_at(every[_OURS], 0.25), 0.9, least=True),
        Bar("precision at 50 % coverage", precision_at(every[_OURS], 0.5), 0.75, least=True),
    ]


def _of(kind: str, answers: Sequence[Answer]) -> Figures:
    return figures(answers, lambda task: task.kind == kind)


def _over(ours: float, theirs: float) -> float:
    return ours / theirs if theirs else math.nan

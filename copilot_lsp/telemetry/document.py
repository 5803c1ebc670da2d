"""The page docs/metrics.md, written from the table of metrics and the list of span attributes."""

import sys

from copilot_lsp.telemetry.exposition import PREFIX
from copilot_lsp.telemetry.span import ATTRIBUTES
from copilot_lsp.telemetry.table import TABLE, Label, Metric


def metrics_page() -> str:
    """The page as Markdown."""
    return "\n".join([*_metrics(), "", *_spans(), ""])


def _metrics() -> list[str]:
    return [
        "# Metrics and spans",
        "",
        "Written by `python -m copilot_lsp.telemetry.document > docs/metrics.md`; a test checks it.",
        "",
        "The side port serves these at `/metrics` as Prometheus text. A label admits the values listed, or so many "
        'different ones; any other value is counted as "other".',
        "",
        "| name | kind | meaning | labels |",
        "|---|---|---|---|",
        *(_row(metric) for metric in TABLE),
    ]


def _row(metric: Metric) -> str:
    unit = f" ({metric.unit})" if metric.unit else ""
    labels = "; ".join(_label(label) for label in metric.labels)
    return f"| `{PREFIX}{metric.name}` | {metric.kind} | {metric.help}{unit} | {labels} |"


def _label(label: Label) -> str:
    return f"`{label.name}`: {', '.join(label.values) or f'at most {label.most}'}"


def _spans() -> list[str]:
    return [
        "Spans are named `layer.verb` and carry only these attributes, never source text, prompts or paths:",
        "",
        "| attribute | meaning |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in ATTRIBUTES.items()),
    ]


if __name__ == "__main__":
    sys.stdout.write(metrics_page())

"""How is a proposal written at the cursor?"""

from copilot_lsp.core.fill import FillRequest
from copilot_lsp.recall.propose import Proposal
from copilot_lsp.recall.query import Query


def render(request: FillRequest, proposal: Proposal) -> str:
    """The text to insert: the copied line without what is typed already, in the document's indentation."""
    query, source, place = proposal.query, proposal.source, proposal.place
    text = source.text(place, place + len(proposal.ids))
    text = text.rstrip() if not query.rest or request.suffix[:1].isspace() else text.rstrip("\r\n")
    text = text[len(query.typed) :]
    if query.blank:
        return _missing_indent(request, query, proposal.deeper) + text
    if not query.spaced:
        return " " * int(source.gaps[place]) + text
    return text


def _missing_indent(request: FillRequest, query: Query, deeper: int) -> str:
    """The blanks that the line lacks to be as deep, below the line before it, as the copied line is."""
    missing = query.above + deeper - query.indent
    if missing <= 0:
        return ""
    document = request.document
    above = document.line(max(0, document.clamp(request.span.start).line - 1))
    return ("\t" if above.startswith("\t") else " ") * missing

"""Entries of the completion popup as LSP has them, in the form that a client can show."""

import re

from lsprotocol import types

from copilot_lsp.core.text import Position, Span
from copilot_lsp.features.commands import ACCEPT
from copilot_lsp.features.completion import Item
from copilot_lsp.lsp.client import Client
from copilot_lsp.lsp.convert import Ruler

_KIND = types.CompletionItemKind
# Kinds of the grammars' closed vocabulary; what is not named here is plain text.
_KINDS = {
    "class": _KIND.Class,
    "constant": _KIND.Constant,
    "constructor": _KIND.Constructor,
    "enum": _KIND.Enum,
    "field": _KIND.Field,
    "fill": _KIND.Snippet,
    "function": _KIND.Function,
    "interface": _KIND.Interface,
    "keyword": _KIND.Keyword,
    "macro": _KIND.Function,
    "method": _KIND.Method,
    "module": _KIND.Module,
    "namespace": _KIND.Module,
    "parameter": _KIND.Variable,
    "property": _KIND.Property,
    "struct": _KIND.Struct,
    "type": _KIND.Class,
    "variable": _KIND.Variable,
}
_WORD_REST = re.compile(r"\w*")
# No rank is as high as this; clients sort the text, smallest first.
_TOP = 100


def accept(name: str) -> types.Command:
    """What a client runs when a suggestion is accepted, so that we hear of it; `name` is the suggestion's id."""
    return types.Command(ACCEPT.title, ACCEPT.name, arguments=[name])


def item_of(item: Item, ruler: Ruler, client: Client, name: str | None = None) -> types.CompletionItem:
    """One entry; `name` is the id of a suggestion in it.

    `data` brings its document and what it is about back to us when the client wants to know more."""
    first_line = item.text.strip().split("\n", 1)[0]
    return types.CompletionItem(
        label=item.label,
        kind=_KINDS.get(item.kind, _KIND.Text),
        detail=item.detail or None,
        label_details=types.CompletionItemLabelDetails(description=item.detail)
        if client.label_details and item.detail
        else None,
        sort_text=f"{round((_TOP - item.rank) * 10_000):07d}",
        filter_text=first_line,
        insert_text_format=types.InsertTextFormat.PlainText,
        text_edit=_edit(item, ruler, client),
        command=accept(name) if name else None,
        data={"uri": ruler.document.uri, **item.data},
    )


def _edit(item: Item, ruler: Ruler, client: Client) -> types.TextEdit | types.InsertReplaceEdit:
    if not client.insert_replace or item.span.start.line != item.span.end.line:
        return types.TextEdit(ruler.range(item.span), item.text)
    rest = _WORD_REST.match(ruler.document.line(item.span.end.line), item.span.end.column)
    end = Position(item.span.end.line, rest.end() if rest else item.span.end.column)
    return types.InsertReplaceEdit(item.text, ruler.range(item.span), ruler.range(Span(item.span.start, end)))

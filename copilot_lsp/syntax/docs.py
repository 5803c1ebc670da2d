"""Read a definition's documentation, and write it in the language's convention."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import tree_sitter

from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.comments import documentation, plain
from copilot_lsp.syntax.language import DocStyle
from copilot_lsp.syntax.symbols import Symbol
from copilot_lsp.syntax.tree import SyntaxTree, search

# A decorated or exported definition lies this many levels above the node that docs.scm describes.
_DEPTH = 3
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tree knows about a definition that can be documented. `body` is a byte offset, -1 without a body."""

    parameters: tuple[Parameter, ...] = ()
    result: str = ""
    body: int = -1


def doc_of(tree: SyntaxTree, symbol: Symbol) -> str:
    """The whole documentation of a definition without its marks, empty when it has none."""
    found = documentation(tree, symbol.span.start.line, facts(tree, symbol).body)
    return plain(found.text, tree.language.doc) if found else ""


def facts(tree: SyntaxTree, symbol: Symbol) -> Facts:
    """Parameters, result and body of a definition, as far as docs.scm tells them."""
    query = queries.query(tree.language, "docs")
    start, end = (tree.offsets.byte(place) for place in (symbol.span.start, symbol.span.end))
    node = tree.root.descendant_for_byte_range(start, end)
    if query is None or node is None:
        return Facts()
    name = tree.offsets.byte(symbol.name_span.start)
    known: dict[str, tree_sitter.Node] = {}
    for _, captures in search(query, node, depth=_DEPTH):
        if "documented" in captures and captures["name"][0].start_byte == name:
            # Several patterns may know the same definition, one of them its result.
            for capture, nodes in captures.items():
                known.setdefault(capture, nodes[0])
    return Facts(
        _parameters(tree, query, known["parameters"]) if "parameters" in known else (),
        tree.text_of(known["result"]).lstrip(":-> ").strip() if "result" in known else "",
        known["body"].start_byte if "body" in known else -1,
    )


def _parameters(tree: SyntaxTree, query: tree_sitter.Query, listed: tree_sitter.Node) -> tuple[Parameter, ...]:
    found: dict[int, Parameter] = {}
    for _, captures in search(query, listed, depth=1):
        kind = captures.get("type")
        type_text = tree.text_of(kind[0]).lstrip(": ") if kind else ""
        for node in captures.get("parameter", ()):
            name = tree.text_of(node)
            if name not in tree.language.doc.omit:
                found.setdefault(node.start_byte, Parameter(name, type_text))
    return tuple(found[byte] for byte in sorted(found))


def doc_edit(
    tree: SyntaxTree, symbol: Symbol, text: str, *, parameters: Mapping[str, str] | None = None, result: str = ""
) -> Edit | None:
    """The edit that documents a definition, in place of what documents it now; None where there is no convention.

    `text` is the summary, possibly with more paragraphs; `parameters` has texts by name. What is not given is filled
    from the names and types in the tree.
    """
    style = tree.language.doc
    known = facts(tree, symbol)
    if not style.place or (style.place == "body" and known.body < 0):
        return None
    lines = _content(style, symbol, known, text, parameters or {}, result)
    written = _marked(style, lines)
    found = documentation(tree, symbol.span.start.line, known.body)
    if style.place == "body":
        return _edit_in_body(tree, symbol, known.body, written, found.span if found else None)
    line = symbol.span.start.line
    while style.skip and line > 0 and tree.document.line(line - 1).lstrip().startswith(style.skip):
        line -= 1
    indent = _indent(tree.document.line(line))
    newline = _newline(tree.document.text)
    body = newline.join(f"{indent}{one}".rstrip() for one in written)
    return Edit(found.span, body) if found else Edit(at(line, 0), body + newline)


def _content(
    style: DocStyle, symbol: Symbol, known: Facts, text: str, parameters: Mapping[str, str], result: str
) -> list[str]:
    """The lines of the documentation without its marks."""
    text = text.strip() or f"{' '.join(_words(symbol.name)).capitalize()}."
    lines = style.summary.format(text=_opened(style, symbol.name, text), name=symbol.name).splitlines()
    described: list[str] = []
    if style.parameter and known.parameters:
        described += [style.parameters] if style.parameters else []
        for one in known.parameters:
            said = parameters.get(one.name) or f"The {' '.join(_words(one.name)) or one.name}."
            described.append(style.parameter.format(name=one.name, type=one.type, text=said))
    blocks = [described] if described else []
    said = result or ("" if known.result in style.nothing else known.result)
    if style.result and said and symbol.kind != "constructor":
        block = [style.returns] if style.returns else []
        block.append(style.result.format(text=said, type=known.result))
        # Without headings, parameters and result are one list of tags.
        if style.returns or not blocks:
            blocks.append(block)
        else:
            blocks[-1] += block
    for block in blocks:
        lines += ["", *block] if style.gap else block
    return lines


def _opened(style: DocStyle, name: str, text: str) -> str:
    """The text as the convention begins it: where the template has the name, the text follows in lower case."""
    if "{name}" not in style.summary:
        return text
    if text.startswith(name):
        return text.removeprefix(name).lstrip()
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _marked(style: DocStyle, lines: list[str]) -> list[str]:
    if len(lines) == 1 and style.single:
        return [style.single.format(text=lines[0])]
    if not style.prefix:
        return [style.open + lines[0], *lines[1:], style.close]
    marked = [style.prefix + line for line in lines]
    return [style.open, *marked, style.close] if style.open else marked


def _edit_in_body(tree: SyntaxTree, symbol: Symbol, body: int, written: list[str], found: Span | None) -> Edit:
    """The edit for documentation that is the body's first statement, on a line of its own."""
    place = tree.offsets.position(body)
    line = tree.document.line(place.line)
    newline = _newline(tree.document.text)
    alone = not line[: place.column].strip()
    indent = line[: place.column] if alone else _indent(tree.document.line(symbol.name_span.start.line)) + "    "
    text = newline.join([written[0], *(f"{indent}{one}".rstrip() for one in written[1:])])
    if found:
        return Edit(found, text)
    if alone:
        return Edit(Span(place, place), f"{text}{newline}{indent}")
    before = Position(place.line, len(line[: place.column].rstrip()))
    return Edit(Span(before, place), f"{newline}{indent}{text}{newline}{indent}")


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _newline(text: str) -> str:
    """The line end that the document's first line has."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"

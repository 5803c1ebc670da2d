"""What does a file say about itself at its top?"""

import tree_sitter

from copilot_lsp.syntax.comments import documentation, plain
from copilot_lsp.syntax.tree import SyntaxTree


def module_doc(tree: SyntaxTree) -> str:
    """The documentation of a whole file in its language's convention, empty when it has none.

    A comment that stands right above the first definition is that one's; above a package clause it is the file's.
    """
    above = [node for node in tree.root.children[:50] if not _is_comment(node)]
    if not above:
        return ""
    line = tree.offsets.position(above[0].start_byte).line
    if tree.language.doc.place == "before" and "package" not in above[0].type:
        if tree.document.line(line - 1).strip() or not line:
            return ""
        while line > 0 and not tree.document.line(line - 1).strip():
            line -= 1
    found = documentation(tree, line, above[0].start_byte)
    return plain(found.text, tree.language.doc) if found else ""


def _is_comment(node: tree_sitter.Node) -> bool:
    return "comment" in node.type

"""Does a tree that was parsed in slices know the text of its nodes? The binding asks for it long after the parse."""

import tree_sitter

from copilot_lsp.core.document import document
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.queries import grammar

SOURCE = "".join(f"value_{number} = {number!r} * 'ä'\n" for number in range(200))


async def test_every_node_has_its_text() -> None:
    subject = document("file:///a.py", SOURCE, "python")
    tree = await LiveTree(subject).settle(subject)
    assert tree is not None
    source, seen, cursor = SOURCE.encode(), 0, [tree.root]
    while cursor:
        node = cursor.pop()
        assert node.text == source[node.start_byte : node.end_byte]
        seen += 1
        cursor += node.children
    assert seen > 1000


async def test_a_query_compares_texts() -> None:
    subject = document("file:///a.py", SOURCE, "python")
    tree = await LiveTree(subject).settle(subject)
    assert tree is not None
    query = tree_sitter.Query(grammar(tree.language), '((identifier) @name (#eq? @name "value_7"))')
    found = tree_sitter.QueryCursor(query).captures(tree.root)
    assert [node.text for node in found["name"]] == [b"value_7"]

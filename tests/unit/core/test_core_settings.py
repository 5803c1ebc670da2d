"""Settings are joined by precedence, and sensitive ones only from sources that are trusted."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.settings import Source, flatten, is_sensitive, merge, nest


def test_the_first_source_wins_key_by_key() -> None:
    merged = merge([Source("a", {"x": {"y": 1}}), Source("b", {"x": {"y": 2, "z": 3}, "list": [1]})])
    assert merged.values == {"x": {"y": 1, "z": 3}, "list": [1]}
    assert merged.origin == {"x.y": "a", "x.z": "b", "list": "b"}


def test_dotted_keys_are_paths() -> None:
    assert merge([Source("a", {"x.y": 1}), Source("b", {"x": {"z": 2}})]).values == {"x": {"y": 1, "z": 2}}


def test_a_stronger_leaf_hides_a_weaker_tree_and_the_reverse() -> None:
    assert merge([Source("a", {"x": 1}), Source("b", {"x": {"y": 2}})]).values == {"x": 1}
    assert merge([Source("a", {"x": {"y": 2}}), Source("b", {"x": 1})]).values == {"x": {"y": 2}}


def test_untrusted_sources_cannot_set_sensitive_keys_by_any_shape() -> None:
    sensitive = frozenset({"providers.endpoints"})
    shapes = (
        {"providers": {"endpoints": [1]}},
        {"providers.endpoints": [1]},
        {"providers": {"endpoints": {"deep": 1}}},
        {"providers": 1},
        {"providers.endpoints.0.url": "x"},
    )
    for shape in shapes:
        merged = merge([Source("workspace", shape), Source("user", {"ok": 1}, trusted=True)], sensitive)
        assert merged.values == {"ok": 1}, shape
        assert [name for name, _ in merged.refused] == ["workspace"], shape
    trusted = merge([Source("user", {"providers": {"endpoints": [1]}}, trusted=True)], sensitive)
    assert trusted.values == {"providers": {"endpoints": [1]}}
    assert not is_sensitive("providers.endpointsX", sensitive)


def test_a_leaf_and_a_tree_at_one_path_keep_the_tree() -> None:
    assert nest({"a": 1, "a.b": 2}) == {"a": {"b": 2}}
    assert nest({"a.b": 2, "a": 1}) == {"a": {"b": 2}}


KEY = st.sampled_from(["a", "b", "c"])
TREE = st.recursive(
    st.dictionaries(KEY, st.integers(), min_size=1, max_size=3),
    lambda inner: st.dictionaries(KEY, inner, min_size=1, max_size=3),
    max_leaves=8,
)


@given(TREE)
def test_nest_undoes_flatten(tree: dict[str, object]) -> None:
    assert nest(flatten(tree)) == tree

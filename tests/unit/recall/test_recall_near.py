"""Distances to many folders at once are those to each."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.recall.near import distance, distances

# Characters before, at and behind the slash, in names that begin alike.
FOLDERS = st.lists(st.sampled_from(["a", "a-b", "a0", "b", ".a", ""]), max_size=5).map("/".join)


@given(FOLDERS, st.sets(FOLDERS))
def test_distances_to_many_folders_are_those_to_each(folder, others):
    ordered = sorted(others)
    assert distances(folder, ordered).tolist() == [distance(folder, other) for other in ordered]

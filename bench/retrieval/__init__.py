"""What the bench of search is made of: trees without docstrings, queries with answers, the baseline, the measure."""

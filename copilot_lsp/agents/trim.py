"""Cut what a model wrote down to what fits at the cursor."""


def trim(text: str, before: str, after: str, lines: int) -> str:
    """The part of `text` to insert between `before` (the cursor's line up to it) and `after` (the text behind it).

    At most `lines` lines, no trailing blank lines, and nothing at the end that the document already holds next. Empty
    when nothing worth showing is left.
    """
    kept = "\n".join(begin(text, before).split("\n")[:lines]).rstrip()
    return _without_overlap(kept, after)


def begin(text: str, before: str) -> str:
    """The text as it begins behind `before`: with plain line ends, and without a blank that is there already."""
    plain = text.replace("\r\n", "\n")
    if before and before[-1].isspace() and not plain.startswith("  "):
        # Models that learnt on whole words often repeat the blank before the next one.
        return plain.removeprefix(" ")
    return plain


def _without_overlap(text: str, after: str) -> str:
    """Drop an end of `text` that is also the beginning of what follows the cursor."""
    line_rest = after.split("\n", 1)[0].rstrip()
    if line_rest and text.split("\n")[0].endswith(line_rest) and "\n" not in text:
        return text[: len(text) - len(line_rest)]
    following = next((line for line in after.split("\n")[1:] if line.strip()), "").rstrip()
    rows = text.split("\n")
    if following and len(rows) > 1 and rows[-1].rstrip() == following:
        return "\n".join(rows[:-1]).rstrip()
    return text

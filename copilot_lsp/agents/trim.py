"""Cut what a model wrote down to what fits at the cursor."""


def trim(text: str, before: str, lines: int) -> str:
    """The part of `text` to insert behind `before`, the cursor's line up to it: at most so many lines, no blank end.

    Whether it fits what stands around it is for the filters to say.
    """
    return "\n".join(begin(text, before).split("\n")[:lines]).rstrip()


def begin(text: str, before: str) -> str:
    """The text as it begins behind `before`: with plain line ends, and without a blank that is there already."""
    plain = text.replace("\r\n", "\n")
    if before and before[-1].isspace() and not plain.startswith("  "):
        # Models that learnt on whole words often repeat the blank before the next one.
        return plain.removeprefix(" ")
    return plain

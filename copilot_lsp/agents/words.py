"""How a number of things is said."""


def counted(number: int, noun: str) -> str:
    """As in "1 file" or "2,000 files", for nouns with a regular plural."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

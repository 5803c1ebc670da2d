"""What is a word of a query worth, by where in a piece it is found?

The weights are from the development half of the bench of search, and none of them is sharp.
"""

from copilot_lsp.index.kinds import CODE
from copilot_lsp.index.terms import Terms

# A name counts with its place in the text as well. The file and the folder say what everything in them is about.
NAME, CONTAINER, FILE, FOLDER, DOC, TEXT = 0.4, 0.5, 0.7, 1.0, 0.5, 1.3
# So much found of a word is worth half of what everything is worth.
HALF = 1.3
# A word that means about the same, for who asks and for who describes; in the documentation it means less.
ASKED, DESCRIBED, IN_DOC = 1.0, 0.5, 0.3
# What a word in a text counts for of which it is not known how often it is there.
UNREAD = 0.5
# So many words around it halve what one occurrence in a text is worth.
USUAL = 120
# What a name adds that consists of words of the query, all of them at best.
EXACT = 0.4
# The whole query, found everywhere.
ALL = 4.0
# A model's vector that is the query's own: it tells what the whole text means.
MEANING = 4.0
# A definition of the only name that is asked for, and of one that is mentioned.
DEFINES, MENTIONED = 6.0, 1.0
# What must be made up for by a piece outside of the code itself, and by one that defines nothing.
ASIDE, NAMELESS = 1.2, 0.3


def related(terms: Terms) -> float:
    """What a word counts for that only means about the same as one of the query."""
    return ASKED if terms.asks else DESCRIBED


def aside(kind: str, terms: Terms) -> float:
    """What a piece in a file of a kind must make up for, unless the query speaks of such."""
    return 0.0 if kind == CODE or kind in terms.kinds else ASIDE

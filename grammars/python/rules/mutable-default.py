# A list, dictionary or set that all calls share; the new lines come after a docstring.
def add(item, items=[]):
    #               ^^ mutable-default
    # => def add(item, items=None):
    # =>     if items is None:
    # =>         items = []
    items.append(item)
    return items


# A typed parameter gets no fix: its type would have to change too.
def index(names: dict = {}):
    #                   ^^ mutable-default
    return names


# Immutable defaults, and a lambda, which has no body to make the value in.
def keep(item, items=(), limit=None):
    return lambda found=[]: (item, items, limit, found)

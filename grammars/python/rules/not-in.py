# A whole comparison is negated.
def found(x, y):
    if not x in y:
    #  ^^^^^^^^^^ not-in
    # => if x not in y:
        return 1
    return not x is y
    #      ^^^^^^^^^^ not-in
    # => return x is not y


# The operators themselves, and a chain, whose negation is something else.
def not_found(x, y, z):
    return x not in y, not x, not x == y, not x in y in z

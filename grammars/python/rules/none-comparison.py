# A comparison of any value with None by equality, on either side.
def found(x):
    if x == None:
    #  ^^^^^^^^^ none-comparison
    # => if x is None:
        return 1
    return None != x
    #      ^^^^^^^^^ none-comparison
    # => return None is not x


# Identity, other values and chains, where a rewrite would change more than the operator.
def not_found(x, y):
    if x is None or y is not None:
        return x == 0
    return x == y == None

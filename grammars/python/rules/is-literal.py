# A number, a string or a display on either side of `is`.
def found(x):
    if x is "a":
    #  ^^^^^^^^ is-literal
    # => if x == "a":
        return 1 is not x
        #      ^^^^^^^^^^ is-literal
        # => return 1 != x
    return x is []
    #      ^^^^^^^ is-literal
    # => return x == []


# Singletons and names.
def not_found(x, y):
    return x is None or x is True or x is y or x is ...

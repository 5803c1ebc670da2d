# A condition and its message in one pair of parentheses.
def found(x):
    assert (x, "x is needed")
    #      ^^^^^^^^^^^^^^^^^^ assert-on-tuple
    # => assert x, "x is needed"
    assert (x,)
    #      ^^^^ assert-on-tuple


# A condition in parentheses, and a message outside of them.
def not_found(x):
    assert (x), "x is needed"
    assert (x or len(x))

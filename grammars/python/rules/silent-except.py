# All errors are caught and none is mentioned.
def found():
    try:
        work()
    except Exception:
        pass
    #   ^^^^ silent-except
    # =>         raise


# A named exception, and a comment that says why.
def not_found():
    try:
        work()
    except KeyError:
        pass
    try:
        work()
    except Exception:
        # A probe: any failure means that the feature is not there.
        pass

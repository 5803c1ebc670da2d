# The value in place of the exception, called or not.
def found(x):
    if x:
        raise NotImplemented("later")
        #     ^^^^^^^^^^^^^^ raise-not-implemented
        # => raise NotImplementedError("later")
    raise NotImplemented
    #     ^^^^^^^^^^^^^^ raise-not-implemented
    # => raise NotImplementedError


# The exception, and the value where it belongs.
def not_found(self, other):
    if other:
        return NotImplemented
    raise NotImplementedError("later")

# The same name on both sides.
def found(x, y):
    x = x
#   ^^^^^ self-assignment
    return x, y


# Another name, and an attribute of the same name.
def not_found(self, x, y):
    self.x = x
    x = y
    return x


# In a class body the right side is the name of the enclosing scope, so this makes an attribute of it.
class Kept:
    not_found = not_found

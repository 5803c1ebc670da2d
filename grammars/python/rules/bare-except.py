# Everything is caught, and nothing is raised again.
def found():
    try:
        work()
    except:
#   ^^^^^^ bare-except
    # =>     except Exception:
        recover()


# The clause names an exception, or raises again what it caught.
def not_found():
    try:
        work()
    except Exception:
        recover()
    try:
        work()
    except:
        recover()
        raise

# Nothing is filled in; only plain prefixes get a fix.
def found():
    name = f"plain"
    #      ^^^^^^^^ f-string-without-placeholder
    # => name = "plain"
    other = f'plain'
    #       ^^^^^^^^ f-string-without-placeholder
    # => other = 'plain'
    return rf"\d", name, other
    #      ^^^^^^ f-string-without-placeholder


# A placeholder, escaped braces, and a part of a longer string that lines up with its neighbours.
def not_found(x):
    return f"{x}", f"{{}}", "plain", f"one " f"{x}"

// A place for an argument, but no argument.
class FormatArgumentMissing
{
    string Found()
    {
        return string.Format("Hello {0}");
        //     ^^^^^^^^^^^^^^^^^^^^^^^^^^ format-argument-missing
    }

    // An argument, a text without places, and escaped braces.
    string NotFound(string name)
    {
        Use(string.Format("Hello {0}", name), string.Format("Hello"));
        return string.Format("{{0}}");
    }
}

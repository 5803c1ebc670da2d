// A semicolon ends the statement too early.
class EmptyIf
{
    void Found(bool a)
    {
        if (a);
        //    ^ empty-if
        Work();
    }

    // A block and a statement.
    void NotFound(bool a)
    {
        if (a) Work();
        if (a) { }
    }
}

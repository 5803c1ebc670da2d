// Errors are dropped without a word.
class EmptyCatch
{
    void Found()
    {
        try { Work(); }
        catch (IOException) { }
    //  ^^^^^ empty-catch
        try { Work(); } catch { }
        //              ^^^^^ empty-catch
    }

    // A comment says why.
    void NotFound()
    {
        try { Work(); }
        catch (IOException)
        {
            // The file is optional.
        }
    }
}

// What was caught is thrown by name.
class RethrowLosesStack
{
    void Found()
    {
        try { Work(); }
        catch (IOException ex)
        {
            Log(ex);
            throw ex;
        //  ^^^^^^^^^ rethrow-loses-stack
        // =>             throw;
        }
    }

    // A bare throw, and another exception.
    void NotFound(Exception other)
    {
        try { Work(); }
        catch (IOException ex)
        {
            if (Log(ex)) throw;
            throw other;
        }
    }
}

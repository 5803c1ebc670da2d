// The instance, its type, and an interned string.
class LockOnShared
{
    void Found()
    {
        lock (this) { }
        //    ^^^^ lock-on-shared
        lock (typeof(LockOnShared)) { }
        //    ^^^^^^^^^^^^^^^^^^^^ lock-on-shared
        lock ("gate") { }
        //    ^^^^^^ lock-on-shared
    }

    // An object made for it.
    private readonly object gate = new();

    void NotFound()
    {
        lock (gate) { }
        lock (this.gate) { }
    }
}

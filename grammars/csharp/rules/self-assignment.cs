// A parameter hides the field that is meant.
class SelfAssignment
{
    SelfAssignment(int size)
    {
        size = size;
    //  ^^^^^^^^^^^ self-assignment
    // =>         this.size = size;
    }

    // The field, an initializer, and a change of itself.
    void NotFound(int size)
    {
        this.size = size;
        Use(new Box { size = size });
        size += size;
    }
}

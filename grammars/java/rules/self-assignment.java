// A parameter hides the field that is meant.
class SelfAssignment {
    SelfAssignment(int size) {
        size = size;
    //  ^^^^^^^^^^^ self-assignment
    // =>         this.size = size;
    }

    // The field, and a change of itself.
    void notFound(int size) {
        this.size = size;
        size += size;
    }
}

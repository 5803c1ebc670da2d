// A semicolon ends the statement too early.
class EmptyIf {
    void found(boolean a) {
        if (a);
        //    ^ empty-if
        work();
    }

    // A block, a statement, and an empty block that says what it is.
    void notFound(boolean a) {
        if (a) work();
        if (a) { }
    }
}

// Errors are dropped without a word.
class EmptyCatch {
    void found() {
        try {
            work();
        } catch (IOException e) { }
        //^^^^^ empty-catch
    }

    // A comment, and a name that says it.
    void notFound() {
        try {
            work();
        } catch (IOException e) {
            // The file is optional.
        }
        try {
            work();
        } catch (IOException ignored) {
        }
    }
}

// An exception of the body is lost.
class ReturnInFinally {
    int found() {
        try {
            return work();
        } finally {
            return 1;
        //  ^^^^^^^^^ return-in-finally
        }
    }

    // The block cleans up, and a function in it has its own results.
    int notFound() {
        try {
            return work();
        } finally {
            close(() -> { return 1; });
        }
    }
}

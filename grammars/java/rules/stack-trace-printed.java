// What was caught is printed.
class StackTracePrinted {
    void found() {
        try {
            work();
        } catch (IOException e) {
            e.printStackTrace();
        //  ^^^^^^^^^^^^^^^^^^^ stack-trace-printed
        }
    }

    // It is logged, or printed to somewhere.
    void notFound(PrintWriter out) {
        try {
            work();
        } catch (IOException e) {
            log.error("no", e);
            e.printStackTrace(out);
        }
    }
}

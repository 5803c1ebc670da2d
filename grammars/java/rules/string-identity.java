// A string literal on either side.
class StringIdentity {
    boolean found(String a) {
        if (a == "x") return true;
        //  ^^^^^^^^ string-identity
        // => if ("x".equals(a)) return true;
        return "x" != a;
        //     ^^^^^^^^ string-identity
        // => return !"x".equals(a);
    }

    // Equality, null, and names, which may hold anything.
    boolean notFound(String a, Object b) {
        return "x".equals(a) || a == null || a == b;
    }
}

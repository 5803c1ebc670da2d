// A number is boxed by hand.
class BoxedConstructor {
    Integer found(int a) {
        return new Integer(a);
        //     ^^^^^^^^^^^^^^ boxed-constructor
        // => return Integer.valueOf(a);
    }

    // The factory, and another class.
    Integer notFound(int a) {
        use(new AtomicInteger(a));
        return Integer.valueOf(a);
    }
}

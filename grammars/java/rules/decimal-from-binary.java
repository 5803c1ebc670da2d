// The literal is rounded before the constructor sees it.
class DecimalFromBinary {
    BigDecimal found() {
        return new BigDecimal(0.1);
        //     ^^^^^^^^^^^^^^^^^^^ decimal-from-binary
        // => return new BigDecimal("0.1");
    }

    // A string, a whole number, and the factory that knows.
    BigDecimal notFound(double a) {
        use(new BigDecimal("0.1"), new BigDecimal(1));
        return BigDecimal.valueOf(0.1);
    }
}

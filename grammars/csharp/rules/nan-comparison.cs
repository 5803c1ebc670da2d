// Either operator.
class NanComparison
{
    bool Found(double a)
    {
        if (a == double.NaN) return true;
        //  ^^^^^^^^^^^^^^^ nan-comparison
        // => if (double.IsNaN(a)) return true;
        return a != double.NaN;
        //     ^^^^^^^^^^^^^^^ nan-comparison
        // => return !double.IsNaN(a);
    }

    // The method for it, and other values.
    bool NotFound(double a)
    {
        return double.IsNaN(a) || a == double.Epsilon;
    }
}

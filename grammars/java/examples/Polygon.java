package shapes;

import java.util.List;
import static java.lang.Math.PI;
import shapes.units.*;

/**
 * A closed shape.
 *
 * <p>Its sides are straight.
 */
@Immutable
public class Polygon<T> extends Base implements Shape {
    public static final int DEFAULT_SIDES = 4;
    private final List<Point> points;

    /** Makes one. */
    public Polygon(int sides, Point... points) {
        this.points = List.of(points);
    }

    @Override
    public double area(double scale) throws ShapeException {
        double total = 0;
        for (Point point : points) {
            total += point.x() * scale;
        }
        return total;
    }

    abstract void move();

    enum Color { RED, GREEN; int code() { return 1; } }

    interface Visitor { void visit(Polygon polygon); }

    record Point(int x, int y) {}

    @Test
    void hasArea() {
        assertEquals(PI, new Polygon(3).area(1));
    }
}

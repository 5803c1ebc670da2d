#include "polygon.hpp"
#include <vector>

namespace shapes {

/// A closed shape.
class Polygon : public Shape {
public:
    Polygon(int sides);
    ~Polygon();
    double area(double scale) const { return scale * sides_; }
    virtual void move(int by) = 0;

private:
    int sides_;
};

template <typename T>
T scaled(T value, int factor)
{
    return value * factor;
}

enum class Color { Red, Green };
using Points = std::vector<int>;

} // namespace shapes

shapes::Polygon::Polygon(int sides) : sides_(sides) {}

double Polygon::perimeter(double length)
{
    for (auto point : points)
        length += point;
    return length;
}

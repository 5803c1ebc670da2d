package shapes

import (
	"fmt"
	units "example.com/shapes/internal/units"
)

const DefaultSides = 4

var (
	registry = map[string]Shape{}
)

// Shape is what every shape can do.
type Shape interface {
	Area(scale float64) (float64, error)
}

// Polygon is a closed shape.
//
// Its sides are straight.
type Polygon struct {
	Points []Point
	name   string
}

type (
	Point struct{ X, Y int }
	Meters float64
)

func New(sides int, points ...Point) *Polygon {
	return &Polygon{Points: points}
}

// Area returns square meters.
func (p *Polygon) Area(scale float64) (float64, error) {
	total := 0.0
	for index, point := range p.Points {
		total += float64(point.X*index) * scale
	}
	return total, nil
}

func TestArea(t *testing.T) {
	fmt.Println(New(3).Area(units.One))
}

"""Shapes of all kinds."""

import math
import os.path as paths
from . import base
from ..core.units import Length, meters as m

DEFAULT_SIDES = 4
registry: dict[str, type] = {}
type Points = list[tuple[int, int]]


@register
class Polygon(base.Shape):
    """A closed shape.

    Its sides are straight.
    """

    sides: int = DEFAULT_SIDES

    def __init__(self, sides: int, *points: Length, name: str = "polygon", **rest: object) -> None:
        self.sides = sides

    @property
    def area(self) -> float:
        "Area in square meters."
        total = 0.0
        for index, point in enumerate(self.points):
            total += point.x * index
        return total

    class Corner:
        async def move(self, by): return by


def test_area():
    def helper(value):
        return Polygon(value)

    assert helper(3).area == math.pi

<?php

namespace Shapes;

use Units\Length;
use Drawing\{Canvas, Color as Paint};
require_once "helpers.php";

/**
 * A closed shape.
 */
class Polygon extends Shape implements Drawable
{
    const DEFAULT_SIDES = 4;
    private ?int $sides = 3;

    public function __construct(private string $name, int ...$points)
    {
    }

    /** Area in square meters. */
    public function area(float $scale): float
    {
        $total = 0.0;
        return scaled($total, $scale);
    }
}

interface Drawable
{
    public function draw(Canvas $canvas): void;
}

trait Named
{
}

enum Hue: string
{
    case Red = "red";
}

function scaled($value, $factor)
{
    return new Length($value * $factor);
}

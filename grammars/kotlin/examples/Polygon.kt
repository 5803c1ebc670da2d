package shapes

import shapes.units.Length
import kotlin.math.PI

const val DEFAULT_SIDES = 4

/** A closed shape. */
class Polygon(val name: String) : Shape() {
    val sides: Int = DEFAULT_SIDES

    /**
     * Area in square meters.
     */
    fun area(scale: Double): Double {
        val total = scale * sides
        return round(total)
    }

    companion object {
        const val LIMIT = 1
    }
}

interface Shape {
    fun draw()
}

enum class Color { RED, GREEN }

object Registry {
    val shapes = 1
}

typealias Points = List<Int>

fun scaled(value: Int, factor: Int) = value * factor

@Test
fun hasArea() {
    for (point in points) {
        println(point)
    }
}

using System;
using System.Collections.Generic;
using Units = Shapes.Units;

namespace Shapes
{
    /// <summary>
    /// A closed shape.
    /// </summary>
    [Serializable]
    public class Polygon : Shape, IDrawable
    {
        public const int DefaultSides = 4;
        private readonly List<Point> points = new();

        public string Name { get; set; }
        public int Sides => points.Count;

        public Polygon(int sides, params Point[] points)
        {
            Name = "polygon";
        }

        /// <summary>Area in square meters.</summary>
        public double Area(double scale)
        {
            double total = 0;
            foreach (var point in points)
            {
                total += point.X * scale;
            }
            double Round(double value) { return value; }
            return Round(total);
        }

        public abstract void Move(Point by);

        [Fact]
        public void HasArea() => Assert.Equal(1, new Polygon(3).Area(1));
    }

    public enum Color { Red, Green }
    public interface IDrawable { void Draw(Canvas canvas); }
    public struct Point { public int X; }
    public record Segment(Point From, Point To);
    public delegate void Moved(Point by);
}

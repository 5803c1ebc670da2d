require "set"
require_relative "units/length"

module Shapes
  # A closed shape.
  class Polygon < Shape
    DEFAULT_SIDES = 4

    def initialize(sides, *points, name: "polygon", &block)
      @sides = sides
    end

    # Area in square meters.
    def area(scale = 1)
      total = 0
      @points.each { |point| total += point }
      total * scale
    end

    def self.unit
      new(4)
    end
  end
end

describe "Polygon" do
  it "has an area" do
    expect(Shapes::Polygon.new(3).area).to eq(1)
  end
end

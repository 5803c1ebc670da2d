import fs, { readFile as read } from "node:fs";
import * as units from "./units.js";
const path = require("path");
export { area } from "../area";

const DEFAULT_SIDES = 4;
let counter = 0;

/**
 * A closed shape.
 * @see Shape
 */
export class Polygon extends Shape {
  #sides = 3;
  label = "polygon";
  onMove = (event) => { this.move(event); };

  constructor(sides, { name } = {}, ...rest) {
    super(name);
  }

  /** Area in square meters. */
  get area() {
    let total = 0;
    for (const point of this.points) total += point.x;
    return total;
  }
}

export const scale = (shape, factor = 2) => shape.sides * factor;

function* walk(points) {
  yield* points;
}

module.exports.draw = function (canvas) {
  return new Polygon(canvas);
};

describe("Polygon", () => {
  it("has an area", () => {
    expect(scale(new Polygon(3))).toBe(1);
  });
  test.only(`moves`, async () => {});
});

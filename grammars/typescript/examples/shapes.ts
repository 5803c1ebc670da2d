import type { Length } from "./units";
import fs = require("fs");

export const DEFAULT_SIDES: number = 4;

export type Points = Array<[number, number]>;

/** What every shape can do. */
export interface Shape {
  readonly name: string;
  area(precision?: number): number;
}

export enum Color {
  Red,
  Green = "green",
}

namespace Geometry.Flat {
  export function origin(): Length { return 0; }
}

@sealed
export abstract class Polygon<T> implements Shape {
  private static count = 0;
  constructor(public readonly name: string, protected sides: number) {}

  /**
   * Area in square meters.
   *
   * @returns the area
   */
  area(precision = 2): number {
    const total = this.sides * precision;
    return total;
  }

  abstract move(by: Length): void;
  onClick = (event: MouseEvent): void => { this.area(); };
}

export const scale = (shape: Shape, factor: number): number => shape.area() * factor;

test("scales", () => {
  expect(scale(null!, 1)).toBe(0);
});

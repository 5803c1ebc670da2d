use std::collections::{HashMap, HashSet as Set};
use crate::units;
mod corner;

const DEFAULT_SIDES: u32 = 4;

/// A closed shape.
///
/// Its sides are straight.
#[derive(Debug)]
pub struct Polygon<T> {
    pub sides: u32,
    points: Vec<T>,
}

pub enum Color {
    Red,
    Custom(u8),
}

pub trait Shape {
    fn area(&self) -> f64;
}

impl<T> Polygon<T> {
    /// Makes one.
    pub fn new(sides: u32, points: Vec<T>) -> Self {
        let total = sides;
        Polygon { sides: total, points }
    }
}

impl<T> Shape for Polygon<T> {
    fn area(&self) -> f64 {
        units::square(self.sides)
    }
}

type Points = Vec<u32>;

macro_rules! shape {
    () => {};
}

#[cfg(test)]
mod tests {
    #[test]
    fn has_area() {
        assert_eq!(1, 1);
    }
}

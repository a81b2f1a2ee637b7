//! Pictures of the figures as SVG that stands alone, prints well in grey and is told in words too.

mod bands;
mod curve;
mod draw;
mod tiles;

pub use bands::{Column, bands};
pub use curve::{Curve, Step, survival};
pub use tiles::{Tile, tiles};

#[cfg(test)]
mod tests;

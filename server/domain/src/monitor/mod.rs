//! Where children wait: counts, durations and survival of cases, and what of them may be told outside.
//!
//! Read in this order: [`Life`] (what is counted of one case), [`Measure`] (what a life counts for
//! on a day), [`curve`] (how long it takes), [`suppress`] and [`Published`] (what is told across
//! organisations), and the files: CSV and pictures.

mod band;
mod csv;
mod life;
mod measure;
pub mod plot;
mod publish;
pub mod report;
mod suppress;
mod survival;

pub use band::Band;
pub use csv::{cell, line};
pub use life::{Life, Round, Way};
pub use measure::{Counts, Measure, Period, measures};
pub use publish::{Figures, Place, Published, Told};
pub use suppress::{Line, STEP, SmallNumber, Sums, rounded, suppress};
pub use survival::{End, Point, Spell, Survival, coarse, curve};

//! Where children wait: counts, durations and survival of cases, and what of them may be told outside.
//!
//! Read in this order: [`Life`] (what is counted of one case), [`Measure`] (what a life counts for
//! on a day), [`curve`] (how long it takes), [`suppress`] and [`Published`] (what is told across
//! organisations), and the files: CSV and pictures. [`survey`] is what schools are asked besides.

mod band;
mod csv;
pub mod indicator;
mod life;
mod measure;
pub mod plot;
mod publish;
pub mod report;
pub mod signal;
pub mod spending;
mod suppress;
pub mod survey;
mod survival;

pub use band::Band;
pub use csv::{cell, line};
pub use life::{Life, Round, Stay, Way};
pub use measure::{Counts, Measure, Period, count, measures};
pub use publish::{Elsewhere, Figures, Place, Published, Told};
pub use suppress::{Line, STEP, SmallNumber, Sums, rounded, suppress};
pub use survival::{End, Point, Spell, Survival, coarse, curve};

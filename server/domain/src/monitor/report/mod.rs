//! The named reports of a quarter or a school year: which figures each has, by which law, and what one
//! child, meeting or question counts for in it.
//!
//! Every figure is a number of things that each were looked at alone, so that whoever may see the
//! cases can ask for those behind it. Figures that make up others are named as sums, which is
//! what keeps a small one from being worked out (see [`super::suppress`]).
//!
//! Beside them stands the ledger of hours of a wijk, and where its supply falls short.

mod behind;
mod care;
mod case;
mod distance;
mod figure;
mod hours;
mod kind;
mod leerplicht;
mod obliged;
mod school;
mod stretch;

#[cfg(test)]
mod tests;

pub use behind::Beside;
pub use care::{AgeBand, Asked, Met, asked, met};
pub use case::{Seen, of_case};
pub use distance::{Distance, measured};
pub use figure::Figure;
pub use hours::{Gap, Source, Supply, kept, minutes, minutes_outside};
pub use kind::Kind;
pub use leerplicht::{Listed, listed};
pub use obliged::Obliged;
pub use school::{is_placement, placed};
pub use stretch::{Stretch, stretches};

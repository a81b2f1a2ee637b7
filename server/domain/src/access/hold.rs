//! Why a case is put aside, whether it is open or closed.

/// A case that is put aside; nobody changes it meanwhile.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Hold {
    /// Its processing is restricted while its correctness is disputed (AVG art. 18): it is
    /// read, not written.
    Restricted,
    /// It is kept for its term only: the privacy officer alone reads it.
    Archived,
}

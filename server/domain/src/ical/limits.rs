//! How much of a calendar is read at most.

/// Octets of a calendar of somebody else that are read at most.
pub const MOST_OCTETS: usize = 1 << 20;

/// Bounds of one reading. With them, and with what the names and parameters of a line may
/// cost, time and memory grow with the octets and no faster, whatever these say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of the whole.
    pub octets: usize,
    /// Physical lines; the folds of the last are not counted.
    pub lines: usize,
    /// Components inside one another; a VALARM in a VEVENT in a VCALENDAR is 3.
    pub depth: usize,
}

impl Limits {
    /// For what others send: mails, uploads, calendars kept elsewhere.
    pub const OTHERS: Self = Self { octets: MOST_OCTETS, lines: 20_000, depth: 8 };
    /// For files that we wrote ourselves, as many meetings as a region has in years.
    pub const OWN: Self = Self { octets: 64 << 20, lines: 2_000_000, depth: 8 };
}

//! How much of a person's time meetings may take: caps, buffers, notice.

/// What one person allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The most meetings that begin on one local date.
    pub per_day: Option<u16>,
    /// The most that begin in one ISO week.
    pub per_week: Option<u16>,
    /// Minutes that stay free between two meetings.
    pub buffer: u16,
    /// Hours between booking and meeting.
    pub notice: u16,
}

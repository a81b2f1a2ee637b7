//! Why a mail changed nothing.

/// Why a mail was put aside.
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
pub enum Reason {
    /// It is about no meeting that is known.
    UnknownUid,
    /// Its author, or the one it answers for, is not at the table.
    NotInvited,
    /// Nobody vouches for its author, and it did not go to the address of an invitation.
    AuthFailed,
    /// It does what only an organiser may.
    MethodNotAllowed,
    /// It answers an older version of the meeting, or is older than the answer that is there.
    Stale,
    /// It can be read in more than one way.
    Ambiguous,
    /// It is larger or deeper than is read.
    MimeLimits,
    /// Its calendar cannot be read.
    Unreadable,
    /// It holds a text and no calendar.
    NoCalendar,
    /// It does not say whether somebody comes, or proposes what stands already.
    NoAnswer,
    /// It is about a repetition that the meeting does not have.
    NoInstance,
    /// The meeting is called off.
    Cancelled,
    /// The meeting, or the time that is proposed, is over.
    Past,
    /// The meeting takes no such answer now.
    Refused,
    /// So much came about this meeting within an hour that no more is kept.
    TooOften,
}

impl Reason {
    /// Whether somebody may be waiting for whoever organises to look: not what is noise, or was
    /// answered already. A mail that is too large is one of a person as often as not: with a photo.
    #[must_use]
    pub fn wants_a_look(self) -> bool {
        match self {
            Self::AuthFailed
            | Self::Ambiguous
            | Self::Unreadable
            | Self::NoCalendar
            | Self::NoInstance
            | Self::MimeLimits
            | Self::Refused
            | Self::Stale => true,
            Self::UnknownUid
            | Self::NotInvited
            | Self::MethodNotAllowed
            | Self::NoAnswer
            | Self::Cancelled
            | Self::Past
            | Self::TooOften => false,
        }
    }
}

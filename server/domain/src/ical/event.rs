//! What a meeting says of itself in a calendar, and to whom it says it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::text::{EmailAddress, Name};

/// A meeting as a calendar shows it. Only texts that may stand in a waiting room
/// belong here: calendars are mailed, synchronised and shown on walls (NTA 7516).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Random, and the same for the life of the meeting, also when it moves
    /// (RFC 5545 §3.8.4.7).
    pub uid: String,
    /// Goes up when what was agreed changes (RFC 5545 §3.8.7.4).
    pub sequence: u32,
    /// To the second.
    pub start: DateTime<Utc>,
    /// Exclusive, after `start`.
    pub end: DateTime<Utc>,
    /// The title.
    pub summary: String,
    /// Empty: not written.
    pub description: String,
    /// Empty: not written.
    pub location: String,
    /// A page about the meeting; it must not let anybody in by itself.
    pub url: Option<String>,
    /// When the meeting was booked.
    pub created: DateTime<Utc>,
    /// When anything of it changed last.
    pub last_modified: DateTime<Utc>,
    /// Whether it takes the reader's time.
    pub busy: Busy,
    /// How long before the start the reader's program says so; never of what is off.
    pub alarm: Option<TimeDelta>,
}

/// Written as `TRANSP` and, for Outlook, `X-MICROSOFT-CDO-BUSYSTATUS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// The reader's time is taken.
    Busy,
    /// The reader stays free.
    Free,
}

/// Somebody with an address: the organiser, or the one who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// `CN`.
    pub name: Name,
    /// Written exactly as the mail's `To` or `From` has it; Outlook and Google look
    /// for the recipient's own address among the attendees.
    pub email: EmailAddress,
}

/// The one who receives the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Name and address.
    pub party: Party,
    /// The answer as we know it.
    pub partstat: PartStat,
    /// Whether an answer is asked for; without it clients show no buttons.
    pub rsvp: bool,
    /// Instead of whom this one was asked (RFC 5545 §3.2.4).
    pub delegated_from: Option<EmailAddress>,
}

/// RFC 5545 §3.2.12, as far as a meeting needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING-KEBAB-CASE")]
pub enum PartStat {
    /// No answer yet.
    NeedsAction,
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// Comes perhaps.
    Tentative,
}

/// What a message does (RFC 5546 §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Invites, moves, changes or reinstates.
    Request,
    /// Takes out of the recipient's calendar.
    Cancel(Cancelling),
    /// Says that the meeting stays as it is, to who asked for another time (RFC 5546 §3.2.8).
    DeclineCounter,
}

impl Method {
    /// The `METHOD` property and, in the same case, the `method` parameter of the
    /// mail's content type (RFC 6047 §2.4).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel(Cancelling::OneAttendee | Cancelling::WholeMeeting) => "CANCEL",
            Self::DeclineCounter => "DECLINECOUNTER",
        }
    }
}

/// What a CANCEL ends; the two differ by their `STATUS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelling {
    /// The recipient is uninvited, the meeting goes on: "STATUS MUST NOT be
    /// included" (RFC 5546 §3.2.5).
    OneAttendee,
    /// Nobody meets: `STATUS:CANCELLED` (RFC 5546 §3.2.5; Exchange insists).
    WholeMeeting,
}

/// A message to one person. Other attendees are not in it, so that nobody reads in a
/// calendar who else comes.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What it does.
    pub method: Method,
    /// When this message was made; a later one of the same sequence wins
    /// (RFC 5546 §2.1.5).
    pub dtstamp: DateTime<Utc>,
    /// Never the recipient, or clients show no buttons.
    pub organizer: &'a Party,
    /// The recipient.
    pub attendee: &'a Attendee,
    /// The meeting.
    pub event: &'a Event,
}

/// Whether a meeting in a feed goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It goes on.
    Confirmed,
    /// It does not; it stays visible so that subscribers' calendars let go of it.
    Cancelled,
}

/// A meeting in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The meeting.
    pub event: Event,
    /// Whether it goes on.
    pub status: Status,
}

//! How a case stands: whose it is, in what state, and so who reaches it and what can be done.
//!
//! The conditions of lists say the same in SQL; a property compares the two.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{CaseUse, Hold};
use crate::refusal::Refusal;

/// The level of escalation at which the board acts, and the head of its school with it.
pub const BOARD: u8 = 2;
/// The level at which the holder of doorzettingsmacht acts.
pub const DOORZETTINGSMACHT: u8 = 3;
/// For how many days after a case came to its level the holder of doorzettingsmacht sees it.
pub const TIME_BOX_DAYS: u64 = 90;

/// One way in which objects are reached, with the organisation filled in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reached {
    /// Everything in the region.
    Region,
    /// Of this school.
    School(Uuid),
    /// Of this school, while the case stands at the level of the board or above.
    SchoolEscalated(Uuid),
    /// At the level of doorzettingsmacht, come to its level on this day or later.
    Escalated(NaiveDate),
    /// Of children living in this gemeente.
    Residence(String),
    /// Of this team.
    Team(Uuid),
    /// With this person at the table.
    Invited(Uuid),
    /// This person's own.
    Own(Uuid),
    /// This case alone, for as long as an emergency lasts.
    Case(Uuid),
    /// Cases that are put aside.
    Held,
}

/// Where a case is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum CaseState {
    /// It is worked on.
    Open,
    /// It has an outcome.
    Closed,
    /// Its processing is restricted (AVG art. 18).
    Restricted,
    /// It is kept for its term only.
    Archived,
}

impl CaseState {
    /// Refuses what is not done in this state. A closed case is read, and only reopening
    /// writes; what was planned can still be called off. A restricted one is read.
    ///
    /// # Errors
    /// `CASE_CLOSED`, `CASE_RESTRICTED`.
    pub fn allows(self, does: CaseUse) -> Result<(), Refusal> {
        match (self, does) {
            (_, CaseUse::None | CaseUse::Read | CaseUse::Retract)
            | (Self::Open, CaseUse::Write | CaseUse::Reopen | CaseUse::WindUp)
            | (Self::Closed, CaseUse::Reopen | CaseUse::WindUp) => Ok(()),
            (Self::Closed, CaseUse::Write) => Err(Refusal::CaseClosed),
            (Self::Restricted | Self::Archived, CaseUse::Write | CaseUse::Reopen | CaseUse::WindUp) => {
                Err(Refusal::CaseRestricted)
            }
        }
    }
}

/// What decides who reaches a case, but for the guests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which case.
    pub case: Uuid,
    /// The child's school; none for a child that is not enrolled.
    pub school: Option<Uuid>,
    /// Where the child lives: `GM` and four digits.
    pub gemeente: String,
    /// Whether the case is open.
    pub open: bool,
    /// Whether it is put aside.
    pub hold: Option<Hold>,
    /// The level of escalation, 0 to 4.
    pub level: u8,
    /// The day on which it came to that level, from 1 on.
    pub escalated: Option<NaiveDate>,
}

impl Standing {
    /// Where the case is in its life; what is put aside is that first.
    pub fn state(&self) -> CaseState {
        match self.hold {
            Some(Hold::Restricted) => CaseState::Restricted,
            Some(Hold::Archived) => CaseState::Archived,
            None if self.open => CaseState::Open,
            None => CaseState::Closed,
        }
    }

    /// Whether the case stands to a caller as `reached` says; `guests` tells who is invited.
    ///
    /// Archived is for the privacy officer alone. Restricted is for members and the privacy
    /// officer: no emergency opens it.
    pub fn holds(&self, reached: &Reached, guests: impl Fn(Uuid) -> bool) -> bool {
        match (self.hold, reached) {
            (Some(_), Reached::Held) => return true,
            (None, Reached::Held)
            | (Some(Hold::Archived), _)
            | (Some(Hold::Restricted), Reached::Case(_)) => return false,
            (Some(Hold::Restricted) | None, _) => {}
        }
        match reached {
            Reached::Region => true,
            Reached::School(school) => self.school == Some(*school),
            Reached::SchoolEscalated(school) => self.school == Some(*school) && self.level >= BOARD,
            Reached::Escalated(since) => {
                self.level >= DOORZETTINGSMACHT && self.escalated.is_some_and(|day| day >= *since)
            }
            Reached::Residence(gemeente) => self.gemeente == *gemeente,
            Reached::Invited(person) => guests(*person),
            Reached::Case(case) => self.case == *case,
            Reached::Team(_) | Reached::Own(_) | Reached::Held => false,
        }
    }

    /// Raises or lowers the level; a higher one begins today.
    pub fn escalate(&mut self, level: u8, today: NaiveDate) {
        if level > self.level {
            self.escalated = Some(today);
        } else if level == 0 {
            self.escalated = None;
        }
        self.level = level;
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    fn case(hold: Option<Hold>) -> Standing {
        Standing {
            case: Uuid::from_u128(1),
            school: Some(Uuid::from_u128(2)),
            gemeente: "GM9901".to_owned(),
            open: true,
            hold,
            level: 0,
            escalated: None,
        }
    }

    #[test]
    fn what_is_archived_is_reached_by_the_privacy_officer_alone() {
        let archived = case(Some(Hold::Archived));
        let ways = [
            Reached::Region,
            Reached::School(Uuid::from_u128(2)),
            Reached::Residence("GM9901".into()),
            Reached::Invited(Uuid::from_u128(3)),
            Reached::Case(Uuid::from_u128(1)),
        ];
        assert!(ways.iter().all(|way| !archived.holds(way, |_| true)));
        assert!(archived.holds(&Reached::Held, |_| false));
        assert!(ways.iter().all(|way| case(None).holds(way, |_| true)));
        assert!(!case(None).holds(&Reached::Held, |_| true), "an ordinary case is not the FG's");
    }

    #[test]
    fn no_emergency_opens_what_is_restricted() {
        let restricted = case(Some(Hold::Restricted));
        assert!(!restricted.holds(&Reached::Case(Uuid::from_u128(1)), |_| true));
        assert!(restricted.holds(&Reached::School(Uuid::from_u128(2)), |_| false));
        assert_eq!(restricted.state().allows(CaseUse::Write), Err(Refusal::CaseRestricted));
        assert_eq!(restricted.state().allows(CaseUse::Reopen), Err(Refusal::CaseRestricted));
        assert_eq!(restricted.state().allows(CaseUse::Retract), Ok(()));
    }

    #[test]
    fn a_closed_case_is_written_by_reopening_alone() {
        assert_eq!(CaseState::Closed.allows(CaseUse::Write), Err(Refusal::CaseClosed));
        for does in [CaseUse::Read, CaseUse::Reopen, CaseUse::WindUp, CaseUse::Retract] {
            assert_eq!(CaseState::Closed.allows(does), Ok(()), "{does:?}");
        }
        assert!(CaseState::iter().all(|state| state.allows(CaseUse::Read).is_ok()));
    }

    #[test]
    fn an_escalated_case_is_seen_for_as_long_as_its_time_box() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut case = case(None);
        let own = Reached::SchoolEscalated(Uuid::from_u128(2));
        case.escalate(BOARD, day("2026-11-01"));
        assert!(case.holds(&own, |_| false));
        assert!(!case.holds(&Reached::Escalated(day("2026-01-01")), |_| false));
        case.escalate(DOORZETTINGSMACHT, day("2026-11-10"));
        assert!(case.holds(&Reached::Escalated(day("2026-11-10")), |_| false));
        assert!(!case.holds(&Reached::Escalated(day("2026-11-11")), |_| false));
        case.escalate(0, day("2026-12-01"));
        assert!(!case.holds(&own, |_| false) && case.escalated.is_none());
    }
}

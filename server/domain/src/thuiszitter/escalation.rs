//! The ladder of escalation: who takes a case up or down, and what becomes of what was decided with
//! doorzettingsmacht.

use chrono::{Days, NaiveDate};

use super::{moment::Moment, profile::EscalationLevel};
use crate::{
    access::{Role, TIME_BOX_DAYS},
    refusal::Refusal,
};

/// Whether somebody with `roles` may take a case up to a level: who acts on the rung below it, and
/// who keeps the register or supervises (the working agreement of `R13` to `R15`). A school calls in
/// the coördinator; higher is not its own to decide.
#[must_use]
pub fn may_raise(roles: &[Role], to: EscalationLevel) -> bool {
    let who: &[Role] = match to {
        EscalationLevel::L0 => &[],
        EscalationLevel::L1 => &[
            Role::Iber,
            Role::Zorgcoordinator,
            Role::Bocer,
            Role::Thuiszitterscoordinator,
            Role::Leerplichtambtenaar,
        ],
        EscalationLevel::L2 => &[Role::Bocer, Role::Thuiszitterscoordinator, Role::Leerplichtambtenaar],
        EscalationLevel::L3 => &[Role::Directeur, Role::Thuiszitterscoordinator, Role::Leerplichtambtenaar],
        EscalationLevel::L4 => {
            &[Role::Doorzettingsmacht, Role::Thuiszitterscoordinator, Role::Leerplichtambtenaar]
        }
    };
    roles.iter().any(|role| who.contains(role))
}

/// Whether somebody with `roles` may take a case down from a level.
#[must_use]
pub fn may_lower(roles: &[Role], from: EscalationLevel) -> bool {
    let always = [Role::Thuiszitterscoordinator, Role::Leerplichtambtenaar];
    let holds = roles.contains(&Role::Doorzettingsmacht) && from >= EscalationLevel::L3;
    holds || roles.iter().any(|role| always.contains(role))
}

/// Refuses a level that is not above the present one.
///
/// # Errors
/// `LEVEL_NOT_ALLOWED`.
pub fn raised(from: EscalationLevel, to: EscalationLevel) -> Result<(), Refusal> {
    if to > from { Ok(()) } else { Err(Refusal::LevelNotAllowed) }
}

/// Refuses a level that is not below the present one.
///
/// # Errors
/// `LEVEL_NOT_ALLOWED`.
pub fn lowered(from: EscalationLevel, to: EscalationLevel) -> Result<(), Refusal> {
    if to < from { Ok(()) } else { Err(Refusal::LevelNotAllowed) }
}

/// What happens when a case is taken from one level to a higher one.
pub fn rungs(from: EscalationLevel, to: EscalationLevel) -> impl Iterator<Item = Moment> {
    let rungs = [
        (EscalationLevel::L1, Moment::SwvInvolved),
        (EscalationLevel::L1, Moment::EscalatedL1),
        (EscalationLevel::L2, Moment::EscalatedL2),
        (EscalationLevel::L3, Moment::EscalatedL3),
    ];
    rungs.into_iter().filter(move |(rung, _)| from < *rung && *rung <= to).map(|(_, moment)| moment)
}

/// Refuses a decision about a case that is not, or was not then, at the level where somebody can decide.
///
/// # Errors
/// `LEVEL_NOT_ALLOWED`.
pub fn decides(level: EscalationLevel) -> Result<(), Refusal> {
    if level >= EscalationLevel::L3 { Ok(()) } else { Err(Refusal::LevelNotAllowed) }
}

/// Whether somebody with these roles on the day of a decision holds doorzettingsmacht: it is a
/// regional agreement who does, and nobody else decides.
#[must_use]
pub fn may_decide(mut roles: impl Iterator<Item = Role>) -> bool {
    roles.any(|role| role == Role::Doorzettingsmacht)
}

/// Whether what was decided on a day can be due on another: the holder must still see the case to
/// know whether it was done.
#[must_use]
pub fn due_fits(decided: NaiveDate, due: NaiveDate) -> bool {
    decided <= due && due <= decided + Days::new(TIME_BOX_DAYS)
}

/// Somebody looked whether a decision was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// On which day.
    pub on: NaiveDate,
    /// Whether it was.
    pub complied: bool,
}

/// How a decision stands.
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
pub enum Compliance {
    /// Nobody looked, and there is time.
    Pending,
    /// Nobody looked, and the last day has passed.
    Overdue,
    /// It was carried out.
    Complied,
    /// It was not.
    NotComplied,
}

/// How a decision that is due on a day stands today; the last look counts.
#[must_use]
pub fn compliance(due: NaiveDate, last: Option<Check>, today: NaiveDate) -> Compliance {
    match last {
        Some(Check { complied: true, .. }) => Compliance::Complied,
        Some(Check { complied: false, .. }) => Compliance::NotComplied,
        None if today > due => Compliance::Overdue,
        None => Compliance::Pending,
    }
}

/// Refuses a look that cannot be: after it was found done, before the decision or an earlier look,
/// and one that finds it not done while there is time.
///
/// # Errors
/// `ALREADY_ENDED`, `TIME_OUT_OF_BOUNDS`.
pub fn checked(
    (decided, due): (NaiveDate, NaiveDate),
    last: Option<Check>,
    check: Check,
) -> Result<(), Refusal> {
    if last.is_some_and(|last| last.complied) {
        return Err(Refusal::AlreadyEnded);
    }
    let earliest = last.map_or(decided, |last| last.on);
    if check.on < earliest || (!check.complied && check.on < due) {
        return Err(Refusal::TimeOutOfBounds);
    }
    Ok(())
}

/// The level that a case at `level` should be taken to: what the clock says, and outside the region
/// once a decision was not carried out.
#[must_use]
pub fn suggested(
    clock: EscalationLevel,
    level: EscalationLevel,
    decisions: impl IntoIterator<Item = Compliance>,
) -> EscalationLevel {
    let refused = decisions.into_iter().any(|state| match state {
        Compliance::NotComplied => true,
        Compliance::Pending | Compliance::Overdue | Compliance::Complied => false,
    });
    if refused && level < EscalationLevel::L4 { EscalationLevel::L4 } else { clock }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use EscalationLevel::{L0, L1, L2, L3, L4};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(on: &str, complied: bool) -> Check {
        Check { on: day(on), complied }
    }

    #[test]
    fn a_case_goes_up_by_who_acts_on_the_ladder_and_a_school_only_calls_in_the_first() {
        for to in [L1, L2, L3, L4] {
            assert!(may_raise(&[Role::Thuiszitterscoordinator], to), "{to:?}");
            assert!(may_raise(&[Role::Leerplichtambtenaar], to), "{to:?}");
            assert_eq!(may_raise(&[Role::Iber], to), to == L1, "{to:?}");
            assert_eq!(may_raise(&[Role::Bocer], to), to <= L2, "{to:?}");
            assert_eq!(may_raise(&[Role::Directeur], to), to == L3, "{to:?}");
            assert_eq!(may_raise(&[Role::Doorzettingsmacht], to), to == L4, "{to:?}");
        }
        assert!(Role::iter().all(|role| !may_raise(&[role], L0)));
        assert!(!may_raise(&[], L1));
    }

    #[test]
    fn a_case_comes_down_by_the_coordinator_supervision_and_who_holds_the_power() {
        assert!(may_lower(&[Role::Thuiszitterscoordinator], L1));
        assert!(may_lower(&[Role::Leerplichtambtenaar], L4));
        assert!(may_lower(&[Role::Doorzettingsmacht], L3) && !may_lower(&[Role::Doorzettingsmacht], L2));
        assert!(!may_lower(&[Role::Iber, Role::Directeur, Role::Bocer], L1));
    }

    #[test]
    fn up_is_up_and_down_is_down() {
        assert_eq!(raised(L1, L3), Ok(()));
        assert_eq!(raised(L3, L3), Err(Refusal::LevelNotAllowed));
        assert_eq!(lowered(L3, L0), Ok(()));
        assert_eq!(lowered(L0, L0), Err(Refusal::LevelNotAllowed));
    }

    #[test]
    fn every_rung_that_is_passed_has_happened() {
        let passed = |from, to| rungs(from, to).collect::<Vec<_>>();
        assert_eq!(passed(L0, L1), [Moment::SwvInvolved, Moment::EscalatedL1]);
        assert_eq!(passed(L1, L3), [Moment::EscalatedL2, Moment::EscalatedL3]);
        assert!(passed(L3, L4).is_empty() && passed(L3, L1).is_empty());
    }

    #[test]
    fn who_holds_the_power_decides_at_its_level_and_nobody_else() {
        assert_eq!(
            [L0, L1, L2, L3, L4].map(|level| decides(level).is_ok()),
            [false, false, false, true, true]
        );
        assert!(may_decide([Role::Directeur, Role::Doorzettingsmacht].into_iter()));
        assert!(!may_decide(Role::iter().filter(|role| *role != Role::Doorzettingsmacht)));
    }

    /// Ninety days from 1 December are up on 1 March.
    #[test]
    fn a_decision_is_due_while_its_holder_sees_the_case() {
        let decided = day("2026-12-01");
        assert!(due_fits(decided, decided) && due_fits(decided, day("2027-03-01")));
        assert!(!due_fits(decided, day("2027-03-02")) && !due_fits(decided, day("2026-11-30")));
    }

    #[test]
    fn a_decision_is_pending_on_its_last_day_and_overdue_on_the_next() {
        let due = day("2026-12-15");
        assert_eq!(compliance(due, None, due), Compliance::Pending);
        assert_eq!(compliance(due, None, day("2026-12-16")), Compliance::Overdue);
        let late = day("2027-01-10");
        assert_eq!(compliance(due, Some(check("2026-12-16", false)), late), Compliance::NotComplied);
        assert_eq!(compliance(due, Some(check("2026-12-20", true)), late), Compliance::Complied);
    }

    #[test]
    fn nobody_finds_it_not_done_while_there_is_time_and_what_is_done_is_done() {
        let term = (day("2026-12-01"), day("2026-12-15"));
        let early = Err(Refusal::TimeOutOfBounds);
        assert_eq!(checked(term, None, check("2026-11-30", true)), early);
        assert_eq!(checked(term, None, check("2026-12-02", true)), Ok(()));
        assert_eq!(checked(term, None, check("2026-12-14", false)), early);
        assert_eq!(checked(term, None, check("2026-12-15", false)), Ok(()));
        let not = Some(check("2026-12-16", false));
        assert_eq!(checked(term, not, check("2026-12-15", true)), early, "before the last look");
        assert_eq!(checked(term, not, check("2026-12-20", true)), Ok(()), "late, but done");
        let done = Some(check("2026-12-10", true));
        assert_eq!(checked(term, done, check("2026-12-20", false)), Err(Refusal::AlreadyEnded));
    }

    #[test]
    fn what_was_not_carried_out_is_taken_outside_the_region() {
        use Compliance::{Complied, NotComplied, Overdue, Pending};
        assert_eq!(suggested(L0, L3, [Pending, NotComplied]), L4);
        assert_eq!(suggested(L0, L3, [Pending, Overdue, Complied]), L0, "it is looked at first");
        assert_eq!(suggested(L2, L1, []), L2);
        assert_eq!(suggested(L0, L4, [NotComplied]), L0, "there already");
    }
}

//! Which data class a fact is of: as the fields of the case that tell the same are.

use schakel_domain::{
    access::{Class, Classes},
    thuiszitter::{Deadline, Moment, Said},
};

/// Of an entry.
pub(in crate::thuiszitter) fn of_said(said: &Said) -> Class {
    match said {
        Said::Residence(..) | Said::Birth(_) => Class::K2,
        Said::Happened(moment, _) => moment.class(),
        Said::Holds(circumstance, _) => circumstance.class(),
        Said::Kind(..)
        | Said::Enrolment(..)
        | Said::FirstFullYear(_)
        | Said::Qualified(_)
        | Said::Missed(_)
        | Said::Exempt(_)
        | Said::StoodStill(_)
        | Said::Step(..)
        | Said::Level(..)
        | Said::Ended(..) => Class::K3,
    }
}

/// Whether a date says when the child was born.
fn tells_birth(moment: Moment) -> bool {
    matches!(moment, Moment::ThirdBirthday | Moment::FourthBirthday | Moment::LeerplichtBegins)
}

/// Takes out what would tell who the child is to somebody who may not see that: deadlines that are
/// counted from a birthday, and the first day of those that open on one.
pub(in crate::thuiszitter) fn shown(deadlines: Vec<Deadline<'_>>, classes: Classes) -> Vec<Deadline<'_>> {
    if classes.has(Class::K2) {
        return deadlines;
    }
    let mut shown = deadlines;
    shown.retain(|deadline| {
        let held = deadline.reason.held_until.is_some_and(|(moment, _)| tells_birth(moment));
        !held && !tells_birth(deadline.norm.starts_at)
    });
    for deadline in &mut shown {
        if deadline.norm.opens_at.is_some_and(tells_birth) {
            deadline.opens_on = None;
        }
    }
    shown
}

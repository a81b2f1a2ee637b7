//! What a region may make of a kind: all but whether it is about a child and whether parents
//! come, and never less on record than the law asks.

use super::{About, KindRules, ParentRule, Record};
use crate::refusal::{Refusal, Violation};

/// The shortest and the longest that anything can last, in minutes.
const MINUTES: std::ops::RangeInclusive<u16> = 5..=480;
/// Four weeks is the longest notice that a region can ask.
pub const MOST_NOTICE_HOURS: u16 = 672;
/// The most parts of one meeting.
const MOST_PARTS: u16 = 20;
/// The most who can be asked to come for it to decide.
const MOST_QUORUM: u16 = 20;
/// What the law asks to be recorded (attendance; kst 36443 on hearing the child; the help that
/// is discussed with parents), wherever the kind records it at all.
const BY_LAW: [Record; 3] = [Record::Attendance, Record::ChildHeard, Record::JgtHulp];

impl KindRules {
    /// Everything that keeps these from being the rules of the kind whose row is `row`.
    pub fn faults(&self, row: &Self) -> Vec<Violation> {
        let mut found = self.people();
        let lengths = [
            (self.min_minutes, "min_minutes"),
            (self.max_minutes, "max_minutes"),
            (self.default_minutes, "default_minutes"),
        ];
        for (minutes, field) in lengths {
            if !MINUTES.contains(&minutes) || minutes % 5 != 0 {
                found.push(Violation::new(field, Refusal::FieldInvalid));
            }
        }
        if self.min_minutes > self.default_minutes || self.default_minutes > self.max_minutes {
            found.push(Violation::new("default_minutes", Refusal::TimeRangeInvalid));
        }
        if self.places.is_empty() {
            found.push(Violation::new("places", Refusal::FieldRequired));
        }
        if self.notice_hours > MOST_NOTICE_HOURS {
            found.push(Violation::new("notice_hours", Refusal::TimeOutOfBounds));
        }
        let kept = |record: &&Record| row.record.contains(record) && !self.record.contains(record);
        if BY_LAW.iter().any(|record| kept(&record)) || self.about != row.about || self.parents != row.parents
        {
            found.push(Violation::new("record", Refusal::FieldRequired));
        }
        let of_children = matches!(self.about, About::Child | About::Either);
        if self.capacity > if of_children { MOST_PARTS } else { 0 } {
            found.push(Violation::new("capacity", Refusal::FieldInvalid));
        }
        found
    }

    fn people(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for (at, any) in self.roles.iter().enumerate() {
            if any.is_empty() || any.iter().any(|role| role.is_private()) {
                found.push(Violation::new(format!("must_come[{at}]"), Refusal::FieldInvalid));
            }
        }
        // A list that leaves parents out would keep them from their own child's table.
        let families = [crate::access::Role::Ouder, crate::access::Role::Jeugdige];
        let leaves_out =
            !self.may_come.is_empty() && families.iter().any(|role| !self.may_come.contains(role));
        if self.parents == ParentRule::Invited && leaves_out {
            found.push(Violation::new("may_come", Refusal::ParentRequired));
        }
        if self.quorum == 0 || self.quorum > MOST_QUORUM {
            found.push(Violation::new("quorum", Refusal::FieldInvalid));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::Role, consultation::Kind};

    fn told(rules: &KindRules, kind: Kind) -> Vec<(String, Refusal)> {
        rules.faults(&kind.rules()).into_iter().map(|found| (found.field, found.refusal)).collect()
    }

    #[test]
    fn a_region_asks_for_more_and_never_records_less_than_the_law() {
        let mut rules = Kind::Mdo.rules();
        rules.roles.push(vec![Role::Leerplichtambtenaar]);
        (rules.quorum, rules.max_minutes, rules.notice_hours) = (3, 150, 72);
        rules.record.retain(|record| *record != Record::Actions);
        assert_eq!(told(&rules, Kind::Mdo), []);
        rules.record.retain(|record| *record != Record::ChildHeard);
        assert_eq!(told(&rules, Kind::Mdo), [("record".to_owned(), Refusal::FieldRequired)]);
    }

    #[test]
    fn parents_are_on_every_list_of_a_kind_that_invites_them() {
        let mut rules = Kind::Mdo.rules();
        rules.may_come = vec![Role::Bocer];
        assert_eq!(told(&rules, Kind::Mdo), [("may_come".to_owned(), Refusal::ParentRequired)]);
        rules.may_come.extend([Role::Ouder, Role::Jeugdige]);
        assert_eq!(told(&rules, Kind::Mdo), []);
        assert!(rules.admits(Role::Smw) && rules.admits(Role::Ouder) && !rules.admits(Role::Fg));
    }

    #[test]
    fn everything_that_cannot_be_is_told_at_once() {
        let rules = KindRules {
            roles: vec![vec![Role::Ouder]],
            quorum: 0,
            min_minutes: 7,
            default_minutes: 600,
            places: Vec::new(),
            notice_hours: 1_000,
            capacity: 3,
            ..Kind::Rok.rules()
        };
        let fields: Vec<_> = told(&rules, Kind::Rok).into_iter().map(|(field, _)| field).collect();
        let expected = [
            "must_come[0]",
            "quorum",
            "min_minutes",
            "default_minutes",
            "default_minutes",
            "places",
            "notice_hours",
            "capacity",
        ];
        assert_eq!(fields, expected);
    }
}

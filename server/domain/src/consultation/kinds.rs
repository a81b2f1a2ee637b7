//! The kinds of consultation as data: who comes, how long, where, what is recorded. The rows are
//! what every region starts from; a region adjusts them.

mod adjust;
mod rows;

pub use adjust::MOST_NOTICE_HOURS;

use super::place::Place;
use crate::access::Role;

/// What a consultation is. A kind differs from another in its [`KindRules`] only.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// School, parents and child talk about worrying absence.
    Verzuimgesprek,
    /// One professional of the wijkteam or the JGZ advises the school.
    Consult,
    /// The ondersteuningsteam of a school, at its fixed times.
    Ondersteuningsteam,
    /// Multidisciplinair overleg about one child.
    Mdo,
    /// Table with power to decide when a child is at home without prospect.
    Rondetafel,
    /// Same or next day.
    Crisis,
    /// The return to school is prepared or built up.
    Terugkeer,
    /// The plan is looked back on.
    Evaluatie,
    /// Afterwards, when attendance is steady.
    Nazorg,
    /// Oral hand-over to the next school.
    WarmeOverdracht,
    /// School and new link person, or parents and new helper, meet.
    Kennismaking,
    /// Placement at another school is prepared.
    Intake,
    /// Schools of a neighbourhood and their partners; about no child.
    Rok,
    /// The council of a cluster of schools, at its place in the year plan.
    Clusterraad,
    /// Samenwerkingsverband and gemeenten decide (WPO 18a(9), op overeenstemming gericht overleg).
    OogoBestuurlijk,
    /// The same, prepared by officials.
    OogoAmbtelijk,
    /// A boc'er visits a school; several children may come by.
    BocBezoek,
    /// The OPP is looked back on with the parents, each year (WPO 40a).
    OppEvaluatie,
    /// Hours of a school social worker at a school, with room for short talks.
    SmwBlok,
    /// Jeugdarts or jeugdverpleegkundige sees child and parents.
    JgzConsult,
    /// At the family's home, by two.
    Huisbezoek,
    /// Whether a toelaatbaarheidsverklaring is asked for (WPO 18a(11)).
    TlvOverleg,
    /// Advice about a child that nobody may name.
    AnoniemConsult,
}

/// Whether a meeting is about a child.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum About {
    /// One or more identified children.
    Child,
    /// A child, or none in particular.
    Either,
    /// Never a child.
    Policy,
    /// A child that nobody may know again: no case, no name, nobody of its family.
    Unnamed,
}

/// Whether a parent with gezag must be invited when it is about a child.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ParentRule {
    /// At least one, unless a reason is given.
    Invited,
    /// Parents do not come.
    None,
}

/// What must stand in the outcome before the meeting can be closed.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Record {
    /// Who came.
    Attendance,
    /// Whether and how the child was heard.
    ChildHeard,
    /// Whether help by the youth team is wanted.
    JgtHulp,
    /// At least one action with an owner and a date.
    Actions,
    /// Whether agreement was reached (OOGO).
    Agreement,
}

/// What gives way to what when time is short: the greater comes first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// About no child.
    Policy,
    /// About a child.
    Child,
    /// A child is in danger.
    Crisis,
}

/// The rules of a kind. Lengths are in minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRules {
    /// Of each set at least one role is at the table.
    pub roles: Vec<Vec<Role>>,
    /// Who may come beside those; empty means whoever is asked.
    pub may_come: Vec<Role>,
    /// Whether it is about a child.
    pub about: About,
    /// Whether parents are invited.
    pub parents: ParentRule,
    /// The fewest who must come for it to decide anything, parents and child not counted.
    pub quorum: u16,
    /// The shortest it can be.
    pub min_minutes: u16,
    /// The longest.
    pub max_minutes: u16,
    /// What is proposed.
    pub default_minutes: u16,
    /// Where it can be held.
    pub places: Vec<Place>,
    /// Hours between booking and start.
    pub notice_hours: u16,
    /// What its outcome must hold.
    pub record: Vec<Record>,
    /// What it gives way to.
    pub priority: Priority,
    /// How many children can be talked about, each in a part of its own; 0: it has no parts.
    pub capacity: u16,
}

impl KindRules {
    /// Whether somebody may come as `role`.
    pub fn admits(&self, role: Role) -> bool {
        let private = role.is_private();
        let listed = self.may_come.is_empty()
            || self.may_come.contains(&role)
            || self.roles.iter().any(|any| any.contains(&role));
        listed && !(private && self.parents == ParentRule::None)
    }

    /// Which sets of roles nobody of `present` fills.
    pub fn missing_roles(&self, present: &[Role]) -> Vec<&[Role]> {
        let sets = self.roles.iter().map(Vec::as_slice);
        sets.filter(|any| !any.iter().any(|role| present.contains(role))).collect()
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_row_is_consistent() {
        for kind in Kind::iter() {
            let rules = kind.rules();
            assert_eq!(rules.faults(&rules), [], "{kind}");
            assert!(rules.record.contains(&Record::Attendance), "{kind}");
            assert!(usize::from(rules.quorum) >= rules.roles.len().min(1), "{kind}");
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
    }

    #[test]
    fn every_meeting_with_parents_records_whether_help_is_wanted() {
        for kind in Kind::iter() {
            let rules = kind.rules();
            let invited = rules.parents == ParentRule::Invited;
            assert_eq!(invited, rules.record.contains(&Record::JgtHulp), "{kind}");
            assert_eq!(invited, matches!(rules.about, About::Child | About::Either), "{kind}");
        }
    }

    #[test]
    fn what_is_about_no_named_child_has_no_parents_no_parts_and_gives_way() {
        for kind in Kind::iter() {
            let rules = kind.rules();
            let named = matches!(rules.about, About::Child | About::Either);
            assert_eq!(named, rules.admits(Role::Ouder), "{kind}");
            assert!(named || rules.capacity == 0, "{kind}");
            assert_eq!(rules.about == About::Policy, rules.priority == Priority::Policy, "{kind}");
        }
        assert!(Priority::Crisis > Priority::Child && Priority::Child > Priority::Policy);
    }
}

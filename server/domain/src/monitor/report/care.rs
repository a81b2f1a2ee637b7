//! What schools ask of wijkteam and JGZ, and what came of meetings: what one question or meeting counts for.

use chrono::NaiveDate;

use super::figure::Figure;
use crate::{
    access::Role,
    consultation::{ChildHeard, JgtHulpGewenst},
    dutch::leerplicht::age_on,
    hulpvraag::{Category, State},
};

/// The age of a child, in the bands of the demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBand(Figure);

impl AgeBand {
    /// That of a child born on `birth`, on `date`.
    #[must_use]
    pub fn of(birth: Option<NaiveDate>, date: NaiveDate) -> Self {
        Self(match birth.map(|birth| age_on(birth, date)) {
            None => Figure::AgeUnknown,
            Some(..8) => Figure::AgeUnder8,
            Some(8..12) => Figure::AgeFrom8To11,
            Some(12..16) => Figure::AgeFrom12To15,
            Some(16..) => Figure::AgeFrom16,
        })
    }
}

/// A question of a school.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// As what somebody is asked.
    pub role: Role,
    /// About what; none where nobody said.
    pub category: Option<Category>,
    /// Where it stands.
    pub state: State,
    /// How old the child is.
    pub age: AgeBand,
}

/// What a question counts for; nothing when no school can ask for that role.
#[must_use]
pub fn asked(question: Asked) -> Vec<Figure> {
    let role = if matches!(question.role, Role::Smw) {
        Figure::AskedSmw
    } else if matches!(question.role, Role::Gezinswerker) {
        Figure::AskedGezinswerker
    } else if matches!(question.role, Role::Jeugdarts | Role::Jeugdverpleegkundige) {
        Figure::AskedJgz
    } else if matches!(question.role, Role::Indicatiesteller) {
        Figure::AskedIndicatiesteller
    } else {
        return Vec::new();
    };
    let state = match question.state {
        State::Requested | State::Forwarded { .. } => Figure::Unanswered,
        State::Accepted { .. } | State::Planned { .. } | State::Done { .. } => Figure::Taken,
        State::Declined => Figure::Declined,
    };
    let category = match question.category {
        Some(Category::Gedrag) => Figure::CategoryGedrag,
        Some(Category::Leren) => Figure::CategoryLeren,
        Some(Category::Emotie) => Figure::CategoryEmotie,
        Some(Category::Gezin) => Figure::CategoryGezin,
        Some(Category::Gezondheid) => Figure::CategoryGezondheid,
        Some(Category::Verzuim) => Figure::CategoryVerzuim,
        Some(Category::Veiligheid) => Figure::CategoryVeiligheid,
        Some(Category::Anders) | None => Figure::CategoryAnders,
    };
    vec![Figure::Asked, role, question.age.0, state, category]
}

/// A meeting of the past about a child.
#[derive(Debug, Clone, Copy)]
pub struct Met {
    /// Whether a parent was at the table.
    pub parents: bool,
    /// Whether the child was heard; none of kinds in which that is not written down.
    pub heard: Option<ChildHeard>,
    /// Whether help is wanted; none likewise.
    pub help: Option<JgtHulpGewenst>,
    /// Whether everybody came who had to.
    pub all_came: bool,
    /// Calendar days since a school asked for it; none when nobody did.
    pub waited: Option<u32>,
}

/// What a meeting that was held counts for.
#[must_use]
pub fn met(meeting: Met) -> Vec<Figure> {
    let either = |is: bool, yes, no| if is { yes } else { no };
    let heard = match meeting.heard {
        Some(ChildHeard::Directly) => Figure::ChildHeardDirectly,
        Some(ChildHeard::ThroughOthers) => Figure::ChildHeardThroughOthers,
        Some(ChildHeard::No) => Figure::ChildNotHeard,
        None => Figure::ChildHeardUnrecorded,
    };
    let help = match meeting.help {
        Some(JgtHulpGewenst::Ja) => Figure::JgtWanted,
        Some(JgtHulpGewenst::Nee) => Figure::JgtUnwanted,
        Some(JgtHulpGewenst::NogNiet) => Figure::JgtNotYet,
        Some(JgtHulpGewenst::NietBesproken) | None => Figure::JgtUndiscussed,
    };
    let mut found = vec![
        Figure::Held,
        either(meeting.parents, Figure::HeldWithParents, Figure::HeldWithoutParents),
        heard,
        help,
        either(meeting.all_came, Figure::AllCame, Figure::NoShow),
        either(meeting.waited.is_some(), Figure::HeldOnRequest, Figure::HeldUnasked),
    ];
    found.extend(meeting.waited.map(|days| match days {
        ..8 => Figure::Within7Days,
        8..15 => Figure::From8To14Days,
        15..29 => Figure::From15To28Days,
        29.. => Figure::Over28Days,
    }));
    found
}

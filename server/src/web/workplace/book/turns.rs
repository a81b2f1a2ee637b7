//! A meeting about several children: whose turn it is for how long, and who comes for each.

use std::{fmt, str::FromStr};

use minijinja::{Value, context};
use pb::{
    case::parent::Gezag,
    consultation::{ParentException, Part},
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    take::{chosen, exceptions},
    wish::{Chair, Wish, minutes},
};
use crate::web::{
    form::ANSWER_INVALID,
    problem::Problem,
    workplace::{
        shown,
        trouble::{Faults, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Over welke kinderen", "About which children";
    hint: "Elk kind krijgt een eigen deel, na elkaar. Wie voor één kind komt, hoort niets over de andere kinderen.",
        "Each child has a part of its own, one after the other. Whoever comes for one child hears nothing of the others.";
    case: "Dossier", "Case";
    minutes: "minuten", "minutes";
    chosen: "gekozen", "chosen";
    choose: "Plan met deze kinderen", "Plan with these children";
    table: "Bij deze tijden is gekeken naar wie bij het hele overleg zit. Kan een ouder dan niet, dan leest u dat bij het boeken.",
        "These times look at who sits through the whole meeting. When a parent cannot come then, you read so on booking.";
    none: "Deze school heeft geen open dossiers die u kunt zien.", "This school has no open cases that you can see.";
    more: "Er zijn meer dossiers dan hier passen.", "There are more cases than fit here.";
    school: "Kies eerst een school.", "Choose a school first.";
    no_parts: "Dit soort overleg gaat niet over meer kinderen.", "This kind of meeting is not about several children.";
    too_many: "Zo veel kinderen kunnen niet in één overleg. Kies er minder.",
        "One meeting cannot be about so many children. Choose fewer.";
    too_long: "Samen duurt dit langer dan dit overleg mag duren. Kies minder kinderen of minder minuten.",
        "Together this takes longer than this meeting may. Choose fewer children or fewer minutes.";
}

/// Of so many cases is chosen.
const SHOWN: usize = 100;
/// What is proposed for a child, in minutes.
const USUAL: i64 = 15;
/// The shortest turn and the longest, in minutes.
const BOUNDS: (i64, i64) = (5, 480);

/// A child's turn. Written as `cases/…:20`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// `cases/{uuid}`.
    pub(super) case: String,
    pub(super) minutes: i64,
}

impl fmt::Display for Turn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.case, self.minutes)
    }
}

impl FromStr for Turn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let (case, minutes) = text.rsplit_once(':').ok_or(ANSWER_INVALID)?;
        let minutes = minutes.parse::<i64>().ok().filter(|long| (BOUNDS.0..=BOUNDS.1).contains(long));
        Ok(Self { case: case.to_owned(), minutes: minutes.ok_or(ANSWER_INVALID)? })
    }
}

/// The field in which it is typed how long a child's turn is.
fn minutes_of(case: &str) -> String {
    format!("minutes-{case}")
}

/// The field in which it is ticked who comes for a child.
fn guests_of(case: &str) -> String {
    format!("guest-{case}")
}

/// The field in which it is said why no parent comes.
fn exception_of(case: &str) -> String {
    format!("parent_exception-{case}")
}

/// The turns that fields say, each child once: as an address writes them, or as boxes that were ticked.
pub(super) fn read(all: impl Fn(&str) -> Vec<String>) -> Result<Vec<Turn>, Problem> {
    let mut turns: Vec<Turn> = Vec::new();
    for text in all("part").into_iter().filter(|text| !text.is_empty()) {
        let turn: Turn = if text.contains(':') {
            text.parse()?
        } else {
            let typed = all(&minutes_of(&text)).into_iter().find(|typed| !typed.is_empty());
            format!("{text}:{}", typed.unwrap_or_else(|| USUAL.to_string())).parse()?
        };
        if turns.iter().all(|known| known.case != turn.case) {
            turns.push(turn);
        }
    }
    if turns.len() > SHOWN { Err(ANSWER_INVALID) } else { Ok(turns) }
}

/// How long they take together, in minutes.
pub(super) fn together(turns: &[Turn]) -> i64 {
    turns.iter().map(|turn| turn.minutes).sum()
}

/// What is to be chosen otherwise before anybody is asked for a time; empty when it fits.
pub(super) fn misfit(rules: &pb::KindRules, wish: &Wish, language: Language) -> &'static str {
    let own = words(language);
    let most = usize::try_from(rules.capacity).unwrap_or_default();
    if most == 0 {
        own.no_parts
    } else if wish.school.is_empty() {
        own.school
    } else if wish.turns.len() > most {
        own.too_many
    } else if together(&wish.turns) > i64::from(rules.max_minutes) {
        own.too_long
    } else {
        ""
    }
}

/// Whether the children, if there are several, fit in one meeting.
pub(super) fn fit(rules: &pb::KindRules, wish: &Wish, language: Language) -> bool {
    wish.turns.is_empty() || misfit(rules, wish, language).is_empty()
}

/// The cases of the school to choose from, those that were chosen first.
pub(super) fn choices(all: &[pb::Case], wish: &Wish, language: Language) -> Value {
    let turn = |case: &pb::Case| wish.turns.iter().find(|turn| turn.case == case.name);
    let of_school = |case: &&pb::Case| !wish.school.is_empty() && case.school == wish.school;
    let (mut cases, others): (Vec<&pb::Case>, Vec<&pb::Case>) =
        all.iter().filter(of_school).partition(|case| turn(case).is_some());
    cases.extend(others);
    let shown = |case: &&pb::Case| {
        let turn = turn(case);
        context! {
            value => case.name.as_str(),
            label => case.reference.as_str(),
            here => turn.is_some(),
            field => minutes_of(&case.name),
            minutes => turn.map_or(USUAL, |turn| turn.minutes),
        }
    };
    context! {
        own => words(language),
        cases => cases.iter().take(SHOWN).map(shown).collect::<Vec<_>>(),
        more => cases.len() > SHOWN,
        school => !wish.school.is_empty(),
        chosen => wish.turns.len(),
        together => together(&wish.turns),
        least => BOUNDS.0,
        most => BOUNDS.1,
    }
}

/// Who comes for one child alone, and why no parent with gezag does.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    guests: Vec<Chair>,
    exception: ParentException,
}

/// What a form says of each turn.
pub(super) fn said(form: &Posted, turns: &[Turn]) -> Result<Vec<Said>, Problem> {
    let one = |turn: &Turn| -> Result<Said, Problem> {
        let field = guests_of(&turn.case);
        let guests: Vec<Chair> = form.all(&field).map(str::parse::<Chair>).collect::<Result<_, _>>()?;
        let exception = chosen(form, &exception_of(&turn.case), ParentException::from_str_name)?;
        Ok(Said { guests, exception })
    };
    turns.iter().map(one).collect()
}

/// The turns as a booking has them.
pub(super) fn parts(turns: &[Turn], said: &[Said]) -> Vec<Part> {
    let part = |(turn, said): (&Turn, &Said)| Part {
        case: turn.case.clone(),
        duration: Some(minutes(turn.minutes)),
        participants: said.guests.iter().map(Chair::participant).collect(),
        parent_exception: said.exception.into(),
        ..Default::default()
    };
    turns.iter().zip(said).map(part).collect()
}

/// The cases of the turns, in their order.
pub(super) async fn cases(visit: &Visit, turns: &[Turn]) -> Result<Vec<pb::Case>, Trouble> {
    let mut cases = Vec::with_capacity(turns.len());
    for turn in turns {
        let ask = pb::GetCaseRequest { name: turn.case.clone() };
        cases.push(ThuiszitterServiceClient::new(visit.calls()).get_case(ask).await?.into_inner());
    }
    Ok(cases)
}

/// A child and its parents, each with a name and whether they are asked unless it is said otherwise.
fn family(case: &pb::Case) -> Vec<(Chair, &str, bool)> {
    let chair = |person: &str, role| Chair { person: person.to_owned(), role, optional: false };
    let parents = case.parents.iter().map(|parent| {
        let gezag = matches!(parent.gezag(), Gezag::Yes);
        (chair(&parent.person, pb::Role::Ouder), parent.display_name.as_str(), gezag)
    });
    let child = case.child.iter();
    let child =
        child.map(|child| (chair(&child.person, pb::Role::Jeugdige), child.display_name.as_str(), false));
    parents.chain(child).filter(|(chair, ..)| !chair.person.is_empty()).collect()
}

/// The turns for the page that confirms them: each with who can come for that child alone, and what of it was
/// refused.
pub(super) fn shown(
    (turns, cases): (&[Turn], &[pb::Case]),
    said: Option<&[Said]>,
    faults: Option<&Faults>,
    language: Language,
) -> Vec<Value> {
    let one = |(at, (turn, case)): (usize, (&Turn, &pb::Case))| {
        let said = said.and_then(|said| said.get(at));
        let guest = |(chair, name, asked): (Chair, &str, bool)| {
            let role = shown::role(chair.role, language);
            let label = if name.is_empty() { role } else { format!("{name}, {role}") };
            let here = said.map_or(asked, |said| said.guests.contains(&chair));
            context! { label, here, value => chair.to_string() }
        };
        let prefix = format!("consultation.parts[{at}].");
        let refused = faults.into_iter().flat_map(|faults| &faults.fields);
        let refused = refused.filter(|(field, _)| field.starts_with(&prefix)).map(|(_, text)| text.as_str());
        context! {
            at => at,
            reference => case.reference.as_str(),
            minutes => turn.minutes,
            guests => family(case).into_iter().map(guest).collect::<Vec<_>>(),
            guest_field => guests_of(&turn.case),
            exceptions => exceptions(said.map(|said| said.exception).unwrap_or_default(), language),
            exception_field => exception_of(&turn.case),
            faults => refused.collect::<Vec<_>>().join(" "),
        }
    };
    turns.iter().zip(cases).enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(all: &[(&str, &str)]) -> Result<Vec<Turn>, Problem> {
        read(|name| {
            all.iter().filter(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned()).collect()
        })
    }

    #[test]
    fn boxes_that_were_ticked_and_an_address_say_the_same_turns() {
        let ticked =
            [("part", "cases/1"), ("minutes-cases/1", "20"), ("minutes-cases/2", "40"), ("part", "")];
        let turns = fields(&ticked).unwrap();
        assert_eq!(turns, [Turn { case: "cases/1".to_owned(), minutes: 20 }]);
        assert_eq!(fields(&[("part", &turns[0].to_string())]).unwrap(), turns);
        let twice = fields(&[("part", "cases/1"), ("part", "cases/2:30"), ("part", "cases/1:10")]).unwrap();
        assert_eq!((twice.len(), together(&twice)), (2, 45));
    }

    #[test]
    fn no_turn_is_shorter_or_longer_than_a_meeting_can_be() {
        for wrong in ["cases/1:4", "cases/1:481", "cases/1:-5", "cases/1:x", "cases/1:"] {
            assert!(fields(&[("part", wrong)]).is_err(), "{wrong}");
        }
    }
}

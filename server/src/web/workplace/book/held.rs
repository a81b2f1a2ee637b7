//! A time that one holds oneself: it is no obstacle, and is gone on with until it is booked or let go.

use chrono::{DateTime, TimeDelta, Utc};
use pb::agenda_service_client::AgendaServiceClient;
use schakel_proto::v1 as pb;

use super::{
    Outcome, page,
    people::People,
    rules,
    take::{Asked, confirm},
    wish::{Chair, Pick, Wish},
    words,
};
use crate::web::workplace::{
    shown,
    trouble::{Faults, Shown, Trouble},
    visit::{Posted, Visit},
};

/// The visitor's own that still count.
pub(super) async fn own(visit: &Visit) -> Result<Vec<pb::Hold>, Trouble> {
    let ask = pb::ListHoldsRequest::default();
    Ok(AgendaServiceClient::new(visit.calls()).list_holds(ask).await?.into_inner().holds)
}

fn span(hold: &pb::Hold) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let start = shown::instant(hold.start_time.as_ref())?;
    Some((start, start + TimeDelta::seconds(hold.duration.as_ref()?.seconds)))
}

fn asked(pick: &Pick, minutes: i64) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let start = DateTime::from_timestamp(pick.start, 0)?;
    Some((start, start + TimeDelta::minutes(minutes.clamp(0, 1440))))
}

/// Whether a hold keeps the whole of a time free for everybody at its table.
pub(super) fn covers(hold: &pb::Hold, pick: &Pick, minutes: i64) -> bool {
    let all = pick.table.iter().all(|chair| hold.persons.contains(&chair.person));
    let both = span(hold).zip(asked(pick, minutes));
    all && both.is_some_and(|((from, until), (start, end))| from <= start && end <= until)
}

/// Whether a hold keeps somebody of a table from it.
pub(super) fn meets(hold: &pb::Hold, pick: &Pick, minutes: i64) -> bool {
    let any = pick.table.iter().any(|chair| hold.persons.contains(&chair.person));
    let both = span(hold).zip(asked(pick, minutes));
    any && both.is_some_and(|((from, until), (start, end))| from < end && start < until)
}

/// Who is held, each in the role in which they were wished, are known around the school, or belong to the
/// child; and the parents who are always invited.
fn table(
    visit: &Visit,
    hold: &pb::Hold,
    (wish, rules, people): (&Wish, &pb::KindRules, &People),
) -> Vec<Chair> {
    let wanted = |chair: &Chair| {
        rules.must_come.iter().any(|any| any.roles().any(|role| role == chair.role))
            || rules.may_come().any(|role| role == chair.role)
    };
    let family = people.family();
    let seat = |person: &String| -> Option<Chair> {
        let wished = wish.chairs.iter().flatten().find(|chair| chair.person == *person);
        let known =
            || people.contacts.iter().map(|(chair, _)| chair).filter(move |chair| chair.person == *person);
        let mine = || {
            let at = visit.me.memberships.iter().find(|at| at.organisation == visit.me.acting_for)?;
            let role = at.role();
            (visit.me.person == *person).then(|| Chair { person: person.clone(), role, optional: false })
        };
        let found = wished.or_else(|| known().find(|chair| wanted(chair))).or_else(|| known().next());
        let found = found.or_else(|| family.iter().find(|chair| chair.person == *person));
        found.cloned().or_else(mine)
    };
    let mut table: Vec<Chair> = hold.persons.iter().filter_map(seat).collect();
    if rules.parents_invited {
        let invited = people.parents().filter(|chair| table.iter().all(|there| there.person != chair.person));
        let invited: Vec<Chair> = invited.collect();
        table.extend(invited);
    }
    table
}

/// A time that is held is shown to be confirmed, for what was wished or is chosen beside it.
pub(super) async fn resume(visit: Visit, form: Posted) -> Shown {
    let wish = Wish::posted(&form)?;
    let name = form.given("hold")?;
    let Some(hold) = own(&visit).await?.into_iter().find(|hold| hold.name == name) else {
        let summary = words(visit.language).over.to_owned();
        let faults = Faults { summary, reason: "HOLD_EXPIRED".to_owned(), ..Faults::default() };
        return page(&visit, wish, Outcome::Refused(faults)).await;
    };
    let start = hold.start_time.map_or(0, |start| start.seconds);
    let school = if wish.case.is_empty() && !hold.school.is_empty() {
        hold.school.clone()
    } else {
        wish.school.clone()
    };
    // It is booked as it is held.
    let wish = Wish {
        school,
        minutes: hold.duration.map(|length| length.seconds / 60),
        place: hold.place(),
        ..wish
    };
    let rules = rules(&visit, wish.kind).await?;
    let people = People::around(&visit, &wish.case, &wish.school).await?;
    let pick = Pick { start, table: table(&visit, &hold, (&wish, &rules, &people)) };
    if hold.persons.iter().any(|person| pick.table.iter().all(|chair| chair.person != *person)) {
        let faults = Faults { summary: words(visit.language).stranger.to_owned(), ..Faults::default() };
        return page(&visit, wish, Outcome::Refused(faults)).await;
    }
    let asked = Asked::of(wish, pick, rules, hold);
    confirm(&visit, &asked, people, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_covers_what_lies_in_it_and_meets_what_touches_it() {
        let hold = pb::Hold {
            persons: vec!["persons/1".into(), "persons/2".into()],
            start_time: Some(prost_types::Timestamp { seconds: 3600, nanos: 0 }),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            ..Default::default()
        };
        let pick = |start: i64, persons: &[&str]| {
            let chair =
                |person: &&str| Chair { person: (*person).to_owned(), role: pb::Role::Smw, optional: false };
            Pick { start, table: persons.iter().map(chair).collect() }
        };
        let (both, one, other) = (["persons/1", "persons/2"], ["persons/2"], ["persons/2", "persons/3"]);
        assert!(covers(&hold, &pick(3600, &both), 60) && covers(&hold, &pick(5400, &one), 30));
        assert!(!covers(&hold, &pick(3600, &other), 60) && meets(&hold, &pick(3600, &other), 60));
        assert!(!covers(&hold, &pick(5400, &one), 60) && meets(&hold, &pick(5400, &one), 60));
        assert!(!meets(&hold, &pick(7200, &both), 60) && !meets(&hold, &pick(3600, &["persons/3"]), 60));
    }
}

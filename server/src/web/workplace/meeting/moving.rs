//! Another time for a meeting: chosen from the best, or on the week.

use axum::extract::{Path, Query};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    consultation::{ShortNotice, State},
    consultation_service_client::ConsultationServiceClient,
};
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{begins, ever, get_meeting};
use crate::web::{
    form::ANSWER_INVALID,
    problem::NOT_FOUND,
    workplace::{
        book::{
            grid,
            people::People,
            rules,
            take::{is_gone, shorts},
            times::{self, Found},
            wish::{Chair, is_near, is_near_instant},
        },
        shown,
        trouble::{Faults, Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Overleg verplaatsen", "Move the meeting";
    now_at: "Nu staat het op", "Now it is at";
    told: "Iedereen krijgt bericht en antwoordt opnieuw.", "Everybody is told, and answers again.";
    best: "Tijden die kunnen", "Possible times";
    none: "Er is geen tijd waarop iedereen kan", "There is no time at which everybody can come";
    week: "De week in beeld", "The week at a glance";
    before: "Week eerder", "Week before";
    after: "Week later", "Week after";
    short: "Waarom het op korte termijn is", "Why it is at short notice";
    short_hint: "Nodig als u een eerdere tijd kiest dan nu, binnen zoveel uur:",
        "Needed when you choose a time earlier than now it is, within so many hours:";
    soon: "Het kan niet wachten: toon ook tijden op korte termijn", "It cannot wait: also show times at short notice";
    not_soon: "Toon geen tijden op korte termijn", "Show no times at short notice";
    nothing: "niet van toepassing", "does not apply";
    submit: "Verplaats naar de gekozen tijd", "Move to the chosen time";
    back: "Terug naar het overleg", "Back to the meeting";
    closed: "Dit overleg kan niet meer worden verplaatst.", "This meeting can no longer be moved.";
    faster: "Iemand was u net voor, of de tijd was niet meer vrij. Er is niets veranderd. Kies een andere tijd.",
        "Somebody was just faster, or the time was no longer free. Nothing was changed. Choose another time.";
}

/// Which week is looked at, and whether times are offered for which it must be said why so soon.
#[derive(Deserialize)]
pub(super) struct Looked {
    week: Option<NaiveDate>,
    #[serde(default)]
    soon: String,
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>, Query(looked): Query<Looked>) -> Shown {
    if !ever(&visit, Action::WriteConsultation) {
        return Err(NOT_FOUND.into());
    }
    let view = View { week: looked.week.filter(|day| is_near(*day)), soon: !looked.soon.is_empty() };
    page(&visit, &id, view, None).await
}

/// The meeting moves.
pub(super) async fn take(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let start: i64 = form.given("start")?.parse().map_err(|_| ANSWER_INVALID)?;
    if !is_near_instant(start) {
        return Err(ANSWER_INVALID.into());
    }
    let short = match form.one("short_notice")? {
        "" => ShortNotice::Unspecified,
        text => ShortNotice::from_str_name(text).ok_or(ANSWER_INVALID)?,
    };
    let ask = pb::MoveConsultationRequest {
        name: format!("consultations/{id}"),
        start_time: Some(prost_types::Timestamp { seconds: start, nanos: 0 }),
        etag: form.given("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
        short_notice: short.into(),
        ..Default::default()
    };
    match ConsultationServiceClient::new(visit.calls()).move_consultation(ask).await {
        Ok(_) => Ok(see_other(&format!("/consultations/{id}"))),
        Err(status) => {
            let faults = Faults::of(status)?;
            let week = DateTime::from_timestamp(start, 0).map(grid::monday);
            let etag = form.given("etag")?;
            let view = View { week, soon: form.ticked("soon")? };
            page(&visit, &id, view, Some(&Refused { faults, start, short, etag })).await
        }
    }
}

/// What is shown of the times.
#[derive(Clone, Copy)]
struct View {
    week: Option<NaiveDate>,
    soon: bool,
}

/// The first instant to which a meeting that begins at `start` can move: at the notice of its kind, unless
/// that would be sooner than it is, or it cannot wait. Later than it is needs no notice.
fn earliest((start, notice): (DateTime<Utc>, i32), soon: bool, now: DateTime<Utc>) -> DateTime<Utc> {
    let soonest = now + times::SOONEST;
    if soon { soonest } else { (now + TimeDelta::hours(notice.into())).min(start).max(soonest) }
}

/// What was chosen, and why that was refused.
struct Refused<'a> {
    faults: Faults,
    start: i64,
    short: ShortNotice,
    etag: &'a str,
}

/// Who sits at the meeting, once.
fn table(meeting: &pb::Consultation) -> Vec<Chair> {
    let chair =
        |at: &pb::Participant| Chair { person: at.person.clone(), role: at.role(), optional: at.optional };
    meeting.participants.iter().map(chair).collect()
}

/// The times and the week; both empty when the meeting cannot move.
async fn laid(
    visit: &Visit,
    (meeting, notice): (&pb::Consultation, i32),
    view: View,
) -> Result<(Found, Vec<Value>, Value), Trouble> {
    let (language, now) = (visit.language, visit.app.now());
    let Some(start) = begins(meeting) else { return Ok((Found::default(), Vec::new(), Value::from(()))) };
    let after = earliest((start, notice), view.soon, now);
    let length = TimeDelta::seconds(meeting.duration.map_or(0, |length| length.seconds));
    let chairs = table(meeting);
    let ask = times::Ask {
        school: &meeting.school,
        case: &meeting.case,
        place: meeting.place(),
        table: &chairs,
        minutes: length.num_minutes(),
        after,
        quorum: 0,
    };
    let found = times::find(visit, &ask).await?;
    let named: Vec<(Chair, String)> = (chairs.iter().zip(&meeting.participants))
        .map(|(chair, at)| {
            let role = || shown::role(chair.role, language);
            let name = if at.display_name.is_empty() { role() } else { at.display_name.clone() };
            (chair.clone(), name)
        })
        .collect();
    let people = People::default();
    let seen = (chairs.as_slice(), &people);
    let slots: Vec<Value> = found.slots.iter().map(|one| times::slot(one, seen, language)).collect();
    if found.faults.is_some() {
        return Ok((found, slots, Value::from(())));
    }
    let ask = grid::Ask {
        school: &meeting.school,
        case: &meeting.case,
        place: meeting.place(),
        table: &named,
        minutes: length.num_minutes(),
        monday: view.week.unwrap_or_else(|| grid::monday(start)),
        after,
        own: Some((start, start + length)),
    };
    let week = grid::week(visit, &ask).await?;
    Ok((found, slots, week))
}

async fn page(visit: &Visit, id: &str, view: View, refused: Option<&Refused<'_>>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let meeting = get_meeting(visit, id).await?;
    let ahead = matches!(meeting.state(), State::Planned)
        && meeting.within.is_empty()
        && begins(&meeting).is_some_and(|start| start > visit.app.now());
    let notice = if ahead { rules(visit, meeting.kind()).await?.notice_hours } else { 0 };
    let (found, slots, week) = if ahead {
        laid(visit, (&meeting, notice), view).await?
    } else {
        (Found::default(), Vec::new(), Value::from(()))
    };
    let faults = refused.map(|tried| &tried.faults).or(found.faults.as_ref());
    let etag = |tried: &Refused<'_>| tried.faults.etag(tried.etag, &meeting.etag).to_owned();
    let values = context! {
        own, ahead, slots, week, notice,
        soon => view.soon,
        faults => faults.map(Value::from),
        gone => refused.is_some_and(|tried| is_gone(&tried.faults)),
        obstacles => found.obstacles.iter().map(|one| one.text.clone()).collect::<Vec<_>>(),
        meeting => shown::meeting(&meeting, language),
        path => format!("/{}", meeting.name),
        etag => refused.map_or_else(|| meeting.etag.clone(), etag),
        start => refused.map(|tried| tried.start),
        shorts => shorts(refused.map_or(ShortNotice::Unspecified, |tried| tried.short), language),
        request_id => visit.request_id(),
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/meeting_move.html", own.title), values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_moves_forward_at_the_notice_of_its_kind_and_later_at_once() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        assert_eq!(earliest((at(200), 48), false, at(0)), at(48));
        assert_eq!(earliest((at(24), 48), false, at(0)), at(24), "later than it is");
        assert_eq!(earliest((at(200), 0), false, at(0)), at(0) + times::SOONEST);
        assert_eq!(earliest((at(200), 48), true, at(0)), at(0) + times::SOONEST);
    }
}

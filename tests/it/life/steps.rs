//! What can happen to a meeting, each as somebody would do it through the interface.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schakel_domain::{
    consultation::Answer,
    ids::{ConsultationId, PersonId},
};
use schakel_proto::v1::{
    self as pb,
    consultation::{Place, State},
    participant::Answer as Shown,
    series_service_client::SeriesServiceClient,
};
use schakel_server::{
    access::Grant,
    consultation::answer::{Given, answer},
};
use schakel_tests::{
    reason,
    seed_meetings::{seat, stamp},
    violations,
};
use tonic::{Response, Status};

use super::Life;

/// Everything that has to happen in a life.
pub(super) const ALL: [&str; 13] = [
    "booked",
    "moved",
    "elsewhere",
    "added",
    "removed",
    "replaced",
    "cancelled",
    "reinstated",
    "answered",
    "series booked",
    "series changed",
    "series reseated",
    "series cancelled",
];

/// Why something may be refused in a life in which nobody looks before they leap.
const USUAL: [&str; 7] = [
    "TIME_CONFLICT",
    "LIMIT_REACHED",
    "CONSULTATION_PAST",
    "CONSULTATION_CANCELLED",
    "ALREADY_ENDED",
    "PLAN_INCOMPLETE",
    "CASE_CLOSED",
];

/// The same of one field.
const USUAL_FIELDS: [&str; 7] = [
    "ROLE_REQUIRED",
    "PARENT_REQUIRED",
    "DUPLICATE_ATTENDEE",
    "TIME_OUT_OF_BOUNDS",
    "NOTICE_TOO_SHORT",
    "FIELD_REQUIRED",
    "place: FIELD_INVALID",
];

/// What came of a call; none when it was refused for a reason that a life has.
fn taken<T>(result: Result<Response<T>, Status>) -> Option<T> {
    let refused = match result {
        Ok(done) => return Some(done.into_inner()),
        Err(refused) => refused,
    };
    let fields = violations(&refused);
    let fields_are_usual = !fields.is_empty()
        && fields.iter().all(|field| USUAL_FIELDS.iter().any(|word| field.ends_with(word)));
    assert!(fields_are_usual || USUAL.contains(&reason(&refused).as_str()), "{refused:?} {fields:?}");
    None
}

fn hour() -> prost_types::Duration {
    prost_types::Duration { seconds: 3_600, nanos: 0 }
}

impl Life {
    /// Something happens; false when it was refused or there was nothing to do it to.
    pub(super) async fn step(&mut self) -> bool {
        let done = match self.dice.below(100) {
            0..16 => self.book().await,
            16..32 => self.move_one().await,
            32..40 => self.elsewhere().await,
            40..52 => self.add().await,
            52..62 => self.remove().await,
            62..70 => self.replace().await,
            70..76 => self.cancel().await,
            76..82 => self.reinstate().await,
            82..93 => self.answer().await,
            93..95 => self.book_series().await,
            95..97 => self.change_series().await,
            97..99 => self.reseat_series().await,
            _ => self.cancel_series().await,
        };
        if let Some(what) = done {
            *self.diary.done.entry(what).or_default() += 1;
        }
        done.is_some()
    }

    fn id(&self) -> String {
        self.scene.server.request_id()
    }

    fn now(&self) -> DateTime<Utc> {
        self.scene.server.app.now()
    }

    /// A quarter of an hour on the grid, from some hours to some weeks ahead.
    fn start(&mut self) -> DateTime<Utc> {
        let far = if self.dice.below(4) == 0 { 40 } else { 24 * 4 * 30 };
        let quarters = i64::try_from(16 + self.dice.below(far)).unwrap();
        let now = self.now().timestamp();
        DateTime::from_timestamp(now - now % 900 + quarters * 900, 0).unwrap()
    }

    /// One of the meetings, as it stands; of the last ones, so that much happens to each.
    async fn some(&mut self, state: State) -> Option<pb::Consultation> {
        for _ in 0..6 {
            if self.meetings.is_empty() {
                return None;
            }
            let from = self.meetings.len().saturating_sub(30);
            let name = self.dice.one(&self.meetings[from..]).clone();
            let request = pb::GetConsultationRequest { name };
            let found = self.scene.meetings().get_consultation(request).await.unwrap().into_inner();
            let starts = DateTime::from_timestamp(found.start_time.unwrap().seconds, 0).unwrap();
            if found.state() == state && starts > self.now() {
                return Some(found);
            }
        }
        None
    }

    /// Somebody of the pool who does not sit there; of a meeting about the child also the other parent.
    fn guest(&mut self, meeting: &pb::Consultation) -> Option<pb::Participant> {
        let mut pool = self.pool.clone();
        if !meeting.case.is_empty() {
            pool.extend(self.scene.family.parents.iter().map(|parent| (*parent, pb::Role::Ouder)));
        }
        pool.retain(|(person, _)| meeting.participants.iter().all(|seat| seat.person != person.to_string()));
        if pool.is_empty() {
            return None;
        }
        let (person, role) = *self.dice.one(&pool);
        Some(seat(person, role))
    }

    fn sits(&mut self, meeting: &pb::Consultation) {
        self.diary.sits(&self.people, meeting);
    }

    fn rises(&mut self, meeting: &pb::Consultation, anew: bool) {
        let now = self.now();
        self.diary.rises(meeting, now, anew);
    }

    /// A meeting about no child, of the planner and some others.
    fn consult(&mut self) -> pb::Consultation {
        let mut table = vec![seat(self.scene.iber.0, pb::Role::Iber)];
        let first = self.dice.below(4);
        let (person, role) = self.pool[first];
        table.push(seat(person, role));
        if self.dice.below(2) == 0 {
            let (person, role) = self.pool[4 + self.dice.below(self.pool.len() - 4)];
            table.push(seat(person, role));
        }
        pb::Consultation {
            kind: pb::consultation::Kind::Consult.into(),
            start_time: Some(stamp(self.start())),
            duration: Some(hour()),
            place: Place::School.into(),
            school: self.scene.school.to_string(),
            participants: table,
            parent_exception: pb::consultation::ParentException::Anonymous.into(),
            short_notice: pb::consultation::ShortNotice::AllAgreed.into(),
            ..Default::default()
        }
    }

    async fn book(&mut self) -> Option<&'static str> {
        let wanted = if self.dice.below(2) == 0 {
            self.consult()
        } else {
            let start = self.start();
            let short_notice = pb::consultation::ShortNotice::AllAgreed.into();
            pb::Consultation { short_notice, ..self.scene.mdo(start) }
        };
        let booking = self.scene.booking(wanted);
        let booked = taken(self.scene.meetings().book_consultation(booking).await)?;
        self.sits(&booked);
        self.meetings.push(booked.name);
        Some("booked")
    }

    async fn move_one(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let longer = self.dice.below(4) == 0;
        let (seconds, start) = if longer {
            (if known.duration.unwrap().seconds == 3_600 { 5_400 } else { 3_600 }, known.start_time.unwrap())
        } else {
            (known.duration.unwrap().seconds, stamp(self.start()))
        };
        let request = pb::MoveConsultationRequest {
            name: known.name.clone(),
            start_time: Some(start),
            duration: Some(prost_types::Duration { seconds, nanos: 0 }),
            short_notice: pb::consultation::ShortNotice::AllAgreed.into(),
            etag: known.etag.clone(),
            request_id: self.id(),
            ..Default::default()
        };
        let moved = taken(self.scene.meetings().move_consultation(request).await)?;
        if moved.sequence != known.sequence {
            self.rises(&moved, true);
        }
        Some("moved")
    }

    async fn elsewhere(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let places = [Place::School, Place::Team, Place::Online, Place::Phone];
        let place = places.into_iter().find(|place| *place != known.place());
        let place = if self.dice.below(2) == 0 { place? } else { Place::Online };
        let request = pb::MoveConsultationRequest {
            name: known.name.clone(),
            start_time: known.start_time,
            place: place.into(),
            etag: known.etag.clone(),
            request_id: self.id(),
            ..Default::default()
        };
        let moved = taken(self.scene.meetings().move_consultation(request).await)?;
        if moved.sequence != known.sequence {
            self.rises(&moved, false);
        }
        Some("elsewhere")
    }

    async fn add(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let comes = Some(self.guest(&known)?);
        let request =
            pb::AddParticipantRequest { name: known.name, comes, etag: known.etag, request_id: self.id() };
        let more = taken(self.scene.meetings().add_participant(request).await)?;
        self.sits(&more);
        Some("added")
    }

    async fn remove(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let leaves = self.dice.one(&known.participants).person.clone();
        let request = pb::RemoveParticipantRequest {
            name: known.name,
            leaves,
            etag: known.etag,
            request_id: self.id(),
        };
        taken(self.scene.meetings().remove_participant(request).await)?;
        Some("removed")
    }

    async fn replace(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let leaves = self.dice.one(&known.participants).clone();
        let mut comes = self.guest(&known)?;
        if self.dice.below(3) > 0 {
            // Mostly somebody of the same kind.
            let same: Vec<PersonId> = self
                .pool
                .iter()
                .filter(|(person, role)| {
                    let sits = known.participants.iter().any(|seat| seat.person == person.to_string());
                    i32::from(*role) == leaves.role && !sits
                })
                .map(|(person, _)| *person)
                .collect();
            if !same.is_empty() {
                comes = pb::Participant { role: leaves.role, ..seat(*self.dice.one(&same), pb::Role::Smw) };
            }
        }
        let request = pb::ReplaceParticipantRequest {
            name: known.name,
            leaves: leaves.person,
            comes: Some(comes),
            etag: known.etag,
            request_id: self.id(),
        };
        let replaced = taken(self.scene.meetings().replace_participant(request).await)?;
        self.sits(&replaced);
        Some("replaced")
    }

    async fn cancel(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let request =
            pb::CancelConsultationRequest { name: known.name, etag: known.etag, request_id: self.id() };
        let off = taken(self.scene.meetings().cancel_consultation(request).await)?;
        self.rises(&off, false);
        Some("cancelled")
    }

    async fn reinstate(&mut self) -> Option<&'static str> {
        let known = self.some(State::Cancelled).await?;
        let request = pb::ReinstateConsultationRequest {
            name: known.name,
            etag: known.etag,
            request_id: self.id(),
            short_notice: pb::consultation::ShortNotice::AllAgreed.into(),
        };
        let goes_on = taken(self.scene.meetings().reinstate_consultation(request).await)?;
        self.rises(&goes_on, true);
        Some("reinstated")
    }

    /// Somebody answers as behind the link in a mail.
    async fn answer(&mut self) -> Option<&'static str> {
        let known = self.some(State::Planned).await?;
        let who = self.dice.one(&known.participants).person.clone();
        let answers = [
            (Answer::Declined, "DECLINED"),
            (Answer::Accepted, "ACCEPTED"),
            (Answer::Tentative, "TENTATIVE"),
            (Answer::Declined, "DECLINED"),
        ];
        let (given, word) = *self.dice.one(&answers);
        let (id, person): (ConsultationId, PersonId) = (known.name.parse().unwrap(), who.parse().unwrap());
        let region = self.scene.server.founded.region;
        let grant = Grant::link(region, person);
        let answered = self.scene.server.app.write(&grant, None, |tx| async move {
            answer(&tx, id, person, Given::plain(given)).await.map(|_| ())
        });
        answered.await.unwrap();
        let now = self.now();
        self.diary.answers(now, &known.reference, &self.people[&who], word);
        let shown = pb::GetConsultationRequest { name: known.name };
        let shown = self.scene.meetings().get_consultation(shown).await.unwrap().into_inner();
        let own = shown.participants.iter().find(|seat| seat.person == who).unwrap();
        assert_eq!(
            own.answer().as_str_name(),
            Shown::from_str_name(&format!("ANSWER_{word}")).unwrap().as_str_name()
        );
        Some("answered")
    }

    fn of_series(&self) -> SeriesServiceClient<schakel_tests::As> {
        SeriesServiceClient::new(self.scene.iber.1.clone())
    }

    async fn book_series(&mut self) -> Option<&'static str> {
        let mut wanted = self.consult();
        wanted.short_notice = 0;
        // Well ahead, and on the hour.
        let days = i64::try_from(3 + self.dice.below(20)).unwrap();
        let hours = i64::try_from(7 + self.dice.below(9)).unwrap();
        let midnight = self.now().date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
        wanted.start_time = Some(stamp(midnight + TimeDelta::days(days) + TimeDelta::hours(hours)));
        let request = pb::BookSeriesRequest {
            consultation: Some(wanted),
            recurrence: format!("FREQ=WEEKLY;COUNT={}", 2 + self.dice.below(3)),
            on_closed: pb::series::OnClosed::Keep.into(),
            mode: pb::BookingMode::Each.into(),
            request_id: self.id(),
            ..Default::default()
        };
        let booked = taken(self.of_series().book_series(request).await)?;
        let series = booked.series.unwrap();
        for meeting in self.members(&series.name).await {
            self.sits(&meeting);
            self.meetings.push(meeting.name);
        }
        self.series.push(series.name);
        Some("series booked")
    }

    async fn members(&self, series: &str) -> Vec<pb::Consultation> {
        let request = pb::GetSeriesRequest { name: series.to_owned() };
        self.of_series().get_series(request).await.unwrap().into_inner().consultations
    }

    /// One of the series, with its meetings.
    async fn some_series(&mut self) -> Option<(pb::Series, Vec<pb::Consultation>)> {
        if self.series.is_empty() {
            return None;
        }
        let from = self.series.len().saturating_sub(5);
        let name = self.dice.one(&self.series[from..]).clone();
        let request = pb::GetSeriesRequest { name };
        let found = self.of_series().get_series(request).await;
        // One whose meetings all went to another that follows it is no more.
        let found = found.ok()?.into_inner();
        Some((found.series.unwrap(), found.consultations))
    }

    /// Applies a change to a series, and notes what it did to each meeting.
    async fn alter(&mut self, change: impl FnOnce(&mut pb::UpdateSeriesRequest, &mut Life)) -> Option<()> {
        let (series, before) = self.some_series().await?;
        let dates: Vec<NaiveDate> = before
            .iter()
            .filter_map(|meeting| meeting.original_start_time)
            .map(|at| DateTime::from_timestamp(at.seconds, 0).unwrap().date_naive())
            .collect();
        let mut request = pb::UpdateSeriesRequest {
            name: series.name.clone(),
            mode: pb::BookingMode::Each.into(),
            overwrite_exceptions: self.dice.below(3) == 0,
            etag: series.etag,
            request_id: self.id(),
            ..Default::default()
        };
        if self.dice.below(2) == 0 && !dates.is_empty() {
            request.from_date = self.dice.one(&dates).to_string();
        }
        change(&mut request, self);
        let changed = taken(self.of_series().update_series(request).await)?;
        let next = changed.series.unwrap().name;
        if !self.series.contains(&next) {
            self.series.push(next);
        }
        for known in before {
            let request = pb::GetConsultationRequest { name: known.name };
            let now = self.scene.meetings().get_consultation(request).await.unwrap().into_inner();
            self.sits(&now);
            if now.sequence != known.sequence {
                self.rises(&now, now.start_time != known.start_time || now.duration != known.duration);
            }
        }
        Some(())
    }

    async fn change_series(&mut self) -> Option<&'static str> {
        let hour = 8 + self.dice.below(9);
        self.alter(|request, _| request.time_of_day = format!("{hour:02}:30")).await?;
        Some("series changed")
    }

    async fn reseat_series(&mut self) -> Option<&'static str> {
        self.alter(|request, life| {
            request.participants = life.consult().participants;
            if life.dice.below(3) == 0 {
                request.place = Place::Online.into();
            }
        })
        .await?;
        Some("series reseated")
    }

    async fn cancel_series(&mut self) -> Option<&'static str> {
        let (series, before) = self.some_series().await?;
        let request = pb::CancelSeriesRequest {
            name: series.name,
            etag: series.etag,
            request_id: self.id(),
            ..Default::default()
        };
        taken(self.of_series().cancel_series(request).await)?;
        for known in before {
            let request = pb::GetConsultationRequest { name: known.name };
            let now = self.scene.meetings().get_consultation(request).await.unwrap().into_inner();
            if now.sequence != known.sequence {
                self.rises(&now, false);
            }
        }
        Some("series cancelled")
    }
}

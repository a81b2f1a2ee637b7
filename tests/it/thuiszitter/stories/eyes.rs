//! Who looks on in a story: how much of the case each sees, what waits for each, and what came by mail.

use std::time::Duration;

use schakel_domain::{ids::PersonId, invitation::forbidden_word};
use schakel_proto::v1::{
    consultation_service_client::ConsultationServiceClient, task_service_client::TaskServiceClient,
    track_service_client::TrackServiceClient,
};
use schakel_server::invitation::tasks::remind_due;
use schakel_tests::{
    As,
    mailbox::Mail,
    reason,
    seed_meetings::{seat, stamp},
};

use super::*;

/// Where both parents of a story get their mail.
pub(super) const PARENTS: &str = "noor@thuis.example";

/// What somebody who watches is told.
type Changes = tonic::Streaming<pb::WatchCasesResponse>;

/// Somebody who looks on.
pub(super) struct Onlooker {
    role: Role,
    pub(super) person: PersonId,
    pub(super) channel: As,
}

impl Onlooker {
    pub(super) async fn of(region: &Region, role: Role, at: impl Into<OrganisationId>) -> Self {
        let (person, channel) = region.server.person(role, at).await;
        Self { role, person, channel }
    }

    /// Where they get their mail.
    pub(super) fn mailbox(&self) -> String {
        format!("{}@maasduin.example", self.person.0.simple())
    }
}

/// Everybody who has to do with a case, nobody of them invited; and an IB'er of another school, who has not.
pub(super) struct Eyes<'a> {
    region: &'a Region,
    case: &'a pb::Case,
    pub(super) iber: Onlooker,
    pub(super) head: Onlooker,
    /// The leerplichtambtenaar of GM9901.
    pub(super) officer: Onlooker,
    pub(super) keeper: Onlooker,
    /// Who holds the doorzettingsmacht.
    pub(super) holder: Onlooker,
    pub(super) smw: Onlooker,
    stranger: Onlooker,
}

impl Story {
    pub(super) async fn eyes(&self) -> Eyes<'_> {
        Eyes::of(&self.0.region, &self.0.case).await
    }
}

impl<'a> Eyes<'a> {
    pub(super) async fn of(region: &'a Region, case: &'a pb::Case) -> Self {
        let swv = region.server.founded.organisation;
        let team = region.server.organisation("TEAM", "T09").await;
        let elsewhere = region.server.school("90ZZ00", "GM9901").await;
        Self {
            region,
            case,
            iber: Onlooker::of(region, Role::Iber, region.school).await,
            head: Onlooker::of(region, Role::Directeur, region.school).await,
            officer: Onlooker::of(region, Role::Leerplichtambtenaar, region.gemeente).await,
            keeper: Onlooker::of(region, Role::Thuiszitterscoordinator, swv).await,
            holder: Onlooker::of(region, Role::Doorzettingsmacht, swv).await,
            smw: Onlooker::of(region, Role::Smw, team).await,
            stranger: Onlooker::of(region, Role::Iber, elsewhere).await,
        }
    }

    /// How much of the case each of them sees, as [`seen`] tells; another school sees nothing of it and has
    /// nothing to do.
    pub(super) async fn see(&self, expected: &[(&Onlooker, &str)]) {
        for (who, what) in expected {
            assert_eq!(seen(&who.channel, &self.case.name).await, *what, "{}", who.role);
        }
        assert_eq!(seen(&self.stranger.channel, &self.case.name).await, "nothing", "another school");
        assert!(tasks(&self.stranger.channel).await.is_empty(), "another school");
    }

    /// What waits for each of them by a norm, or of a kind of task: `due STATE`, or nothing.
    pub(super) async fn wait(&self, what: &str, expected: &[(&Onlooker, &str)]) {
        let kind = format!("KIND_{what}");
        for (who, standing) in expected {
            let tasks = tasks(&who.channel).await;
            let found = tasks.iter().find(|task| {
                task.case == self.case.name && (task.norm == what || task.kind().as_str_name() == kind)
            });
            let found = found.map_or_else(String::new, |task| {
                format!("{} {}", task.due_date, task.state().as_str_name().trim_start_matches("STATE_"))
            });
            assert_eq!(found, *standing, "{what} of {}", who.role);
        }
    }

    /// What came in each of these mailboxes since the last look: `asked` to a meeting, `tasks` that are due
    /// soon, or nothing. No mail to anybody tells of whom or what it is, and another school gets none.
    pub(super) async fn post(&self, expected: &[(String, &str)]) {
        let server = &self.region.server;
        while remind_due(&server.app, server.founded.region).await.unwrap() > 0 {}
        let mails = server.news().await;
        for mail in &mails {
            self.tells_nothing(mail);
        }
        let got = |mailbox: &str| {
            let kinds: BTreeSet<_> =
                mails.iter().filter(|mail| mail.to() == mailbox).map(kind_of_mail).collect();
            kinds.into_iter().collect::<Vec<_>>().join(" ")
        };
        for (at, (mailbox, what)) in expected.iter().enumerate() {
            assert_eq!(got(mailbox), *what, "mailbox {at}");
        }
        assert_eq!(got(&self.stranger.mailbox()), "", "another school");
    }

    fn tells_nothing(&self, mail: &Mail) {
        assert_eq!(forbidden_word(&mail.subject()), None, "{}", mail.subject());
        let own = mail.to_name();
        for part in [mail.subject(), mail.text().replace(&own, ""), mail.html().replace(&own, "")] {
            let reference = self.case.reference.as_str();
            for secret in ["Fenna", "Oudshoorn", "Zwanikken", "durft het lokaal", reference] {
                assert!(!part.contains(secret), "{secret}: {part}");
            }
        }
    }

    /// A meeting of an hour at school about the child that the IB'er books, with the parents.
    pub(super) async fn booked(
        &self,
        kind: pb::consultation::Kind,
        start: &str,
        professionals: &[(&Onlooker, pb::Role)],
    ) -> pb::Consultation {
        let parents = self.case.parents.iter();
        let parents = parents.map(|parent| seat(parent.person.parse().unwrap(), pb::Role::Ouder));
        let professionals = professionals.iter().map(|(who, role)| seat(who.person, *role));
        let meeting = pb::Consultation {
            kind: kind.into(),
            case: self.case.name.clone(),
            start_time: Some(stamp(start.parse().unwrap())),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: professionals.chain(parents).collect(),
            ..Default::default()
        };
        let request_id = self.region.server.request_id();
        let booking =
            pb::BookConsultationRequest { consultation: Some(meeting), request_id, ..Default::default() };
        let mut meetings = ConsultationServiceClient::new(self.iber.channel.clone());
        meetings.book_consultation(booking).await.unwrap().into_inner()
    }

    /// Writes down that a meeting was held, with everybody there, and what was agreed at it.
    pub(super) async fn held(&self, meeting: &pb::Consultation) {
        let outcome = pb::Outcome {
            attended: meeting.participants.iter().map(|seat| seat.person.clone()).collect(),
            child_heard: pb::outcome::ChildHeard::ThroughOthers.into(),
            child_heard_note: "Via moeder.".into(),
            jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
            jgt_decided_with: vec![self.case.parents[0].person.clone()],
            summary: "Opbouw met twee ochtenden.".into(),
            actions: vec![pb::outcome::Action {
                text: "Rooster maken".into(),
                owner: self.iber.person.to_string(),
                due_date: "2026-12-14".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let request = pb::RecordOutcomeRequest {
            name: meeting.name.clone(),
            outcome: Some(outcome),
            etag: meeting.etag.clone(),
            request_id: self.region.server.request_id(),
        };
        let mut meetings = ConsultationServiceClient::new(self.iber.channel.clone());
        meetings.record_outcome(request).await.unwrap();
    }

    /// What the school of the case watches from now on, and what another school does.
    pub(super) async fn watch(&self) -> [Changes; 2] {
        let watching = async |who: &Onlooker| {
            let all = pb::WatchCasesRequest::default();
            Cases::new(who.channel.clone()).watch_cases(all).await.unwrap().into_inner()
        };
        [watching(&self.iber).await, watching(&self.stranger).await]
    }

    /// A track that somebody begins and coordinates, from one day on until the next thing happens on another.
    pub(super) async fn begun(
        &self,
        by: &Onlooker,
        kind: pb::track::Kind,
        (start, next): (&str, &str),
    ) -> pb::Track {
        let track = pb::Track { kind: kind.into(), ..Default::default() };
        self.begun_as(by, track, (start, next)).await
    }

    /// The same of a track of which more is said than its kind.
    pub(super) async fn begun_as(
        &self,
        by: &Onlooker,
        track: pb::Track,
        (start, next): (&str, &str),
    ) -> pb::Track {
        let track = pb::Track {
            case: self.case.name.clone(),
            coordinator: by.person.to_string(),
            start_date: start.into(),
            next_date: next.into(),
            ..track
        };
        let request =
            pb::StartTrackRequest { track: Some(track), request_id: self.region.server.request_id() };
        TrackServiceClient::new(by.channel.clone()).start_track(request).await.unwrap().into_inner()
    }

    /// What happens next in a track, which goes on on `next`, or ends when there is none.
    pub(super) async fn step(
        &self,
        by: &Onlooker,
        track: &pb::Track,
        (step, next, outcome): (pb::track::Step, &str, pb::track::Outcome),
    ) -> pb::Track {
        let request = pb::AddTrackStepRequest {
            name: track.name.clone(),
            step: Some(step),
            next_date: next.into(),
            outcome: outcome.into(),
            etag: track.etag.clone(),
            request_id: self.region.server.request_id(),
        };
        TrackServiceClient::new(by.channel.clone()).add_track_step(request).await.unwrap().into_inner()
    }
}

/// What happened in a track on a day.
pub(super) fn step(kind: pb::track::step::Kind, date: &str) -> pb::track::Step {
    pb::track::Step { kind: kind.into(), date: date.into(), ..Default::default() }
}

/// How much of a case somebody sees: the `child`, the `absence` without the child, the `shell`, or `nothing`.
pub(super) async fn seen(channel: &As, case: &str) -> &'static str {
    match Cases::new(channel.clone()).get_case(get(case)).await.map(tonic::Response::into_inner) {
        Err(refused) => {
            assert_eq!(reason(&refused), "CASE_NOT_FOUND");
            "nothing"
        }
        Ok(case) if case.child.as_ref().is_some_and(|child| !child.display_name.is_empty()) => "child",
        Ok(case) if case.absence.is_some() => "absence",
        Ok(_) => "shell",
    }
}

/// The changes that a watcher is told within a moment, each with its case.
pub(super) async fn changes(watched: &mut Changes) -> Vec<(pb::case_change::Kind, String)> {
    let mut told = Vec::new();
    while let Ok(next) = tokio::time::timeout(Duration::from_millis(1300), watched.message()).await {
        let change = next.unwrap().unwrap().change.unwrap();
        told.push((change.kind(), change.case));
    }
    told
}

async fn tasks(channel: &As) -> Vec<pb::Task> {
    let request = pb::ListTasksRequest { page_size: 200, ..Default::default() };
    TaskServiceClient::new(channel.clone()).list_tasks(request).await.unwrap().into_inner().tasks
}

fn kind_of_mail(mail: &Mail) -> &'static str {
    if mail.text().contains("in Schakel komt de termijn dichtbij") {
        "tasks"
    } else if mail.subject().starts_with("Uitnodiging") {
        "asked"
    } else {
        "other"
    }
}

//! Tracks: a placement, an exemption, a complaint, an objection and a dispute, with the clocks and facts
//! that go with them.

mod arrangement;
mod back;
mod exemption;

use chrono::TimeDelta;
use pb::{
    fact::Said,
    task,
    timeline::deadline,
    track::{Kind, Outcome, State, Step, step},
};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, fact_service_client::FactServiceClient, task_service_client::TaskServiceClient,
    track_service_client::TrackServiceClient,
};
use schakel_tests::{As, reason, violations};
use tonic::Status;

use super::{id_of, plan::Planned};

type Tracks = TrackServiceClient<As>;

/// A case with its tracks.
struct Tracking {
    plan: Planned,
}

fn step(kind: step::Kind, date: &str) -> Step {
    Step { kind: kind.into(), date: date.into(), ..Default::default() }
}

impl Tracking {
    async fn start() -> Self {
        Self { plan: Planned::start().await }
    }

    fn id(&self) -> String {
        self.plan.region.server.request_id()
    }

    /// A track of `kind` that began on 16 November and goes on on 1 December.
    fn track(&self, kind: Kind, coordinator: PersonId) -> pb::Track {
        pb::Track {
            case: self.plan.case.name.clone(),
            kind: kind.into(),
            coordinator: coordinator.to_string(),
            start_date: "2026-11-16".into(),
            next_date: "2026-12-01".into(),
            ..Default::default()
        }
    }

    async fn begin(&self, by: &As, track: pb::Track) -> Result<pb::Track, Status> {
        let request = pb::StartTrackRequest { track: Some(track), request_id: self.id() };
        Tracks::new(by.clone()).start_track(request).await.map(tonic::Response::into_inner)
    }

    fn taking(&self, track: &pb::Track, step: Step) -> pb::AddTrackStepRequest {
        pb::AddTrackStepRequest {
            name: track.name.clone(),
            step: Some(step),
            next_date: "2026-12-02".into(),
            etag: track.etag.clone(),
            request_id: self.id(),
            ..Default::default()
        }
    }

    /// A step after which the track goes on.
    async fn go(&self, by: &As, track: &pb::Track, step: Step) -> Result<pb::Track, Status> {
        let request = self.taking(track, step);
        Tracks::new(by.clone()).add_track_step(request).await.map(tonic::Response::into_inner)
    }

    /// A step by which it ends.
    async fn end(
        &self,
        by: &As,
        track: &pb::Track,
        (step, outcome): (Step, Outcome),
    ) -> Result<pb::Track, Status> {
        let request = pb::AddTrackStepRequest {
            outcome: outcome.into(),
            next_date: String::new(),
            ..self.taking(track, step)
        };
        Tracks::new(by.clone()).add_track_step(request).await.map(tonic::Response::into_inner)
    }

    /// Takes the last step back, after which the track goes on.
    async fn back(&self, by: &As, track: &pb::Track, step: step::Kind) -> Result<pb::Track, Status> {
        let request = pb::TakeBackTrackStepRequest {
            name: track.name.clone(),
            step: step.into(),
            next_date: "2026-12-03".into(),
            etag: track.etag.clone(),
            request_id: self.id(),
        };
        Tracks::new(by.clone()).take_back_track_step(request).await.map(tonic::Response::into_inner)
    }

    async fn list(&self, by: &As) -> Vec<pb::Track> {
        let request = pb::ListTracksRequest { case: self.plan.case.name.clone() };
        Tracks::new(by.clone()).list_tracks(request).await.unwrap().into_inner().tracks
    }

    async fn tell(&self, by: &As, said: pb::fact::Said) {
        let fact = pb::Fact { said: Some(said), ..Default::default() };
        let request = pb::RecordFactsRequest {
            case: self.plan.case.name.clone(),
            facts: vec![fact],
            request_id: self.id(),
            ..Default::default()
        };
        FactServiceClient::new(by.clone()).record_facts(request).await.unwrap();
    }

    /// How often the facts of the case tell that a moment came.
    async fn told(&self, by: &As, moment: pb::Moment) -> usize {
        let request = pb::ListFactsRequest { case: self.plan.case.name.clone(), ..Default::default() };
        let facts = FactServiceClient::new(by.clone()).list_facts(request).await.unwrap().into_inner().facts;
        let said = facts.iter().filter_map(|fact| fact.said.as_ref());
        said.filter(|said| matches!(said, Said::Happened(dated) if dated.moment() == moment)).count()
    }

    /// The day of each decision on extra support that stands, and the reason for it.
    async fn decided(&self, by: &As) -> Vec<(String, String)> {
        let request = pb::ListFactsRequest { case: self.plan.case.name.clone(), ..Default::default() };
        let facts = FactServiceClient::new(by.clone()).list_facts(request).await.unwrap().into_inner().facts;
        let decided = facts.into_iter().filter_map(|fact| match fact.said {
            Some(Said::Happened(dated)) if dated.moment() == pb::Moment::ExtraSupportDecided => {
                Some((dated.date, fact.reason))
            }
            Some(_) | None => None,
        });
        decided.collect()
    }

    /// How a norm stands, as the school sees it: due, met and state.
    async fn stands(&self, norm: &str) -> Option<(String, String, deadline::State)> {
        let deadlines = self.plan.region.timeline(&self.plan.case).await.deadlines;
        let found = deadlines.into_iter().find(|deadline| deadline.norm == norm)?;
        Some((found.due_date.clone(), found.met_date.clone(), found.state()))
    }

    /// Until when parents may rely on the statement of the doctor (V03), as somebody sees it who may.
    async fn waits_for_notice(&self, by: &As) -> Option<String> {
        let asked = pb::GetStandingRequest { case: self.plan.case.name.clone(), ..Default::default() };
        let standing = FactServiceClient::new(by.clone()).get_standing(asked).await.unwrap().into_inner();
        let found = standing.deadlines.into_iter().find(|deadline| deadline.norm == "V03")?;
        Some(found.due_date)
    }

    /// Somebody who guides, at the table of the case.
    async fn guide(&self) -> (PersonId, As) {
        let server = &self.plan.region.server;
        let guide = server.person(Role::Trajectbegeleider, server.founded.organisation).await;
        server.invite(id_of(&self.plan.case), guide.0).await;
        guide
    }
}

/// The next days of tracks that wait for somebody.
async fn waiting(by: &As) -> Vec<(String, String)> {
    let kinds = vec![task::Kind::Track.into()];
    let request = pb::ListTasksRequest { kinds, page_size: 200, page_token: String::new() };
    let tasks = TaskServiceClient::new(by.clone()).list_tasks(request).await.unwrap().into_inner().tasks;
    tasks.into_iter().map(|task| (task.action, task.due_date)).collect()
}

#[tokio::test]
async fn b08_a_placement_goes_from_the_verklaring_to_the_first_day_and_agrees_with_the_facts() {
    let tracking = Tracking::start().await;
    let server = &tracking.plan.region.server;
    let (guide, by) = &tracking.guide().await;
    let iber = &tracking.plan.iber.1;
    let other = server.person(Role::Trajectbegeleider, server.founded.organisation).await.1;
    let foreign = tracking.begin(&other, tracking.track(Kind::Placement, *guide)).await.unwrap_err();
    assert_eq!(reason(&foreign), "CASE_NOT_FOUND", "who was not asked to the table");
    let track = tracking.begin(by, tracking.track(Kind::Placement, *guide)).await.unwrap();
    assert_eq!((track.state(), track.steps.len(), track.etag.as_str()), (State::Open, 0, "1"));
    let twice = tracking.begin(iber, tracking.track(Kind::Placement, *guide)).await.unwrap_err();
    assert_eq!(reason(&twice), "ALREADY_EXISTS");
    assert_eq!(waiting(by).await, [(track.name.clone(), "2026-12-01".to_owned())]);
    assert!(waiting(iber).await.is_empty());

    // Applied for on 16 November: T16 gives eight weeks, to Monday 11 January 2027.
    let applied = tracking.go(by, &track, step(step::Kind::TlvApplied, "2026-11-16")).await.unwrap();
    let (due, met, _) = tracking.stands("T16").await.unwrap();
    assert_eq!((due.as_str(), met.as_str()), ("2027-01-11", ""));
    assert_eq!(waiting(by).await, [(track.name.clone(), "2026-12-02".to_owned())]);
    let stale = tracking.go(by, &track, step(step::Kind::TlvGranted, "2026-11-20")).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let early = tracking.go(by, &applied, step(step::Kind::StartAgreed, "2026-11-20")).await.unwrap_err();
    assert_eq!(reason(&early), "STEP_NOT_ALLOWED");
    let granted = tracking.go(by, &applied, step(step::Kind::TlvGranted, "2026-11-20")).await.unwrap();
    let (_, met, stands) = tracking.stands("T16").await.unwrap();
    assert_eq!((met.as_str(), stands), ("2026-11-20", deadline::State::Met));

    let special = server.school("90CC00", "GM9901").await.to_string();
    let at = |kind, date| Step { school: special.clone(), ..step(kind, date) };
    let visited =
        Step { note: "Fenna vond de tuin fijn.".into(), ..at(step::Kind::SchoolVisited, "2026-11-21") };
    let visited = tracking.go(by, &granted, visited).await.unwrap();
    let agreed = tracking.go(by, &visited, at(step::Kind::SchoolAgreed, "2026-11-23")).await.unwrap();
    let agreed = tracking.go(by, &agreed, step(step::Kind::StartAgreed, "2026-11-23")).await.unwrap();
    server.clock.advance(TimeDelta::days(9));
    let started = (at(step::Kind::Started, "2026-12-02"), Outcome::Unspecified);
    let unknown = tracking.end(by, &agreed, started.clone()).await.unwrap_err();
    assert_eq!(reason(&unknown), "FACTS_DISAGREE", "nobody enrolled the child");
    let enrolled = pb::fact::Dated { moment: pb::Moment::Enrolled.into(), date: "2026-12-01".into() };
    tracking.tell(iber, pb::fact::Said::Happened(enrolled)).await;
    let placed = tracking.end(by, &agreed, started.clone()).await.unwrap();
    let told = (placed.state(), placed.outcome(), placed.close_date.as_str(), placed.next_date.as_str());
    assert_eq!(told, (State::Closed, Outcome::Placed, "2026-12-02", ""));
    assert!(waiting(by).await.is_empty());
    let again = tracking.end(by, &placed, started).await.unwrap_err();
    assert_eq!(reason(&again), "ALREADY_ENDED");
    assert_eq!(tracking.list(iber).await, [placed]);
    assert!(tracking.list(&tracking.plan.smw.1).await.is_empty(), "no content of education");
    let events = tracking.plan.region.timeline(&tracking.plan.case).await.events;
    let texts: Vec<_> =
        events.iter().filter(|event| event.kind.starts_with("TRACK_")).map(|event| &event.text).collect();
    assert!(texts[0].contains("Plaatsing.") && texts[1].contains("Plaatsing: TLV aangevraagd."), "{texts:?}");
    assert!(texts.last().unwrap().contains("Plaatsing: gestart op school."), "{texts:?}");
    assert!(texts.iter().all(|text| !text.contains("tuin")), "what was noted is read in the track");
    let anew = pb::Track {
        start_date: "2026-12-02".into(),
        next_date: "2026-12-09".into(),
        ..tracking.track(Kind::Placement, *guide)
    };
    let anew = tracking.begin(by, anew).await.unwrap();
    let ended = (step(step::Kind::Ended, "2026-12-02"), Outcome::Unspecified);
    let ended = tracking.end(by, &anew, ended).await.unwrap();
    assert_eq!(ended.outcome(), Outcome::NotPlaced);
}

/// One case has several tracks at once: a row that does not say which tells its reader nothing.
#[tokio::test]
async fn b08_a_task_says_which_of_the_tracks_of_a_case_waits() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    for kind in [Kind::Placement, Kind::Complaint] {
        tracking.begin(by, tracking.track(kind, *iber)).await.unwrap();
    }
    let kinds = vec![task::Kind::Track.into()];
    let request = pb::ListTasksRequest { kinds, ..Default::default() };
    let tasks = TaskServiceClient::new(by.clone()).list_tasks(request).await.unwrap().into_inner().tasks;
    let mut told: Vec<_> = tasks.iter().map(|task| task.text.as_str()).collect();
    told.sort_unstable();
    let waits = "Een traject wacht op een volgende stap:";
    assert_eq!(told, [format!("{waits} Klacht."), format!("{waits} Plaatsing.")]);
}

#[tokio::test]
async fn b08_another_sees_to_a_track_and_gets_its_next_day_as_a_task() {
    let tracking = Tracking::start().await;
    let (guide, by) = &tracking.guide().await;
    let track = tracking.begin(by, tracking.track(Kind::Placement, *guide)).await.unwrap();
    let (next, theirs) = &tracking.guide().await;
    let change = |track: pb::Track, paths: &[&str]| pb::UpdateTrackRequest {
        track: Some(track),
        update_mask: Some(prost_types::FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: tracking.id(),
    };
    let mut tracks = Tracks::new(by.clone());
    let wish = pb::Track { coordinator: next.to_string(), next_date: "2026-12-07".into(), ..track.clone() };
    let changed =
        tracks.update_track(change(wish, &["coordinator", "next_date"])).await.unwrap().into_inner();
    assert_eq!((changed.coordinator.clone(), changed.etag.as_str()), (next.to_string(), "2"));
    assert!(waiting(by).await.is_empty());
    assert_eq!(waiting(theirs).await, [(track.name.clone(), "2026-12-07".to_owned())]);
    let wrong = pb::Track { next_date: "2026-11-15".into(), ..changed.clone() };
    let wrong = tracks.update_track(change(wrong, &["next_date"])).await.unwrap_err();
    assert_eq!(violations(&wrong), ["track.next_date: TIME_OUT_OF_BOUNDS"]);
    let nobody = PersonId(uuid::Uuid::from_u128(7)).to_string();
    let nobody = pb::Track { coordinator: nobody, ..changed.clone() };
    let nobody = tracks.update_track(change(nobody, &["coordinator"])).await.unwrap_err();
    assert_eq!(violations(&nobody), ["track.coordinator: FIELD_INVALID"]);
    let mask = tracks.update_track(change(changed, &["kind"])).await.unwrap_err();
    assert_eq!(violations(&mask), ["update_mask: MASK_INVALID"]);
}

/// WPO art. 63(3) gives four weeks for an objection of 16 November, to 14 December; while the
/// Geschillencommissie considers, that stands still (art. 43(4)). Its opinion comes within ten weeks of
/// 23 November: by 1 February 2027.
#[tokio::test]
async fn e12_an_objection_and_a_dispute_have_their_terms_and_the_one_waits_for_the_other() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let objection = tracking.begin(by, tracking.track(Kind::ParentObjection, *iber)).await.unwrap();
    let due = |stands: Option<(String, String, deadline::State)>| stands.map(|(due, _, state)| (due, state));
    let running = |due: &str| Some((due.to_owned(), deadline::State::Running));
    assert_eq!(due(tracking.stands("T15").await), running("2026-12-14"));
    let filed = pb::Track { start_date: "2026-11-23".into(), ..tracking.track(Kind::Dispute, *iber) };
    let dispute = tracking.begin(by, filed).await.unwrap();
    assert_eq!(due(tracking.stands("T14").await), running("2027-02-01"));
    let (_, _, state) = tracking.stands("T15").await.unwrap();
    assert_eq!(state, deadline::State::Suspended);

    let reply = tracking.go(by, &dispute, step(step::Kind::ReplySent, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&reply), "STEP_NOT_ALLOWED", "nobody asked for it");
    let asked = tracking.go(by, &dispute, step(step::Kind::ReplyAsked, "2026-11-23")).await.unwrap();
    assert_eq!(due(tracking.stands("T14B").await), running("2026-12-07"));
    let decided = step(step::Kind::Decided, "2026-11-23");
    let silent = tracking.end(by, &asked, (decided.clone(), Outcome::Unspecified)).await.unwrap_err();
    assert_eq!(violations(&silent), ["outcome: FIELD_REQUIRED"]);
    let opinion = tracking.end(by, &asked, (decided.clone(), Outcome::PartlyUpheld)).await.unwrap();
    assert_eq!((opinion.state(), opinion.outcome()), (State::Closed, Outcome::PartlyUpheld));
    let (_, met, _) = tracking.stands("T14").await.unwrap();
    assert_eq!(met, "2026-11-23");
    let (_, _, state) = tracking.stands("T15").await.unwrap();
    assert_ne!(state, deadline::State::Suspended);
    let heard = tracking.go(by, &objection, step(step::Kind::Heard, "2026-11-23")).await.unwrap();
    let done = tracking.end(by, &heard, (decided, Outcome::Dismissed)).await.unwrap();
    let (_, met, state) = tracking.stands("T15").await.unwrap();
    assert_eq!((met.as_str(), state), ("2026-11-23", deadline::State::Met));
    assert_eq!(tracking.list(by).await, [done, opinion]);
}

/// The term of the objection began on 17 November and ends on 14 December. The dispute of the 16th was
/// taken back on the 23rd: for six days it stood still, up to the 22nd.
#[tokio::test]
async fn e12_an_objection_waits_no_longer_for_a_dispute_that_was_taken_back() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let objection = tracking.begin(by, tracking.track(Kind::ParentObjection, *iber)).await.unwrap();
    let dispute = tracking.begin(by, tracking.track(Kind::Dispute, *iber)).await.unwrap();
    let (_, _, state) = tracking.stands("T15").await.unwrap();
    assert_eq!(state, deadline::State::Suspended);
    let back = (step(step::Kind::Ended, "2026-11-23"), Outcome::Withdrawn);
    tracking.end(by, &dispute, back).await.unwrap();
    let (due, _, state) = tracking.stands("T15").await.unwrap();
    assert_eq!((due.as_str(), state), ("2026-12-20", deadline::State::Running));
    assert_eq!(tracking.stands("T14").await, None, "no opinion comes");
    let settled = (step(step::Kind::Ended, "2026-11-23"), Outcome::Settled);
    tracking.end(by, &objection, settled).await.unwrap();
    assert_eq!(tracking.stands("T15").await, None, "and no decision");
}

#[tokio::test]
async fn e12_what_a_track_lacks_is_told_at_once() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let nothing = tracking.begin(by, pb::Track::default()).await.unwrap_err();
    let required = ["case", "kind", "coordinator", "start_date", "next_date"];
    let expected: Vec<_> = required.iter().map(|field| format!("track.{field}: FIELD_REQUIRED")).collect();
    assert_eq!(violations(&nothing), expected);
    let track = tracking.begin(by, tracking.track(Kind::Complaint, *iber)).await.unwrap();
    let nameless = tracking.go(by, &track, step(step::Kind::Mediated, "2026-11-23")).await.unwrap_err();
    assert_eq!(violations(&nameless), ["step.consultation: FIELD_REQUIRED"]);
    let elsewhere = format!("consultations/{}", uuid::Uuid::from_u128(7));
    let elsewhere = Step { consultation: elsewhere, ..step(step::Kind::Mediated, "2026-11-10") };
    let endless = pb::AddTrackStepRequest { next_date: String::new(), ..tracking.taking(&track, elsewhere) };
    let endless = Tracks::new(by.clone()).add_track_step(endless).await.unwrap_err();
    assert_eq!(
        violations(&endless),
        ["step.date: TIME_OUT_OF_BOUNDS", "next_date: FIELD_REQUIRED", "step.consultation: FIELD_INVALID"]
    );
    let wrong = tracking.go(by, &track, step(step::Kind::TlvApplied, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&wrong), "STEP_NOT_ALLOWED", "of another kind of track");
    let unknown = pb::Track { name: format!("tracks/{}", uuid::Uuid::from_u128(7)), ..track.clone() };
    let unknown = tracking.go(by, &unknown, step(step::Kind::Heard, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&unknown), "TRACK_NOT_FOUND");
    let hidden = tracking.go(&tracking.plan.smw.1, &track, step(step::Kind::Heard, "2026-11-23")).await;
    assert_eq!(reason(&hidden.unwrap_err()), "ACTION_NOT_ALLOWED");
    let settled = (step(step::Kind::Ended, "2026-11-23"), Outcome::Settled);
    let settled = tracking.end(by, &track, settled).await.unwrap();
    assert_eq!((settled.outcome(), settled.close_date.as_str()), (Outcome::Settled, "2026-11-23"));
}

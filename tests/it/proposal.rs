//! What people propose on the page of their invitation, and what becomes of it.

use chrono::{DateTime, TimeDelta, Utc};
use pb::{
    participant::Answer,
    proposal::{Kind, State},
};
use schakel_domain::{access::Role, consultation::proposal::Source, ids::PersonId};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    consultation_service_client::ConsultationServiceClient, proposal_service_client::ProposalServiceClient,
};
use schakel_server::{consultation::proposal::make::What, privacy::worker};
use schakel_tests::{
    As, TestServer,
    http::{Answer as Page, Http},
    mailbox::Mail,
    reason,
    seed_meetings::{Scene, seat, stamp},
    statements, violations,
};
use tonic::Status;

use crate::parts::Team;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("accept", "application/json");
/// Proposals that still know whom they named.
const NAMED: &str = "SELECT COUNT(*) FROM counter_proposal WHERE sealed_substitute IS NOT NULL";

/// An MDO at which the parent, the social worker and the IB'er are invited, with their mails.
struct Invited {
    scene: Scene,
    http: Http,
    booked: pb::Consultation,
    mails: Vec<Mail>,
}

impl Invited {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let http = scene.server.http().await;
        let booked = scene.booked(scene.later(50)).await;
        let mails = scene.server.news().await;
        Self { scene, http, booked, mails }
    }

    /// The link in the mail to the one at this place of the table.
    fn link(&self, at: usize) -> String {
        let name = &self.booked.participants[at].display_name;
        self.mails.iter().find(|mail| mail.to_name() == *name).unwrap().link()
    }

    fn proposals(&self) -> ProposalServiceClient<As> {
        ProposalServiceClient::new(self.scene.iber.1.clone())
    }

    async fn post(&self, path: &str, body: &str) -> Page {
        self.http.send("POST", path, &[FORM, JSON], body).await
    }

    /// The parent proposes the same hour so many days later.
    async fn propose(&self, days: i64) -> DateTime<Utc> {
        let start = self.scene.later(50) + TimeDelta::days(days);
        let local = start.with_timezone(&chrono_tz::Europe::Amsterdam);
        let body = format!("date={}&time={}", local.format("%Y-%m-%d"), local.format("%H%%3A%M"));
        let link = self.link(2);
        let took = self.post(&format!("{link}/ander-moment"), &body).await;
        assert_eq!((took.status, took.header("location")), (303, link.as_str()));
        start
    }

    async fn list(&self, request: pb::ListProposalsRequest) -> Vec<pb::Proposal> {
        self.proposals().list_proposals(request).await.unwrap().into_inner().proposals
    }

    /// What is still to be decided, for everything that the IB'er booked.
    async fn open(&self) -> Vec<pb::Proposal> {
        self.list(pb::ListProposalsRequest::default()).await
    }

    async fn accept(
        &self,
        proposal: &pb::Proposal,
        comes: Option<pb::Participant>,
    ) -> Result<pb::Consultation, Status> {
        let request = pb::AcceptProposalRequest {
            name: proposal.name.clone(),
            etag: proposal.etag.clone(),
            comes,
            request_id: self.scene.server.request_id(),
            ..Default::default()
        };
        self.proposals().accept_proposal(request).await.map(tonic::Response::into_inner)
    }

    async fn refuse(&self, proposal: &pb::Proposal) -> Result<pb::Proposal, Status> {
        let request = pb::RefuseProposalRequest {
            name: proposal.name.clone(),
            etag: proposal.etag.clone(),
            request_id: self.scene.server.request_id(),
        };
        self.proposals().refuse_proposal(request).await.map(tonic::Response::into_inner)
    }

    async fn meeting(&self) -> pb::Consultation {
        let request = pb::GetConsultationRequest { name: self.booked.name.clone() };
        self.scene.meetings().get_consultation(request).await.unwrap().into_inner()
    }
}

/// Somebody has a day off.
async fn away(server: &TestServer, person: PersonId, day: &str) {
    let absence = pb::Absence {
        person: person.to_string(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: day.into(),
        valid_until: day.into(),
        ..Default::default()
    };
    let absence = pb::CreateAbsenceRequest { absence: Some(absence), request_id: server.request_id() };
    let mut availability = AvailabilityServiceClient::new(server.administrator());
    availability.create_absence(absence).await.unwrap();
}

/// The name of a new room at the school.
async fn room(scene: &Scene) -> String {
    let room = pb::Room {
        organisation: schakel_domain::ids::OrganisationId::from(scene.school).to_string(),
        display_name: "Spreekkamer".into(),
        seats: 8,
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let ask = pb::CreateRoomRequest { room: Some(room), request_id: scene.server.request_id() };
    scene.server.directory().create_room(ask).await.unwrap().into_inner().name
}

#[tokio::test]
async fn x06_another_time_is_proposed_and_accepted_in_one_call() {
    let invited = Invited::start().await;
    let start = invited.propose(1).await;
    let page = invited.http.get(&invited.link(2)).await.body;
    assert!(page.contains("U stelde voor: donderdag 26 november 2026, 11:00–12:00 uur."), "{page}");
    let news: Vec<_> = invited.scene.server.news().await.iter().map(Mail::subject).collect();
    assert_eq!(news.len(), 2, "only whoever booked hears of it, and whose link it was: {news:?}");
    assert!(news.iter().any(|one| one.ends_with("er staat een bericht voor u klaar")));
    assert!(news.iter().any(|one| one.starts_with("Uw antwoord is veranderd")));
    let open = invited.open().await;
    let one = open.first().unwrap();
    assert_eq!((open.len(), one.kind(), one.state()), (1, Kind::OtherTime, State::Open));
    assert_eq!(one.person, invited.scene.family.parents[0].to_string());
    assert_eq!((one.start_time, one.duration.unwrap().seconds), (Some(stamp(start)), 3600));
    assert!(one.everybody_is_free && one.taken.is_empty() && one.source() == pb::proposal::Source::Web);
    let before = invited.meeting().await;
    assert_eq!(before.start_time, invited.booked.start_time, "nothing changes before it is accepted");
    assert_eq!(before.participants[2].answer(), Answer::Tentative);

    let stale = pb::Proposal { etag: "7".into(), ..one.clone() };
    assert_eq!(reason(&invited.accept(&stale, None).await.unwrap_err()), "ETAG_MISMATCH");
    let moved = invited.accept(one, None).await.unwrap();
    assert_eq!((moved.start_time, moved.sequence), (Some(stamp(start)), 1));
    let answers: Vec<_> = moved.participants.iter().map(pb::Participant::answer).collect();
    assert_eq!(answers, [Answer::NeedsAction, Answer::NeedsAction, Answer::Accepted]);
    invited.scene.server.clock.advance(TimeDelta::minutes(2));
    let told = invited.scene.server.news().await;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|mail| mail.subject().starts_with("Gewijzigd")));

    assert!(invited.open().await.is_empty());
    let all = pb::ListProposalsRequest {
        consultation: moved.name.clone(),
        show_decided: true,
        ..Default::default()
    };
    let all = invited.list(all).await;
    assert_eq!((all.len(), all[0].state()), (1, State::Accepted));
    assert!(all[0].decide_time.is_some() && !all[0].everybody_is_free);
    assert_eq!(reason(&invited.accept(&all[0], None).await.unwrap_err()), "PROPOSAL_CLOSED");
    assert_eq!(reason(&invited.refuse(&all[0]).await.unwrap_err()), "PROPOSAL_CLOSED");
}

#[tokio::test]
async fn x06_a_proposal_that_somebody_cannot_make_says_who() {
    let invited = Invited::start().await;
    let other = invited.scene.booked(invited.scene.later(74)).await;
    invited.propose(1).await;
    let mut open = invited.open().await;
    let one = open.pop().unwrap();
    let mut taken = one.taken.clone();
    taken.sort();
    let mut seated: Vec<String> = other.participants.iter().map(|seat| seat.person.clone()).collect();
    seated.sort();
    assert_eq!((taken, one.everybody_is_free), (seated, false));
    let refused = invited.accept(&one, None).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    assert_eq!(invited.meeting().await.start_time, invited.booked.start_time);
    assert_eq!(invited.open().await.len(), 1, "it can still be decided");

    away(&invited.scene.server, invited.scene.smw.0, "2026-11-27").await;
    invited.propose(2).await;
    let open = invited.open().await;
    assert_eq!(open.len(), 1, "a new proposal takes the place of the one before");
    assert_eq!(open[0].taken, [invited.scene.smw.0.to_string()]);
    assert_eq!(reason(&invited.accept(&one, None).await.unwrap_err()), "ETAG_MISMATCH");
}

#[tokio::test]
async fn x06_who_is_taken_at_another_time_is_told_to_whoever_plans_alone() {
    let invited = Invited::start().await;
    invited.scene.booked(invited.scene.later(74)).await;
    let ask = pb::ListProposalsRequest { consultation: invited.booked.name.clone(), ..Default::default() };
    let mut seated = ProposalServiceClient::new(invited.scene.smw.1.clone());
    for (days, free) in [(1, false), (2, true)] {
        invited.propose(days).await;
        let planned = invited.list(ask.clone()).await.remove(0);
        assert_eq!((planned.everybody_is_free, planned.taken.is_empty()), (free, free));
        let seen = seated.list_proposals(ask.clone()).await.unwrap().into_inner().proposals.remove(0);
        assert_eq!(seen.start_time, planned.start_time);
        assert!(!seen.everybody_is_free && seen.taken.is_empty(), "{seen:?}");
    }
}

#[tokio::test]
async fn x06_who_comes_for_a_part_alone_has_to_be_free_too() {
    let team = Team::start().await;
    let booked = team.booked().await;
    let server = &team.scene.server;
    away(server, team.doctor.0, "2026-11-26").await;
    let mut proposals = ProposalServiceClient::new(team.scene.iber.1.clone());
    for (days, free) in [(1, false), (2, true)] {
        let what = What::OtherTime(team.scene.later(48) + TimeDelta::days(days));
        server.proposed(booked.name.parse().unwrap(), team.scene.smw.0, &what).await;
        let listed = proposals.list_proposals(pb::ListProposalsRequest::default()).await.unwrap();
        let one = listed.into_inner().proposals.remove(0);
        assert_eq!((one.everybody_is_free, one.taken.len()), (free, 0), "{days}");
    }
}

#[tokio::test]
async fn x06_a_list_of_proposals_costs_the_same_however_many_rooms_they_are_for() {
    let scene = Scene::start().await;
    let rooms = [room(&scene).await, room(&scene).await, room(&scene).await];
    let mut proposals = ProposalServiceClient::new(scene.iber.1.clone());
    let mut costs = Vec::new();
    for (hours, room) in [50, 74, 98].into_iter().zip(rooms) {
        let start = scene.later(hours);
        let wish = pb::Consultation { rooms: vec![room], ..scene.mdo(start) };
        let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
        let what = What::OtherTime(start + TimeDelta::hours(1));
        scene.server.proposed(booked.name.parse().unwrap(), scene.family.parents[0], &what).await;
        // What is known of the caller stays known until the register changes.
        proposals.list_proposals(pb::ListProposalsRequest::default()).await.unwrap();
        let (listed, sent) = statements(proposals.list_proposals(pb::ListProposalsRequest::default())).await;
        costs.push((listed.unwrap().into_inner().proposals.len(), sent.len()));
    }
    assert_eq!(costs.iter().map(|(listed, _)| *listed).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(costs.iter().all(|(_, sent)| *sent == costs[0].1), "{costs:?}");
}

#[tokio::test]
async fn x06_what_was_proposed_since_is_not_refused_unread() {
    let invited = Invited::start().await;
    invited.propose(1).await;
    let read = invited.open().await.remove(0);
    let start = invited.propose(2).await;
    assert_eq!(reason(&invited.refuse(&read).await.unwrap_err()), "ETAG_MISMATCH");
    let open = invited.open().await;
    assert_eq!((open.len(), open[0].start_time), (1, Some(stamp(start))));
    let unread = pb::Proposal { etag: String::new(), ..open[0].clone() };
    assert_eq!(violations(&invited.refuse(&unread).await.unwrap_err()), ["etag: ETAG_REQUIRED"]);
    assert_eq!(invited.refuse(&open[0]).await.unwrap().state(), State::Refused);
}

#[tokio::test]
async fn x06_whoever_was_named_is_forgotten_once_it_is_decided_or_outdated() {
    let invited = Invited::start().await;
    let server = &invited.scene.server;
    let path = format!("{}/iemand-anders", invited.link(1));
    let name = async || invited.post(&path, "name=Imke&email=imke%40elders.example").await.status;
    let sweep = async || worker::work(&server.app, server.founded.region).await.unwrap();
    assert_eq!(name().await, 303);
    let one = invited.open().await.remove(0);
    invited.refuse(&one).await.unwrap();
    assert_eq!(server.number(NAMED).await, 0);

    assert_eq!(name().await, 303);
    sweep().await;
    assert_eq!(server.number(NAMED).await, 1, "it can still be decided");
    assert_eq!(invited.open().await.remove(0).substitute_name, "Imke");
    server.move_to(invited.booked.name.parse().unwrap(), invited.scene.later(54)).await;
    sweep().await;
    assert_eq!(server.number(NAMED).await, 0);
    let all = pb::ListProposalsRequest {
        consultation: invited.booked.name.clone(),
        show_decided: true,
        ..Default::default()
    };
    let states: Vec<_> = invited.list(all).await.iter().map(pb::Proposal::state).collect();
    assert_eq!(states, [State::Outdated, State::Refused]);
}

#[tokio::test]
async fn x06_a_refused_proposal_is_told_and_an_outdated_one_is_not_decided() {
    let invited = Invited::start().await;
    invited.propose(1).await;
    invited.scene.server.news().await;
    let one = invited.open().await.pop().unwrap();
    assert_eq!(invited.refuse(&one).await.unwrap().state(), State::Refused);
    let told = invited.scene.server.news().await;
    let letter = told.iter().find(|mail| mail.to() == "thuis@familie.example").unwrap();
    assert_eq!(told.len(), 1);
    assert!(letter.subject().starts_with("Uw voorstel kan niet – Overleg "));
    let text = letter.text();
    assert!(text.contains("U vroeg om een ander tijdstip. Dat is niet gelukt."));
    assert!(text.contains("woensdag 25 november 2026, 11:00–12:00 uur") && text.contains("/r/"));
    assert_eq!(invited.meeting().await.sequence, 0);

    invited.propose(2).await;
    let two = invited.open().await.pop().unwrap();
    let moving = pb::MoveConsultationRequest {
        name: invited.booked.name.clone(),
        start_time: Some(stamp(invited.scene.later(54))),
        etag: invited.meeting().await.etag,
        request_id: invited.scene.server.request_id(),
        ..Default::default()
    };
    invited.scene.meetings().move_consultation(moving).await.unwrap();
    assert!(invited.open().await.is_empty());
    for done in [invited.accept(&two, None).await.map(|_| ()), invited.refuse(&two).await.map(|_| ())] {
        assert_eq!(reason(&done.unwrap_err()), "PROPOSAL_CLOSED");
    }
    let all = pb::ListProposalsRequest {
        consultation: invited.booked.name.clone(),
        show_decided: true,
        ..Default::default()
    };
    let states: Vec<_> = invited.list(all).await.iter().map(pb::Proposal::state).collect();
    assert_eq!(states, [State::Outdated, State::Refused], "newest first");
}

/// RFC 5546 §3.2.8: UID, DTSTAMP and the sequence of the request that was countered.
#[tokio::test]
async fn x06_a_calendar_that_proposed_another_time_hears_that_it_stays() {
    let invited = Invited::start().await;
    let server = &invited.scene.server;
    let parent = invited.scene.family.parents[0];
    let what = What::OtherTime(invited.scene.later(74));
    let seat = (invited.booked.name.parse().unwrap(), parent);
    server.proposed_by(Source::Mail, seat, &what).await;
    server.news().await;
    server.clock.advance(TimeDelta::minutes(5));
    let one = invited.open().await.pop().unwrap();
    assert_eq!(invited.refuse(&one).await.unwrap().state(), State::Refused);
    let told = server.news().await;
    assert_eq!(told.len(), 1);
    let (mail, first) =
        (&told[0], invited.mails.iter().find(|mail| mail.to_name() == "Anna de Wit").unwrap());
    assert!(mail.subject().starts_with("Uw voorstel kan niet – Overleg "), "{}", mail.subject());
    assert!(mail.text().contains("U vroeg om een ander tijdstip. Dat is niet gelukt."));
    assert!(mail.calendar().contains("METHOD:DECLINECOUNTER\r\n"), "{}", mail.calendar());
    for same in ["UID", "SEQUENCE", "DTSTART", "DTEND"] {
        assert_eq!(mail.property(same), first.property(same), "{same}");
    }
    assert_eq!(mail.property("DTSTAMP"), "20261123T080500Z");
    assert_eq!(mail.header("In-Reply-To"), first.header("Message-ID"));
}

#[tokio::test]
async fn x06_who_comes_instead_is_approved_by_the_planner() {
    let invited = Invited::start().await;
    let (other, client) = invited.scene.server.person(Role::Smw, invited.scene.team).await;
    let address = format!("{}@Maasduin.Example", other.0.simple());
    let link = invited.link(1);
    let path = format!("{link}/iemand-anders");
    let body = format!("name=Imke+Vervanger&email={}", address.replace('@', "%40"));
    assert_eq!(invited.post(&path, &body).await.status, 303);
    let page = invited.http.get(&link).await.body;
    assert!(page.contains("U vroeg of iemand anders mag komen."));
    assert!(!page.contains("Imke") && !page.contains("aasduin"), "the link may have gone to somebody else");
    let mut one = invited.open().await.pop().unwrap();
    assert_eq!((one.kind(), one.substitute_name.as_str()), (Kind::SomebodyElse, "Imke Vervanger"));
    // A domain is written in small letters; what stands before it is its owner's own.
    let kept = address.replace("Maasduin.Example", "maasduin.example");
    assert_eq!((one.substitute_email.clone(), one.substitute_person.clone()), (kept, other.to_string()));
    // Whoever only sits there is not told whom another named.
    let own = pb::ListProposalsRequest { consultation: invited.booked.name.clone(), ..Default::default() };
    let mut seen = ProposalServiceClient::new(invited.scene.smw.1.clone());
    let seen = seen.list_proposals(own).await.unwrap().into_inner().proposals.remove(0);
    assert_eq!((seen.substitute_name.as_str(), seen.substitute_person.as_str()), ("", ""));
    invited.scene.server.news().await;

    let replaced = invited.accept(&one, None).await.unwrap();
    assert_eq!(invited.scene.server.number(NAMED).await, 0, "who comes stands at the table now");
    let persons: Vec<_> = replaced.participants.iter().map(|seat| seat.person.clone()).collect();
    assert!(persons.contains(&other.to_string()) && !persons.contains(&invited.scene.smw.0.to_string()));
    invited.scene.server.clock.advance(TimeDelta::minutes(1));
    let told = invited.scene.server.news().await;
    let subjects: Vec<_> = told.iter().map(Mail::subject).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(subjects.iter().any(|one| one.starts_with("Uitnodiging")));
    assert!(subjects.iter().any(|one| one.starts_with("U hoeft niet te komen")));
    let mut newcomer = ConsultationServiceClient::new(client);
    newcomer
        .get_consultation(pb::GetConsultationRequest { name: invited.booked.name.clone() })
        .await
        .unwrap();

    one.name = format!("proposals/{}", uuid::Uuid::from_u128(7));
    assert_eq!(reason(&invited.accept(&one, None).await.unwrap_err()), "PROPOSAL_NOT_FOUND");
}

#[tokio::test]
async fn x06_whom_nobody_knows_has_to_be_named_by_the_planner() {
    let invited = Invited::start().await;
    let path = format!("{}/iemand-anders", invited.link(1));
    assert_eq!(invited.post(&path, "name=Imke&email=imke%40elders.example").await.status, 303);
    let one = invited.open().await.pop().unwrap();
    assert_eq!(one.substitute_person, "");
    assert_eq!(violations(&invited.accept(&one, None).await.unwrap_err()), ["comes: FIELD_REQUIRED"]);
    let (other, _) = invited.scene.server.person(Role::Smw, invited.scene.team).await;
    let stranger = seat(PersonId(uuid::Uuid::from_u128(7)), pb::Role::Smw);
    assert_eq!(
        violations(&invited.accept(&one, Some(stranger)).await.unwrap_err()),
        ["comes.person: PARTICIPANT_UNKNOWN"]
    );
    let replaced = invited.accept(&one, Some(seat(other, pb::Role::Smw))).await.unwrap();
    assert!(replaced.participants.iter().any(|seat| seat.person == other.to_string()));
}

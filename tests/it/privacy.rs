//! Rights of the people concerned, and the end of what is kept.

mod erasure;
mod export;
mod leaving;
mod parts;
mod rectify;
mod restrict;
mod retention;
mod tracks;
mod whole;

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, consent_service_client::ConsentServiceClient,
    escalation_service_client::EscalationServiceClient, hulpvraag_service_client::HulpvraagServiceClient,
    plan_service_client::PlanServiceClient, privacy_service_client::PrivacyServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient, time_poll_service_client::TimePollServiceClient,
    wishes_service_client::WishesServiceClient,
};
use schakel_server::thuiszitter::worker;
use schakel_tests::{
    As,
    seed_meetings::{Scene, seat, stamp},
};
use tonic::Status;

use crate::thuiszitter::{absent, escalation, parent};

type Rights = PrivacyServiceClient<As>;

/// A child with everything that can be kept about one: a closed or an open case, a meeting
/// that was held, a request that was taken up, and a meeting to come.
struct Life {
    scene: Scene,
    keeper: ThuiszitterServiceClient<As>,
    fg: Rights,
    other_fg: Rights,
    case: pb::Case,
    held: pb::Consultation,
    hulpvraag: String,
}

impl Life {
    /// Opens the case, meets, asks for help and gets it.
    async fn start() -> Self {
        let scene = Scene::start().await;
        let swv = scene.server.founded.organisation;
        let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
        let fg = scene.server.person(Role::Fg, swv).await.1;
        let other_fg = scene.server.person(Role::Fg, swv).await.1;
        let mut asked = absent(scene.school);
        asked.absence.as_mut().unwrap().unauthorised =
            vec![pb::case::absence::Hours { date: "2026-11-02".into(), hours: 5 }];
        asked.milestones = Some(pb::case::Milestones {
            enrolment_date: "2024-08-26".into(),
            ..pb::case::Milestones::default()
        });
        let mut secret = parent("Pim Zwanikken");
        secret.email = "pim@geheim.example".into();
        secret.phone = "06 1111 1111".into();
        secret.address_confidential = true;
        asked.parents.push(secret);
        let mut iber = ThuiszitterServiceClient::new(scene.iber.1.clone());
        let request = pb::OpenCaseRequest {
            case: Some(asked),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        let case = iber.open_case(request).await.unwrap().into_inner();
        let mut life = Self {
            keeper: ThuiszitterServiceClient::new(keeper),
            fg: Rights::new(fg),
            other_fg: Rights::new(other_fg),
            case,
            held: pb::Consultation::default(),
            hulpvraag: String::new(),
            scene,
        };
        let booked = life.book(life.scene.later(48)).await;
        life.scene.server.clock.advance(TimeDelta::hours(50));
        life.held = life.record(&booked).await;
        life.hulpvraag = life.held.outcome.as_ref().unwrap().hulpvraag.clone();
        let mut planner = HulpvraagServiceClient::new(life.scene.planner.1.clone());
        let taken = pb::AcceptHulpvraagRequest {
            name: life.hulpvraag.clone(),
            person: life.scene.smw.0.to_string(),
            etag: "1".into(),
            request_id: life.id(),
        };
        planner.accept_hulpvraag(taken).await.unwrap();
        life.work().await;
        life
    }

    fn id(&self) -> String {
        self.scene.server.request_id()
    }

    fn child(&self) -> PersonId {
        self.case.child.as_ref().unwrap().person.parse().unwrap()
    }

    fn parents(&self) -> Vec<PersonId> {
        self.case.parents.iter().map(|parent| parent.person.parse().unwrap()).collect()
    }

    /// The child's school, as its privacy client.
    fn school(&self) -> Rights {
        Rights::new(self.scene.iber.1.clone())
    }

    /// A meeting of school, social worker and both parents.
    async fn book(&self, start: chrono::DateTime<chrono::Utc>) -> pb::Consultation {
        let mut mdo = self.scene.mdo(start);
        mdo.case.clone_from(&self.case.name);
        let parents = self.parents();
        mdo.participants[2] = seat(parents[0], pb::Role::Ouder);
        mdo.participants.push(seat(parents[1], pb::Role::Ouder));
        self.scene.meetings().book_consultation(self.scene.booking(mdo)).await.unwrap().into_inner()
    }

    /// Another time that the second parent proposes for a meeting.
    async fn propose_another_time(&self, meeting: &pb::Consultation) {
        let start = meeting.start_time.unwrap().seconds + 86_400;
        let start = chrono::DateTime::from_timestamp(start, 0).unwrap();
        let what = schakel_server::consultation::proposal::make::What::OtherTime(start);
        self.scene.server.proposed(meeting.name.parse().unwrap(), self.parents()[1], &what).await;
    }

    /// Proposes times to school, social worker and both parents; one of them answers and says what suits them.
    async fn ask(&self) -> pb::TimePoll {
        let parents = self.parents();
        let voter = |person: PersonId, role: pb::Role| pb::time_poll::Voter {
            person: person.to_string(),
            role: role.into(),
            ..Default::default()
        };
        let poll = pb::TimePoll {
            kind: pb::consultation::Kind::Mdo.into(),
            case: self.case.name.clone(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            options: [100, 120].map(|hours| stamp(self.scene.later(hours))).to_vec(),
            voters: vec![
                voter(self.scene.iber.0, pb::Role::Iber),
                voter(self.scene.smw.0, pb::Role::Smw),
                voter(parents[0], pb::Role::Ouder),
                voter(parents[1], pb::Role::Ouder),
            ],
            deadline_time: Some(stamp(self.scene.later(90))),
            ..Default::default()
        };
        let request = pb::CreateTimePollRequest { time_poll: Some(poll), request_id: self.id() };
        let mut polls = TimePollServiceClient::new(self.scene.iber.1.clone());
        let poll = polls.create_time_poll(request).await.unwrap().into_inner();
        self.scene.server.deliver().await;
        let said = pb::AnswerTimePollRequest {
            name: poll.name,
            person: parents[0].to_string(),
            votes: vec![pb::time_poll::Vote::Yes.into(), pb::time_poll::Vote::No.into()],
            request_id: self.id(),
        };
        let wishes = pb::ParentWishes {
            case: self.case.name.clone(),
            person: parents[0].to_string(),
            language: "pl".into(),
            supporter: Some(pb::parent_wishes::Supporter {
                kind: pb::parent_wishes::supporter::Kind::Naaste.into(),
                display_name: "Oma Bertha".into(),
                email: "oma@familie.example".into(),
            }),
            etag: "0".into(),
            ..Default::default()
        };
        let wishes = pb::SetParentWishesRequest { parent_wishes: Some(wishes), request_id: self.id() };
        WishesServiceClient::new(self.scene.iber.1.clone()).set_parent_wishes(wishes).await.unwrap();
        polls.answer_time_poll(said).await.unwrap().into_inner()
    }

    async fn record(&self, booked: &pb::Consultation) -> pb::Consultation {
        let parent = self.parents()[0].to_string();
        let outcome = pb::Outcome {
            attended: vec![self.scene.iber.0.to_string(), self.scene.smw.0.to_string(), parent.clone()],
            child_heard: pb::outcome::ChildHeard::Directly.into(),
            child_heard_note: "Fenna wil naar de tuin.".into(),
            jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Ja.into(),
            jgt_decided_with: vec![parent],
            summary: "Opbouw met twee ochtenden.".into(),
            actions: vec![pb::outcome::Action {
                text: "Rooster maken met juf Sterre".into(),
                owner: self.scene.iber.0.to_string(),
                due_date: "2026-12-01".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let request = pb::RecordOutcomeRequest {
            name: booked.name.clone(),
            outcome: Some(outcome),
            etag: booked.etag.clone(),
            request_id: self.id(),
        };
        self.scene.meetings().record_outcome(request).await.unwrap().into_inner()
    }

    /// Lets the workers do what is due.
    async fn work(&self) {
        let (app, region) = (&self.scene.server.app, self.scene.server.founded.region);
        worker::work(app, region).await.unwrap();
        schakel_server::invitation::worker::work(app, region).await.unwrap();
    }

    /// Closes the case, as the keeper of the register.
    /// Puts two actions in the plan; one is done, the other dropped.
    async fn plan(&self) {
        let mut plan = PlanServiceClient::new(self.scene.iber.1.clone());
        let action = pb::PlanAction {
            case: self.case.name.clone(),
            side: pb::plan_action::Side::Education.into(),
            text: "Twee ochtenden naar school.".into(),
            organisation: OrganisationId::from(self.scene.school).to_string(),
            start_date: "2026-11-23".into(),
            due_date: "2026-12-18".into(),
            ..Default::default()
        };
        let mut added = Vec::new();
        for _ in 0..2 {
            let asked = pb::AddPlanActionRequest { plan_action: Some(action.clone()), request_id: self.id() };
            added.push(plan.add_plan_action(asked).await.unwrap().into_inner());
        }
        let done = pb::CompletePlanActionRequest {
            name: added[0].name.clone(),
            done_date: "2026-11-23".into(),
            etag: added[0].etag.clone(),
            request_id: self.id(),
        };
        plan.complete_plan_action(done).await.unwrap();
        let dropped = pb::DropPlanActionRequest {
            name: added[1].name.clone(),
            reason: "Het lokaal is dicht.".into(),
            etag: added[1].etag.clone(),
            request_id: self.id(),
        };
        plan.drop_plan_action(dropped).await.unwrap();
    }

    /// Decided with doorzettingsmacht and looked at, and how a parent sees that, with an answer.
    async fn escalate(&self) {
        let server = &self.scene.server;
        let swv = server.founded.organisation;
        let (_, keeper) = server.person(Role::Thuiszitterscoordinator, swv).await;
        let (holder, _) = server.person(Role::Doorzettingsmacht, swv).await;
        escalation::taken(server, (&keeper, swv), &self.case.name, 3).await.unwrap();
        let mut ladder = EscalationServiceClient::new(keeper);
        let wish = escalation::deciding(server, &self.case.name, (holder, swv));
        let decision = ladder.decide_doorzettingsmacht(wish).await.unwrap().into_inner();
        let look = pb::CheckComplianceRequest {
            name: decision.name.clone(),
            date: decision.decide_date,
            state: pb::decision::State::Complied.into(),
            found: "Zij begint maandag.".into(),
            etag: decision.etag,
            request_id: self.id(),
        };
        ladder.check_compliance(look).await.unwrap();
        let view = pb::RecordViewRequest {
            case: self.case.name.clone(),
            about: pb::case_view::About::Decision.into(),
            decision: decision.name,
            person: self.parents()[0].to_string(),
            text: "Maandag is te vroeg.".into(),
            request_id: self.id(),
            ..Default::default()
        };
        let view = ladder.record_view(view).await.unwrap().into_inner();
        let answer = pb::AddRejoinderRequest {
            view: view.name,
            organisation: swv.to_string(),
            text: "Dinsdag kan ook.".into(),
            request_id: self.id(),
            ..Default::default()
        };
        ladder.add_rejoinder(answer).await.unwrap();
    }

    async fn close(&mut self) {
        let read = pb::GetCaseRequest { name: self.case.name.clone() };
        let now = self.keeper.get_case(read).await.unwrap().into_inner();
        let request = pb::CloseCaseRequest {
            name: now.name,
            outcome: pb::CaseOutcome::TerugEigenSchool.into(),
            outcome_date: "2026-11-24".into(),
            note: "Met ouders afgesproken.".into(),
            etag: now.etag,
            request_id: self.id(),
            ..pb::CloseCaseRequest::default()
        };
        self.case = self.keeper.close_case(request).await.unwrap().into_inner();
    }

    /// The parents let the social worker read and take that back, and a social worker of
    /// whom nobody asked anything opens the case in an emergency, and ends that.
    async fn open_up(&self) {
        let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
        let parents = self.parents();
        let signed = parents
            .iter()
            .map(|parent| pb::consent::Signature { person: parent.to_string(), date: "2026-11-23".into() });
        let consent = pb::Consent {
            case: self.case.name.clone(),
            purpose: "terugkeer_school".into(),
            gives: vec![role(pb::Role::Iber)],
            receives: vec![role(pb::Role::Smw)],
            classes: vec![pb::DataClass::K2.into(), pb::DataClass::K3.into()],
            expire_date: "2027-05-31".into(),
            signatures: signed.collect(),
            note: "Op papier getekend, ligt in de map.".into(),
            ..pb::Consent::default()
        };
        let mut consents = ConsentServiceClient::new(self.scene.iber.1.clone());
        let record = pb::RecordConsentRequest { consent: Some(consent), request_id: self.id() };
        let given = consents.record_consent(record).await.unwrap().into_inner();
        let back = pb::WithdrawConsentRequest {
            name: given.name,
            person: parents[0].to_string(),
            note: "Liever niet meer.".into(),
            etag: given.etag,
            request_id: self.id(),
        };
        consents.withdraw_consent(back).await.unwrap();
        let team = self.scene.team;
        let mut stranger = AccessServiceClient::new(self.scene.server.person(Role::Smw, team).await.1);
        let start = pb::StartEmergencyRequest {
            case: self.case.name.clone(),
            reason: "Het kind is sinds vanmorgen spoorloos.".into(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            request_id: self.id(),
        };
        let begun = stranger.start_emergency(start).await.unwrap().into_inner();
        let end = pb::EndEmergencyRequest { name: begun.name, request_id: self.id() };
        stranger.end_emergency(end).await.unwrap();
    }

    async fn rights(&self, as_whom: &Rights) -> Result<pb::CaseRights, Status> {
        let request = pb::GetCaseRightsRequest { name: self.case.name.clone() };
        as_whom.clone().get_case_rights(request).await.map(tonic::Response::into_inner)
    }

    async fn propose(&self, as_whom: &Rights, ground: pb::ErasureGround) -> Result<pb::Destruction, Status> {
        let request = pb::ProposeErasureRequest {
            case: self.case.name.clone(),
            ground: ground.into(),
            asked_by: pb::Requester::Parent.into(),
            request_id: self.id(),
        };
        as_whom.clone().propose_erasure(request).await.map(tonic::Response::into_inner)
    }

    async fn approve(&self, as_whom: &Rights, name: &str) -> Result<pb::Destruction, Status> {
        let request = pb::ApproveErasureRequest { name: name.to_owned(), request_id: self.id() };
        as_whom.clone().approve_erasure(request).await.map(tonic::Response::into_inner)
    }

    async fn export(
        &self,
        as_whom: &Rights,
        format: pb::export_subject_request::Format,
        person: &str,
    ) -> Result<String, Status> {
        let request = pb::ExportSubjectRequest {
            case: self.case.name.clone(),
            format: format.into(),
            person: person.to_owned(),
        };
        let mut pieces = as_whom.clone().export_subject(request).await?.into_inner();
        let mut file = Vec::new();
        while let Some(one) = pieces.message().await? {
            assert!(one.piece.len() <= 64 << 10);
            file.extend(one.piece);
        }
        Ok(String::from_utf8(file).unwrap())
    }
}

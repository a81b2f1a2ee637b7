//! Requests for information: with consent, told to who may read the answer, a task until it is there.

use chrono::TimeDelta;
use pb::{
    information_request::{Kind, State},
    task,
};
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
};
use schakel_proto::v1::{
    self as pb, consent_service_client::ConsentServiceClient,
    information_service_client::InformationServiceClient, task_service_client::TaskServiceClient,
};
use schakel_tests::{As, reason, violations, workplace::signed_in};
use tonic::Status;

use super::{Region, plan::Planned};

type Requests = InformationServiceClient<As>;

/// A case, and who is asked about it.
struct Asking {
    plan: Planned,
    jgz: OrganisationId,
}

impl Asking {
    async fn start() -> Self {
        let plan = Planned::start().await;
        let jgz = plan.region.server.organisation("JGZ", "JGZ01").await;
        Self { plan, jgz }
    }

    fn region(&self) -> &Region {
        &self.plan.region
    }

    /// What the child can do, of the doctor.
    fn advice(&self) -> pb::InformationRequest {
        pb::InformationRequest {
            case: self.plan.case.name.clone(),
            kind: Kind::FunctionalAdvice.into(),
            organisation: self.jgz.to_string(),
            role: pb::Role::Jeugdarts.into(),
            due_date: "2026-12-04".into(),
            note: "Hoeveel uur per dag kan Fenna aan?".into(),
            ..Default::default()
        }
    }

    /// How far it is, of its school.
    fn progress(&self) -> pb::InformationRequest {
        pb::InformationRequest {
            kind: Kind::SchoolProgress.into(),
            organisation: OrganisationId::from(self.region().school).to_string(),
            role: pb::Role::Iber.into(),
            ..self.advice()
        }
    }

    async fn ask(&self, by: &As, wanted: pb::InformationRequest) -> Result<pb::InformationRequest, Status> {
        let request = pb::AskInformationRequest {
            information_request: Some(wanted),
            request_id: self.region().server.request_id(),
        };
        Requests::new(by.clone()).ask_information(request).await.map(tonic::Response::into_inner)
    }

    async fn end(
        &self,
        by: &As,
        asked: &pb::InformationRequest,
        (state, date): (State, &str),
    ) -> Result<pb::InformationRequest, Status> {
        let request = pb::EndInformationRequestRequest {
            name: asked.name.clone(),
            state: state.into(),
            end_date: date.into(),
            etag: asked.etag.clone(),
            request_id: self.region().server.request_id(),
        };
        Requests::new(by.clone()).end_information_request(request).await.map(tonic::Response::into_inner)
    }

    async fn list(&self, by: &As) -> Vec<pb::InformationRequest> {
        let request = pb::ListInformationRequestsRequest { case: self.plan.case.name.clone() };
        let listed = Requests::new(by.clone()).list_information_requests(request).await;
        listed.unwrap().into_inner().information_requests
    }

    /// What the parent lets be shared of what the child can do, with the school.
    fn consent(&self, gives: pb::consent::Party, purpose: &str) -> pb::Consent {
        let parent = self.plan.case.parents[0].person.clone();
        let school = pb::consent::Party { role: pb::Role::Iber.into(), ..Default::default() };
        pb::Consent {
            case: self.plan.case.name.clone(),
            purpose: purpose.into(),
            gives: vec![gives],
            receives: vec![school],
            classes: vec![pb::DataClass::K6.into()],
            expire_date: "2027-05-31".into(),
            signatures: vec![pb::consent::Signature { person: parent, date: "2026-11-23".into() }],
            ..Default::default()
        }
    }

    async fn agree(&self, consent: pb::Consent) -> pb::Consent {
        let request = pb::RecordConsentRequest {
            consent: Some(consent),
            request_id: self.region().server.request_id(),
        };
        let mut consents = ConsentServiceClient::new(self.plan.iber.1.clone());
        consents.record_consent(request).await.unwrap().into_inner()
    }

    async fn officer(&self) -> (PersonId, As) {
        let region = self.region();
        region.server.person(Role::Leerplichtambtenaar, region.gemeente).await
    }
}

/// What waits for an answer of others, each with its day.
async fn awaited(by: &As) -> Vec<(String, String)> {
    let kinds = vec![task::Kind::Information.into()];
    let request = pb::ListTasksRequest { kinds, page_size: 200, page_token: String::new() };
    let tasks = TaskServiceClient::new(by.clone()).list_tasks(request).await.unwrap().into_inner().tasks;
    tasks.into_iter().map(|task| (task.action, task.due_date)).collect()
}

#[tokio::test]
async fn b10_a_partner_is_asked_only_with_a_consent_that_names_who_shares_what_with_whom() {
    let asking = Asking::start().await;
    let iber = &asking.plan.iber.1;
    let jgz = pb::consent::Party { organisation: asking.jgz.to_string(), ..Default::default() };
    let helper = pb::consent::Party { role: pb::Role::Smw.into(), ..Default::default() };
    let mut consents = Vec::new();
    for consent in [
        None,
        Some(asking.consent(helper, "terugkeer_school")),
        Some(asking.consent(jgz.clone(), "zorgtoeleiding")),
    ] {
        if let Some(consent) = consent {
            consents.push(asking.agree(consent).await);
        }
        let refused = asking.ask(iber, asking.advice()).await.unwrap_err();
        assert_eq!(reason(&refused), "CONSENT_REQUIRED");
    }
    consents.push(asking.agree(asking.consent(jgz, "terugkeer_school")).await);
    let asked = asking.ask(iber, asking.advice()).await.unwrap();
    let told = (asked.state(), asked.ask_date.as_str(), asked.asked_by.as_str());
    assert_eq!(told, (State::Asked, "2026-11-23", asking.plan.iber.0.to_string().as_str()));
    assert_eq!(asking.list(iber).await, std::slice::from_ref(&asked));

    // Nobody else may read what a doctor says, and so nobody else reads that one was asked.
    let server = &asking.region().server;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    assert!(asking.list(&keeper).await.is_empty() && asking.list(&asking.plan.smw.1).await.is_empty());
    let hidden = asking.end(&keeper, &asked, (State::Received, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&hidden), "INFORMATION_REQUEST_NOT_FOUND");
    let timeline = asking.region().timeline(&asking.plan.case).await;
    let event = timeline.events.iter().find(|event| event.kind == "INFORMATION_ASKED").unwrap();
    assert_eq!(event.text, "Er is om informatie gevraagd.");
    let stranger = server.school("90BB00", "GM9902").await;
    let stranger = server.person(Role::Iber, stranger).await.1;
    let foreign = asking.ask(&stranger, asking.advice()).await.unwrap_err();
    assert_eq!(reason(&foreign), "CASE_NOT_FOUND");

    let second = asking.ask(iber, asking.advice()).await.unwrap();
    let ended = asking.end(iber, &second, (State::Declined, "2026-11-23")).await.unwrap();
    assert_eq!(ended.state(), State::Declined);

    // Taken back, it opens nothing: the request rests, and nothing more is asked.
    for given in consents {
        let back = pb::WithdrawConsentRequest {
            name: given.name,
            etag: given.etag,
            request_id: server.request_id(),
            ..Default::default()
        };
        ConsentServiceClient::new(iber.clone()).withdraw_consent(back).await.unwrap();
    }
    assert!(asking.list(iber).await.is_empty() && awaited(iber).await.is_empty());
    let refused = asking.ask(iber, asking.advice()).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSENT_REQUIRED");
}

/// Two consents open to the school what a child can do: one lets the JGZ tell it, one a helper.
#[tokio::test]
async fn b10_a_request_rests_with_its_own_consent_though_another_opens_the_same() {
    let asking = Asking::start().await;
    let iber = &asking.plan.iber.1;
    let jgz = pb::consent::Party { organisation: asking.jgz.to_string(), ..Default::default() };
    let helper = pb::consent::Party { role: pb::Role::Smw.into(), ..Default::default() };
    asking.agree(asking.consent(helper, "terugkeer_school")).await;
    let own = asking.agree(asking.consent(jgz.clone(), "terugkeer_school")).await;
    let asked = asking.ask(iber, asking.advice()).await.unwrap();
    assert_eq!(asking.list(iber).await, std::slice::from_ref(&asked));
    assert_eq!(awaited(iber).await.len(), 1);

    let back = pb::WithdrawConsentRequest {
        name: own.name,
        etag: own.etag,
        request_id: asking.region().server.request_id(),
        ..Default::default()
    };
    ConsentServiceClient::new(iber.clone()).withdraw_consent(back).await.unwrap();
    assert!(asking.list(iber).await.is_empty(), "what a helper may tell says nothing of the JGZ");
    assert!(awaited(iber).await.is_empty());
    let hidden = asking.end(iber, &asked, (State::Received, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&hidden), "INFORMATION_REQUEST_NOT_FOUND");

    asking.agree(asking.consent(jgz, "terugkeer_school")).await;
    assert_eq!(asking.list(iber).await, [asked], "given again, it is told again");
    assert_eq!(awaited(iber).await.len(), 1);
}

/// She works on every case of the region, and asks with a consent that names her role or her organisation.
#[tokio::test]
async fn b10_a_thuiszitterscoordinator_asks_a_partner_with_a_consent_that_names_her() {
    let asking = Asking::start().await;
    let server = &asking.region().server;
    let swv = server.founded.organisation;
    let keeper = server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let jgz = pb::consent::Party { organisation: asking.jgz.to_string(), ..Default::default() };
    asking.agree(asking.consent(jgz.clone(), "terugkeer_school")).await;
    let refused = asking.ask(&keeper, asking.advice()).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSENT_REQUIRED", "it names the school");
    for named in [
        pb::consent::Party { role: pb::Role::Thuiszitterscoordinator.into(), ..Default::default() },
        pb::consent::Party { organisation: swv.to_string(), ..Default::default() },
    ] {
        let consent =
            pb::Consent { receives: vec![named], ..asking.consent(jgz.clone(), "terugkeer_school") };
        let given = asking.agree(consent).await;
        let asked = asking.ask(&keeper, asking.advice()).await.unwrap();
        assert_eq!(awaited(&keeper).await, [(asked.name.clone(), "2026-12-04".to_owned())]);
        asking.end(&keeper, &asked, (State::Received, "2026-11-23")).await.unwrap();
        let back = pb::WithdrawConsentRequest {
            name: given.name,
            etag: given.etag,
            request_id: server.request_id(),
            ..Default::default()
        };
        ConsentServiceClient::new(keeper.clone()).withdraw_consent(back).await.unwrap();
        assert!(asking.list(&keeper).await.is_empty());
        let refused = asking.ask(&keeper, asking.advice()).await.unwrap_err();
        assert_eq!(reason(&refused), "CONSENT_REQUIRED");
    }
}

/// By a consent that lets any helper tell it, those are asked who have one, whatever the caller says.
#[tokio::test]
async fn b10_who_is_asked_by_a_role_has_somebody_in_that_role() {
    let asking = Asking::start().await;
    let iber = &asking.plan.iber.1;
    let helper = pb::consent::Party { role: pb::Role::Smw.into(), ..Default::default() };
    asking.agree(asking.consent(helper, "terugkeer_school")).await;
    let as_helper = |organisation: OrganisationId| pb::InformationRequest {
        organisation: organisation.to_string(),
        role: pb::Role::Smw.into(),
        ..asking.advice()
    };
    let refused = asking.ask(iber, as_helper(asking.jgz)).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSENT_REQUIRED", "nobody there is a helper");
    let asked = asking.ask(iber, as_helper(asking.plan.team)).await.unwrap();
    assert_eq!(asking.list(iber).await, [asked]);
}

/// LPW art. 18(3): a school gives the attendance officer all that is asked.
#[tokio::test]
async fn b10_a_request_is_a_task_of_who_asked_until_it_is_answered_declined_or_not_needed() {
    let asking = Asking::start().await;
    let (iber, (officer, by)) = (&asking.plan.iber.1, &asking.officer().await);
    let asked = asking.ask(by, asking.progress()).await.unwrap();
    assert_eq!(asked.asked_by, officer.to_string());
    let refused = asking.ask(by, asking.advice()).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSENT_REQUIRED", "of a doctor it takes consent");
    assert_eq!(awaited(by).await, [(asked.name.clone(), "2026-12-04".to_owned())]);
    assert_eq!(awaited(iber).await, awaited(by).await, "and of who is asked, and sees that");
    let director = asking.region().server.person(Role::Directeur, asking.region().school).await.1;
    assert!(awaited(&director).await.is_empty(), "of nobody else at the school");
    assert_eq!(
        asking.list(iber).await,
        std::slice::from_ref(&asked),
        "the school sees the content of education"
    );
    assert!(asking.list(&asking.plan.smw.1).await.is_empty());

    asking.region().server.clock.advance(TimeDelta::days(2));
    let stale = pb::InformationRequest { etag: "7".into(), ..asked.clone() };
    let stale = asking.end(by, &stale, (State::Received, "2026-11-24")).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let early = asking.end(by, &asked, (State::Received, "2026-11-22")).await.unwrap_err();
    assert_eq!(violations(&early), ["end_date: TIME_OUT_OF_BOUNDS"]);
    let late = asking.end(by, &asked, (State::Asked, "2026-11-26")).await.unwrap_err();
    assert_eq!(violations(&late), ["state: FIELD_INVALID", "end_date: TIME_OUT_OF_BOUNDS"]);
    let ended = asking.end(by, &asked, (State::Received, "2026-11-24")).await.unwrap();
    assert_eq!(
        (ended.state(), ended.end_date.as_str(), ended.etag.as_str()),
        (State::Received, "2026-11-24", "2")
    );
    assert!(awaited(by).await.is_empty() && awaited(iber).await.is_empty());
    let again = asking.end(by, &ended, (State::Declined, "2026-11-24")).await.unwrap_err();
    assert_eq!(reason(&again), "ALREADY_ENDED");
    for state in [State::Declined, State::Withdrawn] {
        let asked = asking.ask(by, asking.progress()).await.unwrap();
        let ended = asking.end(by, &asked, (state, "2026-11-25")).await.unwrap();
        assert_eq!(ended.state(), state);
    }
    let told = asking.region().timeline(&asking.plan.case).await.events;
    let told = told.iter().filter(|event| event.kind.starts_with("INFORMATION_"));
    let kinds: Vec<_> = told.map(|event| event.kind.trim_start_matches("INFORMATION_")).collect();
    assert_eq!(kinds, ["ASKED", "RECEIVED", "ASKED", "DECLINED", "ASKED", "WITHDRAWN"]);
}

#[tokio::test]
async fn b10_what_cannot_be_asked_is_told_at_once() {
    let asking = Asking::start().await;
    let (iber, (_, officer)) = (&asking.plan.iber.1, &asking.officer().await);
    let nothing = asking.ask(iber, pb::InformationRequest::default()).await.unwrap_err();
    let required = ["case", "kind", "organisation", "role", "due_date"];
    let expected: Vec<_> =
        required.iter().map(|field| format!("information_request.{field}: FIELD_REQUIRED")).collect();
    assert_eq!(violations(&nothing), expected);
    let wrong = pb::InformationRequest { due_date: "2026-11-22".into(), ..asking.progress() };
    let wrong = asking.ask(iber, wrong).await.unwrap_err();
    assert_eq!(
        violations(&wrong),
        [
            "information_request.organisation: FIELD_INVALID",
            "information_request.due_date: TIME_OUT_OF_BOUNDS"
        ],
        "nobody asks oneself"
    );
    let unknown = OrganisationId(uuid::Uuid::from_u128(7)).to_string();
    let unknown = pb::InformationRequest { organisation: unknown, ..asking.progress() };
    let unknown = asking.ask(officer, unknown).await.unwrap_err();
    assert_eq!(violations(&unknown), ["information_request.organisation: FIELD_INVALID"]);
    let case =
        asking.region().close(&asking.plan.case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await;
    case.unwrap();
    let closed = asking.ask(officer, asking.progress()).await.unwrap_err();
    assert_eq!(reason(&closed), "CASE_CLOSED");
}

/// Only who sees the class of the answer without consent, or by one that lets just them share it, hears of it.
#[tokio::test]
async fn b10_who_is_asked_reads_it_on_today_only_when_they_may_see_it() {
    let asking = Asking::start().await;
    let (server, by) = (&asking.region().server, &asking.officer().await.1);
    let asked = asking.ask(by, asking.progress()).await.unwrap();
    let page = signed_in(server, asking.plan.iber.0).await.get("/today").await;
    let way = format!("href=\"/{}\"", asked.case);
    assert!(page.status == 200 && page.body.contains(&way), "{}", page.body);
    assert!(page.body.contains("U bent om informatie gevraagd."), "{}", page.body);
    let smw = signed_in(server, asking.plan.smw.0).await.get("/today").await;
    assert!(smw.status == 200 && !smw.body.contains("U bent om informatie gevraagd."), "{}", smw.body);

    // A doctor at an organisation that does not reach the case hears nothing by us.
    let jgz = pb::consent::Party { organisation: asking.jgz.to_string(), ..Default::default() };
    asking.agree(asking.consent(jgz, "terugkeer_school")).await;
    asking.ask(&asking.plan.iber.1, asking.advice()).await.unwrap();
    let doctor = server.person(Role::Jeugdarts, asking.jgz).await.1;
    assert!(awaited(&doctor).await.is_empty());
}

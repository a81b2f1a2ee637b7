//! Children absent without leave: the way from signal to return, and what a birthday or a move changes.

use schakel_proto::v1::{
    consent_service_client::ConsentServiceClient, decision::State as Decided,
    escalation_service_client::EscalationServiceClient, handover_service_client::HandoverServiceClient,
};
use schakel_tests::violations;

use super::{
    eyes::{Onlooker, PARENTS, step},
    *,
};

impl Story {
    /// What those who sign agree to on a day: that the social worker knows who is absent.
    async fn agreed(&self, day: &str, signers: &[String]) -> Result<pb::Consent, tonic::Status> {
        let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
        let signed = |person: &String| pb::consent::Signature { person: person.clone(), date: day.into() };
        let consent = pb::Consent {
            case: self.0.case.name.clone(),
            purpose: "terugkeer_school".into(),
            gives: vec![role(pb::Role::Iber)],
            receives: vec![role(pb::Role::Smw)],
            classes: vec![pb::DataClass::K2.into(), pb::DataClass::K3.into()],
            given_date: day.into(),
            expire_date: "2027-05-31".into(),
            signatures: signers.iter().map(signed).collect(),
            ..pb::Consent::default()
        };
        let server = &self.0.region.server;
        let request = pb::RecordConsentRequest { consent: Some(consent), request_id: server.request_id() };
        let (_, iber) = server.person(Role::Iber, self.0.region.school).await;
        ConsentServiceClient::new(iber).record_consent(request).await.map(tonic::Response::into_inner)
    }
}

/// 1. Seven, LRV. Friday 23 October: longer than four weeks on 21 November; rondetafel within six weeks,
/// on 4 December; eight weeks on 18 December. The child lives in another gemeente than its school.
#[tokio::test]
async fn story_01_a_rondetafel_comes_to_a_plan_and_the_officer_is_of_where_the_child_lives() {
    let story = Story::of("2019-03-02", Kind::Ongeoorloofd, "2026-10-23").await;
    let region = &story.0.region;
    let lives = region.server.organisation("GEMEENTE", "GM9902").await;
    let moved = pb::Case { residence_gemeente_code: "GM9902".into(), ..story.0.now().await };
    region.update(moved, &["residence_gemeente_code"]).await.unwrap();
    let eyes = story.eyes().await;
    let officer = Onlooker::of(region, Role::Leerplichtambtenaar, lives).await;
    eyes.see(&[
        (&officer, "child"),
        (&eyes.officer, "nothing"),
        (&eyes.iber, "child"),
        (&eyes.keeper, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    assert!(story.labels().await.contains(&"LRV".to_owned()));
    // Long since Saturday the 21st, to be told to DUO by today.
    eyes.wait("T10A", &[(&eyes.head, "2026-11-23 DUE_SOON"), (&eyes.iber, ""), (&officer, "")]).await;
    assert_eq!(story.diary("2026-11-27").await, ["11-24 T10A OVERDUE", "11-27 R12 DUE_SOON"]);
    let soon = "2026-12-04 DUE_SOON";
    let acts = [
        (&officer, soon),
        (&eyes.keeper, soon),
        (&eyes.officer, ""),
        (&eyes.iber, ""),
        (&eyes.head, ""),
        (&eyes.smw, ""),
    ];
    eyes.wait("R12", &acts).await;
    let table = [
        (&eyes.iber, pb::Role::Iber),
        (&eyes.keeper, pb::Role::Thuiszitterscoordinator),
        (&officer, pb::Role::Leerplichtambtenaar),
    ];
    let meeting = eyes.booked(pb::consultation::Kind::Rondetafel, "2026-11-30T09:00:00Z", &table).await;
    // The rondetafel is due in a week, and the talk with the parents (R01) on Monday, of which Friday tells.
    eyes.post(&[
        (officer.mailbox(), "asked tasks"),
        (eyes.keeper.mailbox(), "asked tasks"),
        (eyes.iber.mailbox(), "asked tasks"),
        (PARENTS.into(), "asked"),
        (eyes.officer.mailbox(), ""),
        (eyes.head.mailbox(), ""),
        (eyes.smw.mailbox(), ""),
    ])
    .await;
    assert_eq!(story.diary("2026-11-30").await, Vec::<String>::new());
    story.step(pb::Stage::Rondetafel).await;
    region.server.clock.set("2026-11-30T11:00:00Z".parse().unwrap());
    eyes.held(&meeting).await;
    story.told([happened(pb::Moment::RondetafelHeld, "2026-11-30")]).await;
    story.step(pb::Stage::Plan).await;
    assert_eq!(story.norm("R12").await, "2026-12-04 MET");
    // Without an offer the ladder goes on: to the coordinator after eight weeks, on 18 December, and to
    // the directors after ten, on 1 January; each a week before is soon, the day after too late.
    let ladder = [
        "12-11 R13 DUE_SOON",
        "12-18 L1",
        "12-19 R13 OVERDUE",
        "12-25 R14 DUE_SOON",
        "01-01 L2",
        "01-02 R14 OVERDUE",
    ];
    assert_eq!(story.diary("2027-01-02").await, ladder);
    eyes.wait("R13", &[(&eyes.keeper, "2026-12-18 OVERDUE"), (&eyes.head, ""), (&officer, "")]).await;
    let late = "2027-01-01 OVERDUE";
    eyes.wait("R14", &[(&eyes.keeper, late), (&eyes.head, late), (&eyes.iber, ""), (&officer, "")]).await;
}

/// 3. Eleven, LRV since 27 August: the pact's three months end on 27 November, in four days. Twelve weeks
/// were on 19 November: doorzettingsmacht.
#[tokio::test]
async fn story_03_the_pact_is_breached_in_four_days_and_doorzettingsmacht_is_called() {
    let story = Story::of("2015-06-30", Kind::Ongeoorloofd, "2026-08-27").await;
    assert_eq!(story.norm("T13").await, "2026-11-27 DUE_SOON");
    assert_eq!(story.0.standing(None, "").await.suggested_escalation_level, 3);
    let eyes = story.eyes().await;
    eyes.see(&[(&eyes.head, "absence"), (&eyes.holder, "nothing")]).await;
    story.taken_to(3).await;
    // At the level of the directors and of doorzettingsmacht it is told who the child is.
    eyes.see(&[
        (&eyes.head, "child"),
        (&eyes.holder, "child"),
        (&eyes.iber, "child"),
        (&eyes.officer, "child"),
        (&eyes.smw, "nothing"),
    ])
    .await;
    let (server, case) = (&story.0.region.server, story.0.case.name.as_str());
    let wish = escalation::deciding(server, case, (eyes.holder.person, story.swv()));
    let mut holder = EscalationServiceClient::new(eyes.holder.channel.clone());
    let decision = holder.decide_doorzettingsmacht(wish).await.unwrap().into_inner();
    assert_eq!((decision.state(), decision.due_date.as_str()), (Decided::Pending, "2026-12-14"));
    let listed = async |who: &Onlooker| {
        let asked = pb::ListDecisionsRequest { case: case.to_owned() };
        let mut ladder = EscalationServiceClient::new(who.channel.clone());
        ladder.list_decisions(asked).await.unwrap().into_inner().decisions
    };
    for who in [&eyes.iber, &eyes.head, &eyes.officer] {
        assert_eq!(listed(who).await, std::slice::from_ref(&decision));
    }
    // The day before the pact's last day its parties hear of it, and nobody else.
    assert_eq!(story.diary("2026-11-26").await, Vec::<String>::new());
    let last = "2026-11-27 DUE_SOON";
    let acts = [
        (&eyes.keeper, last),
        (&eyes.head, last),
        (&eyes.officer, last),
        (&eyes.iber, ""),
        (&eyes.holder, ""),
    ];
    eyes.wait("T13", &acts).await;
    eyes.post(&[
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.head.mailbox(), "tasks"),
        (eyes.officer.mailbox(), "tasks"),
        (eyes.iber.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
        (eyes.smw.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    assert_eq!(story.diary("2026-11-29").await, ["11-28 T13 OVERDUE"]);
    story.told([happened(pb::Moment::OfferMade, "2026-11-29")]).await;
    let pact = story.0.standing(None, "").await;
    let pact = pact.deadlines.iter().find(|norm| norm.norm == "T13").unwrap();
    assert_eq!((pact.state(), pact.met_date.as_str()), (State::Met, "2026-11-29"), "met, and late");
    eyes.wait("T13", &[(&eyes.keeper, ""), (&eyes.head, ""), (&eyes.officer, "")]).await;
    let looked = pb::CheckComplianceRequest {
        name: decision.name.clone(),
        date: "2026-11-29".into(),
        state: Decided::Complied.into(),
        found: "De school nam het kind op.".into(),
        etag: decision.etag.clone(),
        request_id: server.request_id(),
    };
    let mut keeper = EscalationServiceClient::new(eyes.keeper.channel.clone());
    let done = keeper.check_compliance(looked).await.unwrap().into_inner();
    assert_eq!((done.state(), done.checks.len()), (Decided::Complied, 1));
    assert_eq!(listed(&eyes.iber).await, [done]);
    assert_eq!(story.0.standing(None, "").await.suggested_escalation_level, 0);
}

/// 5. Six, at a school for special education, at home since 6 July: the summer of Zuid lies in between.
/// Half a year on 4 January.
#[tokio::test]
async fn story_05_half_a_year_at_home_asks_for_a_review() {
    let story = Story::of("2020-05-01", Kind::Ongeoorloofd, "2026-07-06").await;
    let eyes = story.eyes().await;
    eyes.see(&[(&eyes.head, "absence"), (&eyes.holder, "nothing")]).await;
    story.taken_to(4).await;
    eyes.see(&[(&eyes.head, "child"), (&eyes.holder, "child"), (&eyes.smw, "nothing")]).await;
    // A place is looked for, and there is a waiting list: the next step is on 6 January.
    let special = story.0.region.server.school("90CC00", "GM9901").await.to_string();
    let place = eyes.begun(&eyes.keeper, pb::track::Kind::Placement, ("2026-11-23", "2026-11-23")).await;
    let visited =
        pb::track::Step { school: special, ..step(pb::track::step::Kind::SchoolVisited, "2026-11-23") };
    let visited =
        eyes.step(&eyes.keeper, &place, (visited, "2027-01-06", pb::track::Outcome::Unspecified)).await;
    assert_eq!((visited.state(), visited.steps.len()), (pb::track::State::Open, 1));
    // Nobody spoke with the parents within five school days of the signal either.
    assert_eq!(story.diary("2026-12-28").await, ["12-01 R01 OVERDUE", "12-28 R16 DUE_SOON"]);
    eyes.post(&[
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.officer.mailbox(), "tasks"),
        (eyes.iber.mailbox(), ""),
        (eyes.head.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    assert_eq!(story.diary("2027-01-06").await, ["01-05 R16 OVERDUE"]);
    let late = "2027-01-04 OVERDUE";
    eyes.wait("R16", &[(&eyes.keeper, late), (&eyes.officer, late), (&eyes.iber, ""), (&eyes.head, "")])
        .await;
    eyes.wait("TRACK", &[(&eyes.keeper, "2027-01-06 DUE_SOON"), (&eyes.iber, ""), (&eyes.officer, "")]).await;
    story.told([happened(pb::Moment::ReviewedHalfYear, "2027-01-06")]).await;
    assert_eq!(story.norm("R16").await, "2027-01-04 MET");
}

/// 8. Eleven, twelve on 7 December: from then on the child consents too, beside both parents.
#[tokio::test]
async fn story_08_a_child_that_turns_twelve_consents_beside_both_parents() {
    let region = Region::start().await;
    let mut case = since("2026-10-15", absent(region.school));
    case.child.as_mut().unwrap().birth_date = "2014-12-07".into();
    case.parents.push(parent("Sem Zwanikken"));
    let story = Story(Log::of(region, case).await);
    let task = |standing: pb::Standing| standing.consent_tasks[0].clone();
    let before = task(story.0.standing(None, "").await);
    assert_eq!((before.birthday.as_str(), before.state()), ("2026-12-07", State::DueSoon));
    let eyes = story.eyes().await;
    let asks = [(&eyes.iber, "2026-12-07 DUE_SOON"), (&eyes.head, ""), (&eyes.smw, "")];
    eyes.wait("CONSENT", &asks).await;
    let table = [(&eyes.iber, pb::Role::Iber), (&eyes.smw, pb::Role::Smw)];
    eyes.booked(pb::consultation::Kind::Mdo, "2026-11-26T09:00:00Z", &table).await;
    eyes.post(&[(PARENTS.into(), "asked"), (eyes.smw.mailbox(), "asked"), (eyes.head.mailbox(), "")]).await;
    // The parents signed before the case was opened, so that nobody asked anew since.
    // Who is invited sees nothing of the child until both parents agree; from twelve on the child too.
    eyes.see(&[(&eyes.smw, "shell"), (&eyes.iber, "child"), (&eyes.head, "absence")]).await;
    let parents: Vec<_> = story.0.case.parents.iter().map(|parent| parent.person.clone()).collect();
    let alone = story.agreed("2026-11-20", &parents[..1]).await.unwrap_err();
    assert_eq!(violations(&alone), ["consent.signatures: SIGNER_REQUIRED"]);
    assert!(story.agreed("2026-11-20", &parents).await.unwrap().valid);
    // Until the birthday six weeks at home end on 26 November, and eight are a week away on 3 December.
    let diary = ["11-27 R12 OVERDUE", "12-01 R01 OVERDUE", "12-03 R13 DUE_SOON"];
    assert_eq!(story.diary("2026-12-06").await, diary);
    eyes.see(&[(&eyes.smw, "child"), (&eyes.head, "absence")]).await;
    assert_eq!(story.diary("2026-12-07").await, Vec::<String>::new());
    assert_eq!(task(story.0.standing(None, "").await).state(), State::Overdue);
    eyes.see(&[(&eyes.smw, "shell"), (&eyes.iber, "child")]).await;
    let child = story.0.case.child.clone().unwrap().person;
    let everybody = [parents, vec![child]].concat();
    assert!(story.agreed("2026-12-07", &everybody).await.unwrap().valid);
    assert_eq!(task(story.0.standing(None, "").await).state(), State::Met);
    eyes.wait("CONSENT", &[(&eyes.iber, "")]).await;
    eyes.see(&[(&eyes.smw, "child"), (&eyes.holder, "nothing")]).await;
}

/// 12. Eleven, back for two fifths of the hours. What is missed by agreement counts for nothing; after
/// the build-up three check points, and a relapse that goes on in the same case.
#[tokio::test]
async fn story_12_a_build_up_is_looked_after_and_a_relapse_goes_on_in_the_same_case() {
    let story = Story::of("2015-04-18", Kind::Ongeoorloofd, "2026-08-14").await;
    story.step(pb::Stage::Terugkeer).await;
    story.told([happened(pb::Moment::Returned, "2026-11-23")]).await;
    let days = ["2026-11-23", "2026-11-24", "2026-11-25"];
    story.on(date("2026-11-25"));
    story.told(days.map(|day| missed(day, 180, pb::AbsenceGround::Opbouw))).await;
    assert_eq!(story.norm("T10").await, "");
    story.step(pb::Stage::Nazorg).await;
    story.told([happened(pb::Moment::AttendanceStable, "2026-11-25")]).await;
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.iber, "child"),
        (&eyes.officer, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    // The school hears of the first check point a week before, and nobody else has a part in it.
    assert_eq!(story.diary("2026-12-02").await, ["12-02 R20 DUE_SOON"]);
    eyes.post(&[
        (eyes.iber.mailbox(), "tasks"),
        (eyes.head.mailbox(), ""),
        (eyes.officer.mailbox(), ""),
        (eyes.smw.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    assert_eq!(story.diary("2026-12-14").await, ["12-10 R20 OVERDUE"]);
    eyes.wait("R20", &[(&eyes.iber, "2026-12-09 OVERDUE"), (&eyes.officer, ""), (&eyes.head, "")]).await;
    story.told([happened(pb::Moment::AftercareFirst, "2026-12-08")]).await;
    eyes.wait("R20", &[(&eyes.iber, "")]).await;
    let closed = story.close(pb::CaseOutcome::TerugOpbouw, "2026-12-14").await;
    story.on(date("2027-01-11"));
    let again = story.0.region.reopen(&closed, "2027-01-08").await.unwrap();
    assert_eq!((again.name.clone(), again.reopened, again.stage()), (closed.name, 1, pb::Stage::Signaal));
    assert_eq!(story.norm("T13").await, "2027-04-08 RUNNING");
    assert_eq!(story.norm("R21").await, "");
}

/// 14. Eight, moved: from the next call on the officer of the new gemeente sees the case, the old one not.
#[tokio::test]
async fn story_14_a_child_that_moves_is_the_new_officers_and_keeps_its_history() {
    let story = Story::of("2018-01-25", Kind::Ongeoorloofd, "2026-11-03").await;
    let region = &story.0.region;
    let new = region.server.organisation("GEMEENTE", "GM9902").await;
    let eyes = story.eyes().await;
    let officer = Onlooker::of(region, Role::Leerplichtambtenaar, new).await;
    eyes.see(&[(&eyes.officer, "child"), (&officer, "nothing"), (&eyes.head, "absence")]).await;
    let moving = pb::MoveCaseRequest {
        name: story.0.case.name.clone(),
        school: String::new(),
        residence_gemeente_code: "GM9902".into(),
        etag: story.0.now().await.etag,
        request_id: region.server.request_id(),
        ..pb::MoveCaseRequest::default()
    };
    let mut school = HandoverServiceClient::new(eyes.iber.channel.clone());
    let moved = school.move_case(moving).await.unwrap().into_inner();
    let after = moved.after.unwrap();
    assert_eq!(
        (after.gemeente_code, after.leerplichtambtenaar),
        ("GM9902".into(), officer.person.to_string())
    );
    eyes.see(&[
        (&eyes.officer, "nothing"),
        (&officer, "child"),
        (&eyes.iber, "child"),
        (&eyes.keeper, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    // Four weeks end on 1 December: a week before, its new officer is told, and the old one is not.
    assert_eq!(story.diary("2026-11-24").await, ["11-24 R11 DUE_SOON"]);
    let soon = "2026-12-01 DUE_SOON";
    eyes.wait("R11", &[(&officer, soon), (&eyes.keeper, soon), (&eyes.iber, soon), (&eyes.officer, "")])
        .await;
    eyes.post(&[
        (officer.mailbox(), "tasks"),
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.iber.mailbox(), "tasks"),
        (eyes.officer.mailbox(), ""),
        (eyes.head.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    let timeline = pb::GetTimelineRequest { name: story.0.case.name.clone(), ..Default::default() };
    let events =
        Cases::new(officer.channel.clone()).get_timeline(timeline).await.unwrap().into_inner().events;
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["CASE_OPENED", "CASE_MOVED"], "what was before the move is still there");
    let diary =
        ["12-01 +THUISZITTER_PRAKTIJK R01 OVERDUE", "12-02 +LRV +THUISZITTER R11 OVERDUE T10A DUE_SOON"];
    assert_eq!(story.diary("2026-12-02").await, diary);
    let late = "2026-12-01 OVERDUE";
    eyes.wait("R11", &[(&officer, late), (&eyes.keeper, late), (&eyes.iber, late), (&eyes.officer, "")])
        .await;
    assert_eq!(story.norm("T13").await, "2027-02-03 RUNNING");
}

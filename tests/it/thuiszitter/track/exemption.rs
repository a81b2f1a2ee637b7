//! The track of an exemption: who says what first, and which terms that starts and stops.

use pb::track::{Ground, Kind, Outcome, State};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};

use super::{Tracking, step};

/// LPW art. 6 and 7: its own doctor signs, parents tell the gemeente; then it holds by law, which is a
/// fact.
#[tokio::test]
async fn e12_an_exemption_takes_a_statement_of_the_doctor_and_holds_by_the_facts_first() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let iber = &tracking.plan.iber.1;
    let groundless = tracking.begin(by, tracking.track(Kind::Exemption, *officer)).await.unwrap_err();
    assert_eq!(violations(&groundless), ["track.ground: FIELD_REQUIRED"]);
    let wish =
        pb::Track { ground: Ground::Ground5OnderA.into(), ..tracking.track(Kind::Exemption, *officer) };
    let track = tracking.begin(by, wish).await.unwrap();
    let granted = (step(step::Kind::Granted, "2026-11-23"), Outcome::Unspecified);
    let early = tracking.end(by, &track, granted.clone()).await.unwrap_err();
    assert_eq!(reason(&early), "STEP_NOT_ALLOWED");
    let stated = step(step::Kind::DoctorStated, "2026-11-20");
    let refused = tracking.go(iber, &track, stated.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED", "the school sees nothing of a doctor");
    let advised = tracking.go(by, &track, stated).await.unwrap();
    assert_eq!((advised.steps.len(), tracking.list(iber).await[0].steps.len()), (1, 0));
    assert_eq!(tracking.told(by, pb::Moment::ExemptionNotified).await, 0, "nobody gave notice yet");
    let silent = tracking.end(by, &advised, granted.clone()).await.unwrap_err();
    assert_eq!(reason(&silent), "STEP_NOT_ALLOWED");
    let advised = tracking.go(by, &advised, step(step::Kind::Notified, "2026-11-21")).await.unwrap();
    assert_eq!(tracking.told(by, pb::Moment::ExemptionNotified).await, 1);
    let before = tracking.end(by, &advised, granted.clone()).await.unwrap_err();
    assert_eq!(reason(&before), "FACTS_DISAGREE");
    let exemption = pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
        from_date: "2026-11-23".into(),
        until_date: "2027-07-31".into(),
    };
    tracking.tell(by, pb::fact::Said::Exemption(exemption)).await;
    let no = (step(step::Kind::Refused, "2026-11-23"), Outcome::Unspecified);
    let against = tracking.end(by, &advised, no).await.unwrap_err();
    assert_eq!(reason(&against), "FACTS_DISAGREE");
    let held = tracking.end(by, &advised, granted).await.unwrap();
    assert_eq!((held.state(), held.outcome()), (State::Closed, Outcome::Granted));
}

/// LPW art. 11 onder d and 12: illness is told to the school. Nobody gives notice of it to the gemeente,
/// and no statement grows old (art. 7).
#[tokio::test]
async fn e12_illness_that_goes_on_starts_no_term_of_an_exemption() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let ill = Ground::Ground11OnderD.into();
    let wish = pb::Track { ground: ill, ..tracking.track(Kind::Exemption, *officer) };
    let track = tracking.begin(by, wish).await.unwrap();
    let stated = tracking.go(by, &track, step(step::Kind::DoctorStated, "2026-11-20")).await.unwrap();
    let notice = tracking.go(by, &stated, step(step::Kind::Notified, "2026-11-21")).await.unwrap_err();
    assert_eq!(reason(&notice), "STEP_NOT_ALLOWED");
    let ended = (step(step::Kind::Ended, "2026-11-21"), Outcome::Unspecified);
    tracking.end(by, &stated, ended).await.unwrap();
    for moment in [
        pb::Moment::ExemptionSought,
        pb::Moment::ExemptionNotified,
        pb::Moment::DoctorStated,
        pb::Moment::ExemptionGivenUp,
    ] {
        assert_eq!(tracking.told(by, moment).await, 0, "{moment:?}");
    }
}

/// LPW art. 7 and Awb art. 4:13: of what somebody takes back no statement grows old, and nobody decides.
#[tokio::test]
async fn e12_what_is_asked_for_no_longer_is_waited_for_no_longer() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Placement, *iber)).await.unwrap();
    let applied = tracking.go(by, &track, step(step::Kind::TlvApplied, "2026-11-16")).await.unwrap();
    assert_eq!(tracking.stands("T16").await.unwrap().0, "2027-01-11");
    let ended = (step(step::Kind::Ended, "2026-11-20"), Outcome::Unspecified);
    let waits = tracking.end(by, &applied, ended.clone()).await.unwrap_err();
    assert_eq!(reason(&waits), "STEP_NOT_ALLOWED", "somebody would decide on it");
    let back = tracking.go(by, &applied, step(step::Kind::TlvWithdrawn, "2026-11-20")).await.unwrap();
    assert_eq!(tracking.stands("T16").await, None, "no decision comes");
    tracking.end(by, &back, ended).await.unwrap();

    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let ground = Ground::Ground5OnderA.into();
    let wish = pb::Track { ground, ..tracking.track(Kind::Exemption, *officer) };
    let track = tracking.begin(by, wish).await.unwrap();
    let stated = tracking.go(by, &track, step(step::Kind::DoctorStated, "2026-11-17")).await.unwrap();
    let ended = (step(step::Kind::Ended, "2026-11-21"), Outcome::Unspecified);
    let ended = tracking.end(by, &stated, ended).await.unwrap();
    assert_eq!(ended.outcome(), Outcome::Withdrawn);
    assert_eq!(
        tracking.told(by, pb::Moment::ExemptionGivenUp).await,
        1,
        "the statement grows old for nobody"
    );
}

/// LPW art. 7: a statement of 20 November is to be relied on by 20 February 2027; what was refused first is
/// relied on by nobody.
#[tokio::test]
async fn e12_the_statement_of_an_exemption_that_was_refused_grows_old_for_nobody() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let ground = Ground::Ground5OnderA.into();
    let wish = pb::Track { ground, ..tracking.track(Kind::Exemption, *officer) };
    let track = tracking.begin(by, wish).await.unwrap();
    let stated = tracking.go(by, &track, step(step::Kind::DoctorStated, "2026-11-20")).await.unwrap();
    assert_eq!(tracking.waits_for_notice(by).await.as_deref(), Some("2027-02-20"));
    let refused = (step(step::Kind::Refused, "2026-11-23"), Outcome::Unspecified);
    let refused = tracking.end(by, &stated, refused).await.unwrap();
    assert_eq!(
        (refused.outcome(), tracking.told(by, pb::Moment::ExemptionGivenUp).await),
        (Outcome::Refused, 1)
    );
    assert_eq!(tracking.waits_for_notice(by).await, None);
    tracking.back(by, &refused, step::Kind::Refused).await.unwrap();
    assert_eq!(tracking.waits_for_notice(by).await.as_deref(), Some("2027-02-20"), "it was not");
}

/// LPW art. 6(2): while 5 onder a holds, parents seek 5 onder b and let it be: of the first they give notice
/// anew as before.
#[tokio::test]
async fn e12_an_exemption_that_is_given_up_leaves_another_that_holds_as_it_was() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let exemption = pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
        from_date: "2026-11-02".into(),
        until_date: "2027-07-31".into(),
    };
    tracking.tell(by, pb::fact::Said::Exemption(exemption)).await;
    for (ground, sought, given_up) in [(Ground::Ground5OnderB, 1, 0), (Ground::Ground5OnderA, 1, 1)] {
        let wish = pb::Track { ground: ground.into(), ..tracking.track(Kind::Exemption, *officer) };
        let track = tracking.begin(by, wish).await.unwrap();
        let ended = (step(step::Kind::Ended, "2026-11-23"), Outcome::Unspecified);
        tracking.end(by, &track, ended).await.unwrap();
        let told = [pb::Moment::ExemptionSought, pb::Moment::ExemptionGivenUp];
        let told = [tracking.told(by, told[0]).await, tracking.told(by, told[1]).await];
        assert_eq!(told, [sought, given_up], "{ground:?}");
    }
}

/// LPW art. 5a with 6: a family that leads a travelling life tells the gemeente, and no doctor has a say; what
/// the field calls "5a" is 5 onder a.
#[tokio::test]
async fn e12_a_travelling_life_is_told_to_the_gemeente_and_takes_no_doctor() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let ground = Ground::Ground5aTrekkend.into();
    let wish = pb::Track { ground, ..tracking.track(Kind::Exemption, *officer) };
    let track = tracking.begin(by, wish).await.unwrap();
    assert_eq!(track.ground(), Ground::Ground5aTrekkend);
    assert_eq!(tracking.told(by, pb::Moment::ExemptionSought).await, 1);
    let doctor = tracking.go(by, &track, step(step::Kind::DoctorStated, "2026-11-20")).await.unwrap_err();
    assert_eq!(reason(&doctor), "STEP_NOT_ALLOWED");
    let notified = tracking.go(by, &track, step(step::Kind::Notified, "2026-11-20")).await.unwrap();
    let granted = (step(step::Kind::Granted, "2026-11-23"), Outcome::Unspecified);
    let holds = |ground: pb::ExemptionGround| pb::fact::Exemption {
        ground: ground.into(),
        from_date: "2026-11-23".into(),
        until_date: "2027-07-31".into(),
    };
    let other = holds(pb::ExemptionGround::ExemptionGround5OnderA);
    tracking.tell(by, pb::fact::Said::Exemption(other)).await;
    let refused = tracking.end(by, &notified, granted.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "FACTS_DISAGREE", "that is another article");
    let own = holds(pb::ExemptionGround::ExemptionGround5aTrekkend);
    tracking.tell(by, pb::fact::Said::Exemption(own)).await;
    let held = tracking.end(by, &notified, granted).await.unwrap();
    assert_eq!((held.state(), held.outcome()), (State::Closed, Outcome::Granted));
}

/// LPW art. 3a(4): asked for on 16 November, a substitute programme is decided on by 14 December, and parents
/// have a copy two weeks after that.
#[tokio::test]
async fn e12_a_substitute_programme_that_is_asked_for_is_decided_on_within_four_weeks() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (officer, by) = &region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let wish = pb::Track { ground: Ground::Ground3a.into(), ..tracking.track(Kind::Exemption, *officer) };
    let track = tracking.begin(by, wish.clone()).await.unwrap();
    assert_eq!(tracking.stands("V04").await.unwrap().0, "2026-12-14");
    let ended = (step(step::Kind::Ended, "2026-11-19"), Outcome::Unspecified);
    let ended = tracking.end(by, &track, ended).await.unwrap();
    assert_eq!(ended.outcome(), Outcome::Withdrawn);
    assert_eq!(tracking.stands("V04").await, None, "nobody asks for it any more");

    let anew = pb::Track { start_date: "2026-11-20".into(), ..wish };
    let track = tracking.begin(by, anew).await.unwrap();
    assert_eq!(tracking.stands("V04").await.unwrap().0, "2026-12-18", "asked for anew");
    let notice = tracking.go(by, &track, step(step::Kind::Notified, "2026-11-21")).await.unwrap_err();
    assert_eq!(reason(&notice), "STEP_NOT_ALLOWED");
    let exemption = pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround3a.into(),
        from_date: "2026-11-23".into(),
        until_date: "2027-07-31".into(),
    };
    tracking.tell(by, pb::fact::Said::Exemption(exemption)).await;
    let granted = (step(step::Kind::Granted, "2026-11-23"), Outcome::Unspecified);
    tracking.end(by, &track, granted).await.unwrap();
    assert_eq!(tracking.stands("V04").await.unwrap().1, "2026-11-23");
    assert_eq!(tracking.stands("V05").await.unwrap().0, "2026-12-07");
}

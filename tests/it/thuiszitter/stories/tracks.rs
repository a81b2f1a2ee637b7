//! Children whose way is decided by others: removal, a place elsewhere, an exemption, a dispute.

use schakel_proto::v1::{
    track::{Kind as Track, Outcome, State as Course, step::Kind as Step},
    track_service_client::TrackServiceClient,
};

use super::{
    eyes::{PARENTS, changes, step},
    *,
};

/// 6. Eight, suspended on Wednesday 11 November: at most a week, so up to the 17th; told to the Inspectie
/// when longer than a day. Then removal is decided, which asks for the teacher first and tells the
/// gemeente at once, and no school is willing yet (WPO art. 40(11)).
#[tokio::test]
async fn story_06_a_suspension_that_becomes_a_removal_breaks_the_zorgplicht_until_a_school_is_willing() {
    let story = Story::of("2018-10-09", Kind::Geschorst, "2026-11-11").await;
    story.told([happened(pb::Moment::SuspendedFromSchool, "2026-11-11")]).await;
    assert_eq!(story.norm("T18").await, "2026-11-17 OVERDUE");
    story.told([happened(pb::Moment::SuspensionEnded, "2026-11-17")]).await;
    assert_eq!(story.norm("T18").await, "2026-11-17 MET");
    story.told([happened(pb::Moment::RemovalDecided, "2026-11-20")]).await;
    // Nobody heard the teacher before; the gemeente is to know by Monday.
    let both = [story.norm("T05A").await, story.norm("T05B").await];
    assert_eq!(both, ["2026-11-20 OVERDUE", "2026-11-23 DUE_SOON"]);
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.iber, "child"),
        (&eyes.officer, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    // What a removal asks is the head's to do, who need not read for that who the child is.
    eyes.wait("T05A", &[(&eyes.head, "2026-11-20 OVERDUE"), (&eyes.iber, "")]).await;
    let today =
        [(&eyes.head, "2026-11-23 DUE_SOON"), (&eyes.iber, ""), (&eyes.officer, ""), (&eyes.keeper, "")];
    eyes.wait("T05B", &today).await;
    assert_eq!(story.diary("2026-11-25").await, ["11-24 T05B OVERDUE"]);
    story.told([happened(pb::Moment::Removed, "2026-11-25")]).await;
    assert_eq!(story.norm("T05").await, "2026-11-25 OVERDUE");
    eyes.wait("T05", &[(&eyes.head, "2026-11-25 OVERDUE"), (&eyes.iber, ""), (&eyes.officer, "")]).await;
    // It is too late to tell ahead of any of it.
    eyes.post(&[(eyes.head.mailbox(), ""), (eyes.holder.mailbox(), ""), (PARENTS.into(), "")]).await;
    // A school that is willing afterwards does not make the removal right.
    story.told([happened(pb::Moment::OtherSchoolWilling, "2026-11-25")]).await;
}

/// 7. Ten, at special primary education, LRV since 22 September: a toelaatbaarheidsverklaring was applied
/// for on 2 November, eight weeks on 28 December (Awb art. 4:13); two experts first.
#[tokio::test]
async fn story_07_a_place_at_special_education_with_day_care_is_an_arrangement() {
    let story = Story::of("2016-01-12", Kind::Ongeoorloofd, "2026-09-22").await;
    story.step(pb::Stage::Rondetafel).await;
    story.step(pb::Stage::Arrangement).await;
    let swv = story.swv();
    let eyes = story.eyes().await;
    eyes.see(&[(&eyes.officer, "child"), (&eyes.head, "absence"), (&eyes.holder, "nothing")]).await;
    let place = eyes.begun(&eyes.keeper, Track::Placement, ("2026-11-02", "2026-12-15")).await;
    let applied = (step(Step::TlvApplied, "2026-11-02"), "2026-12-15", Outcome::Unspecified);
    let applied = eyes.step(&eyes.keeper, &place, applied).await;
    assert_eq!(story.norm("T16").await, "2026-12-28 RUNNING");
    // Meanwhile ten weeks end on 1 December, twelve on the 15th, and the pact's three months on the 22nd;
    // the decision on the declaration is soon from a week before the 28th on.
    let diary = [
        "11-24 R14 DUE_SOON",
        "12-01 L2",
        "12-02 R14 OVERDUE",
        "12-08 R15 DUE_SOON",
        "12-15 T13 DUE_SOON L3",
    ];
    assert_eq!(story.diary("2026-12-15").await, diary);
    // A week is left of the pact's three months, of which its parties hear.
    let soon = "2026-12-22 DUE_SOON";
    let acts = [(&eyes.keeper, soon), (&eyes.head, soon), (&eyes.officer, soon), (&eyes.iber, "")];
    eyes.wait("T13", &acts).await;
    eyes.wait("R14", &[(&eyes.head, "2026-12-01 OVERDUE"), (&eyes.officer, ""), (&eyes.iber, "")]).await;
    eyes.wait("TRACK", &[(&eyes.keeper, "2026-12-15 DUE_SOON"), (&eyes.head, ""), (&eyes.iber, "")]).await;
    eyes.post(&[
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.head.mailbox(), "tasks"),
        (eyes.officer.mailbox(), "tasks"),
        (eyes.iber.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    let made = [
        happened(pb::Moment::TlvExpertsAdvised, "2026-12-10"),
        happened(pb::Moment::OfferMade, "2026-12-15"),
    ];
    story.told_by(Role::Thuiszitterscoordinator, swv, made).await;
    let granted = (step(Step::TlvGranted, "2026-12-15"), "2026-12-15", Outcome::Unspecified);
    let granted = eyes.step(&eyes.keeper, &applied, granted).await;
    assert_eq!((granted.state(), granted.steps.len()), (Course::Open, 2));
    eyes.wait("T13", &[(&eyes.keeper, ""), (&eyes.head, ""), (&eyes.officer, "")]).await;
    let both = [story.norm("T16").await, story.norm("T16C").await];
    assert_eq!(both, ["2026-12-28 MET", "2026-12-15 MET"]);
    let [mut school, mut other] = eyes.watch().await;
    let closed = story.close(pb::CaseOutcome::Oza, "2026-12-15").await;
    assert!(changes(&mut school).await.contains(&(pb::case_change::Kind::CaseClosed, closed.name.clone())));
    assert!(changes(&mut other).await.is_empty(), "another school");
    assert_eq!((closed.state(), closed.outcome()), (pb::case::State::Closed, pb::CaseOutcome::Oza));
}

/// 10. Nine, an exemption under art. 5 onder a is sought; the doctor's statement of 3 September is not to
/// be older than three months when the parents rely on it: 3 December (LPW art. 7). The school is not told
/// of a doctor.
#[tokio::test]
async fn story_10_a_doctors_statement_of_an_exemption_runs_out_and_is_no_business_of_the_school() {
    let story = Story::of("2017-07-07", Kind::VrijstellingGevraagd, "2026-09-09").await;
    let region = &story.0.region;
    let gemeente = region.gemeente;
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.officer, "child"),
        (&eyes.iber, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    let sought = pb::Track {
        kind: Track::Exemption.into(),
        ground: pb::track::Ground::Ground5OnderA.into(),
        ..Default::default()
    };
    let sought = eyes.begun_as(&eyes.officer, sought, ("2026-09-03", "2026-12-03")).await;
    let stated = (step(Step::DoctorStated, "2026-09-03"), "2026-12-03", Outcome::Unspecified);
    let stated = eyes.step(&eyes.officer, &sought, stated).await;
    assert_eq!(story.norm("V03").await, "", "the school");
    let asked = pb::ListTracksRequest { case: story.0.case.name.clone() };
    let mut school = TrackServiceClient::new(eyes.iber.channel.clone());
    let tracks = school.list_tracks(asked).await.unwrap().into_inner().tracks;
    assert_eq!((stated.steps.len(), tracks.len(), tracks[0].steps.len()), (1, 1, 0), "no word of a doctor");
    let mut officer = Facts::new(eyes.officer.channel.clone());
    let mut seen = Vec::new();
    for day in ["2026-11-25", "2026-11-26", "2026-12-03", "2026-12-04"] {
        story.on(date(day));
        let asked = pb::GetStandingRequest { case: story.0.case.name.clone(), ..Default::default() };
        let standing = officer.get_standing(asked).await.unwrap().into_inner();
        let norm = standing.deadlines.iter().find(|norm| norm.norm == "V03").unwrap();
        assert_eq!(norm.due_date, "2026-12-03");
        seen.push(norm.state());
        if day == "2026-11-26" {
            // A week before.
            eyes.post(&[
                (eyes.officer.mailbox(), "tasks"),
                (eyes.iber.mailbox(), ""),
                (eyes.head.mailbox(), ""),
                (eyes.smw.mailbox(), ""),
                (PARENTS.into(), ""),
            ])
            .await;
        }
    }
    let late =
        [(&eyes.officer, "2026-12-03 OVERDUE"), (&eyes.iber, ""), (&eyes.head, ""), (&eyes.keeper, "")];
    eyes.wait("V03", &late).await;
    assert_eq!(seen, [State::Running, State::DueSoon, State::DueSoon, State::Overdue]);
    assert_eq!(story.labels().await, ["VRIJSTELLINGSTRAJECT"]);
    let holds = Said::Exemption(pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
        from_date: "2026-12-04".into(),
        until_date: String::new(),
    });
    let notified = (step(Step::Notified, "2026-12-04"), "2026-12-04", Outcome::Unspecified);
    let notified = eyes.step(&eyes.officer, &stated, notified).await;
    eyes.wait("V03", &[(&eyes.officer, "")]).await;
    story.told_by(Role::Leerplichtambtenaar, gemeente, [holds]).await;
    let granted = (step(Step::Granted, "2026-12-04"), "", Outcome::Unspecified);
    let granted = eyes.step(&eyes.officer, &notified, granted).await;
    assert_eq!((granted.state(), granted.outcome()), (Course::Closed, Outcome::Granted));
    let closed = story.close(pb::CaseOutcome::Vrijstelling5OnderA, "2026-12-04").await;
    assert_eq!(closed.labels, ["VRIJGESTELD"], "counted apart, never as solved");
}

/// 13. Ten: the parents objected on 30 October, a decision within four weeks, and went to the
/// Geschillencommissie on 2 November, whose opinion comes within ten weeks (WPO art. 43): meanwhile the
/// decision on the objection is suspended.
#[tokio::test]
async fn story_13_an_objection_stands_still_while_the_disputes_committee_looks_at_it() {
    let story = Story::of("2016-08-16", Kind::Ongeoorloofd, "2026-09-30").await;
    let swv = story.swv();
    let arose = [happened(pb::Moment::DisputeArose, "2026-10-26")];
    story.told_by(Role::Thuiszitterscoordinator, swv, arose).await;
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.iber, "child"),
        (&eyes.officer, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    let goes_on = "2026-12-01";
    eyes.begun(&eyes.keeper, Track::ParentObjection, ("2026-10-30", goes_on)).await;
    let dispute = eyes.begun(&eyes.keeper, Track::Dispute, ("2026-11-02", goes_on)).await;
    // Four weeks end on 27 November; the 22 days from 2 November up to today do not count.
    let now = [story.norm("T14").await, story.norm("T15").await];
    assert_eq!(now, ["2027-01-11 RUNNING", "2026-12-19 SUSPENDED"]);
    // Eight weeks at home on 25 November; the talk with the parents was to be by the 30th.
    assert_eq!(story.diary("2026-11-24").await, Vec::<String>::new());
    eyes.post(&[
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.iber.mailbox(), ""),
        (eyes.head.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    let diary = ["11-25 L1", "11-26 R13 OVERDUE", "12-01 R01 OVERDUE"];
    assert_eq!(story.diary("2026-12-01").await, diary);
    eyes.wait("R13", &[(&eyes.keeper, "2026-11-25 OVERDUE"), (&eyes.head, ""), (&eyes.iber, "")]).await;
    eyes.wait("R01", &[(&eyes.iber, "2026-11-30 OVERDUE"), (&eyes.head, ""), (&eyes.officer, "")]).await;
    eyes.wait("TRACK", &[(&eyes.keeper, "2026-12-01 DUE_SOON"), (&eyes.head, ""), (&eyes.iber, "")]).await;
    let opinion = (step(Step::Decided, "2026-12-01"), "", Outcome::PartlyUpheld);
    let opinion = eyes.step(&eyes.keeper, &dispute, opinion).await;
    assert_eq!((opinion.state(), opinion.outcome()), (Course::Closed, Outcome::PartlyUpheld));
    // It stood still for the 29 days up to 30 November.
    let both = [story.norm("T14").await, story.norm("T15").await];
    assert_eq!(both, ["2027-01-11 MET", "2026-12-26 RUNNING"]);
}

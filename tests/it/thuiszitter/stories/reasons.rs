//! Children at home for a reason of its own: ill but able, enrolled nowhere, too young, on holiday.

use schakel_tests::violations;

use super::{
    eyes::{Onlooker, PARENTS},
    *,
};

/// 2. Nine, ill but able to attend in part, since Wednesday 7 October. The seventh school day of that is
/// Thursday 15 October, before the autumn holidays of Zuid.
#[tokio::test]
async fn story_02_a_child_that_is_ill_but_able_sees_the_school_doctor_and_the_school_a_date() {
    let story = Story::of("2017-02-11", Kind::ZiekBelastbaar, "2026-10-07").await;
    assert_eq!(story.labels().await, ["THUISZITTER_PRAKTIJK", "ACTUEEL"], "who is able counts, LRV not");
    story.told([happened(pb::Moment::SickReported, "2026-10-07")]).await;
    assert_eq!(story.norm("T26").await, "2026-10-15 OVERDUE");
    let (region, eyes) = (&story.0.region, story.eyes().await);
    let ggd = region.server.organisation("GGD", "GGD1").await;
    let doctor = Onlooker::of(region, Role::Jeugdarts, ggd).await;
    eyes.see(&[
        (&doctor, "nothing"),
        (&eyes.iber, "child"),
        (&eyes.head, "absence"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    let table = [(&eyes.iber, pb::Role::Iber), (&doctor, pb::Role::Jeugdarts)];
    eyes.booked(pb::consultation::Kind::Consult, "2026-11-25T09:00:00Z", &table).await;
    eyes.post(&[
        (doctor.mailbox(), "asked"),
        (PARENTS.into(), "asked"),
        (eyes.smw.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
    ])
    .await;
    // Who is invited knows that there is a case; the absence only by consent (Jeugdwet 7.3.11).
    eyes.see(&[(&doctor, "shell"), (&eyes.smw, "nothing")]).await;
    let late = [(&eyes.iber, "2026-10-15 OVERDUE"), (&eyes.head, ""), (&eyes.officer, ""), (&doctor, "")];
    eyes.wait("T26", &late).await;
    // On the day of the consult eight weeks at home are a week away, of which the coordinator hears.
    assert_eq!(story.diary("2026-11-25").await, ["11-25 R13 DUE_SOON"]);
    let soon = [(&eyes.keeper, "2026-12-02 DUE_SOON"), (&eyes.iber, ""), (&eyes.head, ""), (&doctor, "")];
    eyes.wait("R13", &soon).await;
    eyes.post(&[
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.head.mailbox(), ""),
        (eyes.officer.mailbox(), ""),
        (eyes.smw.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
    ])
    .await;
    story.told([happened(pb::Moment::JeugdartsConsulted, "2026-11-25")]).await;
    assert_eq!(story.norm("T26").await, "2026-10-15 MET");
    eyes.wait("T26", &[(&eyes.iber, "")]).await;
    // Nobody spoke with the parents within five school days of the signal. After eight weeks it is the
    // coordinator's: taken up on that day, and with it the samenwerkingsverband is involved.
    assert_eq!(story.diary("2026-12-02").await, ["12-01 R01 OVERDUE", "12-02 L1"]);
    eyes.wait("R01", &[(&eyes.iber, "2026-11-30 OVERDUE"), (&eyes.keeper, ""), (&doctor, "")]).await;
    story.taken_to(1).await;
    let both = [story.norm("R13").await, story.norm("R11").await];
    assert_eq!(both, ["2026-12-02 MET", "2026-11-04 MET"]);
    eyes.wait("R13", &[(&eyes.keeper, "")]).await;
    // A step on the ladder tells nobody more of the child.
    eyes.see(&[(&eyes.iber, "child"), (&eyes.head, "absence"), (&eyes.holder, "nothing")]).await;
    // A week before ten weeks it is soon the directors'; an offer comes in time for them and for the pact.
    assert_eq!(story.diary("2026-12-09").await, ["12-09 R14 DUE_SOON"]);
    let soon = "2026-12-16 DUE_SOON";
    eyes.wait("R14", &[(&eyes.keeper, soon), (&eyes.head, soon), (&eyes.iber, ""), (&eyes.officer, "")])
        .await;
    eyes.post(&[
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.head.mailbox(), "tasks"),
        (eyes.officer.mailbox(), ""),
        (eyes.smw.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
    ])
    .await;
    assert_eq!(story.diary("2026-12-10").await, Vec::<String>::new());
    story.told([happened(pb::Moment::OfferMade, "2026-12-10")]).await;
    let both = [story.norm("R14").await, story.norm("T13").await];
    assert_eq!(both, ["2026-12-16 MET", "2027-01-07 MET"]);
    eyes.wait("R14", &[(&eyes.keeper, ""), (&eyes.head, "")]).await;
    // What the doctor found is nowhere in the case; nobody of the doctors sees it uninvited.
    assert_eq!(story.seen_by(Role::Jeugdarts, ggd).await, "nothing");
}

/// 4. Five on 12 October, enrolled nowhere: leerplichtig from the first school day of November.
#[tokio::test]
async fn story_04_who_just_became_leerplichtig_and_has_no_school_is_absoluut() {
    let region = Region::start().await;
    let mut case = since("2026-10-30", absent(region.school));
    case.school = String::new();
    case.child.as_mut().unwrap().birth_date = "2021-10-12".into();
    case.absence.as_mut().unwrap().kind = Kind::Absoluut.into();
    let opened = region.keeper.clone().open_case(region.opening(case)).await.unwrap().into_inner();
    assert_eq!(opened.labels, ["ABSOLUUT_VERZUIM", "THUISZITTER", "ACTUEEL"]);
    let swv = region.server.founded.organisation;
    let (_, keeper) = region.server.person(Role::Thuiszitterscoordinator, swv).await;
    let story = Story(Log { facts: Facts::new(keeper), case: opened.clone(), region });
    let on = async |date: &str| story.0.standing(None, date).await.labels;
    assert_eq!(on("2026-11-01").await, ["ACTUEEL"], "a Sunday; no leerplicht yet");
    assert_eq!(on("2026-11-02").await, opened.labels);
    // No school has the child; gemeente and register do. Four weeks end on the 27th.
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.officer, "child"),
        (&eyes.keeper, "child"),
        (&eyes.iber, "nothing"),
        (&eyes.head, "nothing"),
        (&eyes.smw, "nothing"),
    ])
    .await;
    let soon = "2026-11-27 DUE_SOON";
    eyes.wait("R11", &[(&eyes.officer, soon), (&eyes.keeper, soon), (&eyes.iber, "")]).await;
    eyes.post(&[(eyes.iber.mailbox(), ""), (eyes.head.mailbox(), ""), (PARENTS.into(), "")]).await;
    // The day before those four weeks end, who has to act hears of it; no school does.
    assert_eq!(story.diary("2026-11-26").await, Vec::<String>::new());
    let silent = [&eyes.iber, &eyes.head, &eyes.smw, &eyes.holder];
    let silent: Vec<_> = silent.map(|who| (who.mailbox(), "")).into_iter().collect();
    let told = [(eyes.officer.mailbox(), "tasks"), (eyes.keeper.mailbox(), "tasks"), (PARENTS.into(), "")];
    eyes.post(&[told.as_slice(), &silent].concat()).await;
    // Four weeks at home without a way back make a thuiszitter by what regions agreed too.
    let diary =
        ["11-27 +THUISZITTER_PRAKTIJK", "11-28 R11 OVERDUE", "12-01 R01 OVERDUE", "12-04 R12 DUE_SOON"];
    assert_eq!(story.diary("2026-12-04").await, diary);
    let late = "2026-11-27 OVERDUE";
    eyes.wait("R11", &[(&eyes.officer, late), (&eyes.keeper, late), (&eyes.iber, ""), (&eyes.head, "")])
        .await;
    // The talk with the parents is a school's to hold, and there is none.
    eyes.wait("R01", &[(&eyes.iber, ""), (&eyes.officer, ""), (&eyes.keeper, "")]).await;
    let soon = "2026-12-11 DUE_SOON";
    eyes.wait("R12", &[(&eyes.officer, soon), (&eyes.keeper, soon), (&eyes.iber, ""), (&eyes.head, "")])
        .await;
    eyes.post(&[told.as_slice(), &silent].concat()).await;
    // Enrolled on Monday 7 December: nothing waits for anybody any more.
    assert_eq!(story.diary("2026-12-07").await, Vec::<String>::new());
    let region = &story.0.region;
    let closed = region.close(&opened, pb::CaseOutcome::Ingeschreven, "2026-12-07").await.unwrap();
    assert_eq!(closed.outcome(), pb::CaseOutcome::Ingeschreven);
    for norm in ["R11", "R12"] {
        eyes.wait(norm, &[(&eyes.officer, ""), (&eyes.keeper, "")]).await;
    }
}

/// 9. Four: no leerplicht, so no thuiszitter by any law, though the school is worried.
#[tokio::test]
async fn story_09_a_child_of_four_threatens_to_stay_home_and_is_no_thuiszitter_in_law() {
    let story = Story::of("2022-09-03", Kind::Dreigend, "2026-11-08").await;
    assert_eq!(story.labels().await, ["DREIGEND"]);
    // Told on Sunday 8 November: five school days later is Friday the 13th.
    assert_eq!(story.norm("R01").await, "2026-11-13 OVERDUE");
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.iber, "child"),
        (&eyes.officer, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    let late =
        [(&eyes.iber, "2026-11-13 OVERDUE"), (&eyes.officer, ""), (&eyes.head, ""), (&eyes.keeper, "")];
    eyes.wait("R01", &late).await;
    assert_eq!(story.diary("2027-02-01").await, Vec::<String>::new());
    // Nothing runs towards a day, so nobody hears of one.
    let silent = [&eyes.iber, &eyes.officer, &eyes.head, &eyes.holder];
    eyes.post(&silent.map(|who| (who.mailbox(), ""))).await;
}

/// 11. Seven, on holiday without leave since 25 October, to be told from the first day. Not back on
/// 2 November, so absent without leave from then on; more than four weeks from 23 November.
#[tokio::test]
async fn story_11_a_holiday_without_leave_becomes_long_absence() {
    let story = Story::of("2019-08-20", Kind::Luxe, "2026-10-25").await;
    let [luxe, long] = [pb::DuoKind::L, pb::DuoKind::Lrv].map(i32::from);
    assert_eq!(story.0.standing(None, "2026-11-22").await.duo_kinds, [luxe]);
    assert_eq!(story.0.standing(None, "2026-11-23").await.duo_kinds, [luxe, long]);
    story.told([kind(Kind::Ongeoorloofd, "2026-11-02")]).await;
    let now = story.0.standing(None, "").await;
    let labels = ["LRV", "THUISZITTER", "THUISZITTER_PRAKTIJK", "ACTUEEL"].map(String::from);
    assert_eq!((now.duo_kinds, now.labels), (vec![long], labels.to_vec()), "unbroken since the holiday");
    let eyes = story.eyes().await;
    eyes.see(&[
        (&eyes.officer, "child"),
        (&eyes.iber, "child"),
        (&eyes.head, "absence"),
        (&eyes.smw, "nothing"),
        (&eyes.holder, "nothing"),
    ])
    .await;
    // Four weeks at home: the school, the gemeente and the register act, the head does not.
    let late = story.norm("R11").await;
    assert!(late.ends_with(" OVERDUE"), "{late}");
    let late = late.as_str();
    eyes.wait("R11", &[(&eyes.officer, late), (&eyes.keeper, late), (&eyes.iber, late), (&eyes.head, "")])
        .await;
    eyes.post(&[(PARENTS.into(), ""), (eyes.smw.mailbox(), ""), (eyes.holder.mailbox(), "")]).await;
    // At seven there is no Halt, whoever would send the child there (Sr art. 77e).
    let mut enforcing = Facts::new(eyes.officer.channel.clone());
    let halt = story.0.telling([happened(pb::Moment::HaltReferred, "2026-11-23")]);
    let refused = enforcing.record_facts(halt).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[0].happened.moment: FIELD_INVALID"]);
    // Six weeks end on Sunday 6 December: a week before is a Sunday too, and Friday tells; of Monday's talk
    // with the parents the school.
    assert_eq!(story.diary("2026-11-27").await, ["11-25 T10A OVERDUE"]);
    eyes.post(&[
        (eyes.officer.mailbox(), "tasks"),
        (eyes.keeper.mailbox(), "tasks"),
        (eyes.iber.mailbox(), "tasks"),
        (eyes.head.mailbox(), ""),
        (eyes.smw.mailbox(), ""),
        (eyes.holder.mailbox(), ""),
        (PARENTS.into(), ""),
    ])
    .await;
    let diary = ["11-29 R12 DUE_SOON", "12-01 R01 OVERDUE", "12-07 R12 OVERDUE"];
    assert_eq!(story.diary("2026-12-07").await, diary);
    let late = "2026-12-06 OVERDUE";
    eyes.wait("R12", &[(&eyes.officer, late), (&eyes.keeper, late), (&eyes.iber, ""), (&eyes.head, "")])
        .await;
    // The officer draws up a proces-verbaal, which is told to and seen by nobody else.
    let gemeente = story.0.region.gemeente;
    let drawn_up = [happened(pb::Moment::ProcesVerbaal, "2026-12-07")];
    story.told_by(Role::Leerplichtambtenaar, gemeente, drawn_up).await;
    let read = async |who: &Onlooker| {
        let list = pb::ListFactsRequest { case: story.0.case.name.clone(), ..Default::default() };
        let told = Facts::new(who.channel.clone()).list_facts(list).await.unwrap().into_inner().facts;
        told.iter().filter(|fact| fact.text.contains("proces-verbaal")).count()
    };
    assert_eq!(read(&eyes.officer).await, 1);
    for who in [&eyes.iber, &eyes.head, &eyes.keeper] {
        assert_eq!(read(who).await, 0);
    }
    let events = story.0.region.timeline(&story.0.case).await.events;
    assert!(events.iter().all(|event| !event.text.contains("proces-verbaal")), "{events:?}");
    let everybody = [&eyes.officer, &eyes.keeper, &eyes.iber, &eyes.head, &eyes.smw, &eyes.holder];
    eyes.post(&everybody.map(|who| (who.mailbox(), ""))).await;
    // It brings nobody back: the ladder goes on as without it.
    let diary = ["12-13 R13 DUE_SOON", "12-20 L1", "12-21 R13 OVERDUE"];
    assert_eq!(story.diary("2026-12-21").await, diary);
    eyes.wait("R13", &[(&eyes.keeper, "2026-12-20 OVERDUE"), (&eyes.officer, ""), (&eyes.iber, "")]).await;
}

//! Disputes and objections: T14 to T16.

use super::*;
use crate::thuiszitter::ground::Circumstance;

#[test]
fn t14_a_dispute_is_filed_in_six_weeks_answered_in_two_and_decided_in_ten() {
    // WPO art. 43(3): ten weeks, holidays included: Monday 14 December to Monday 22 February.
    // The procedure of the Geschillencommissie: 16 November to 28 December, 21 December to 4 January.
    for (id, start, on, end, due, after) in [
        ("T14", Moment::DisputeFiled, "2026-12-14", Moment::DisputeOpinion, "2027-02-22", "2027-02-23"),
        ("T14A", Moment::DisputeArose, "2026-11-16", Moment::DisputeFiled, "2026-12-28", "2026-12-29"),
        ("T14B", Moment::ReplyAsked, "2026-12-21", Moment::ReplySent, "2027-01-04", "2027-01-05"),
    ] {
        let facts = child().with(start, on);
        assert_eq!(shown(&facts, id, due), format!("{due} - DUE_SOON"));
        assert_eq!(shown(&facts, id, after), format!("{due} - OVERDUE"));
        assert_eq!(shown(&facts.with(end, due), id, after), format!("{due} {due} MET"));
    }
}

#[test]
fn t15_an_objection_is_decided_in_four_weeks_but_waits_for_the_geschillencommissie() {
    // WPO art. 63(3): four weeks after receipt on Monday 2 November: 30 November.
    let received = child().with(Moment::ObjectionReceived, "2026-11-02");
    assert_eq!(shown(&received, "T15", "2026-11-30"), "2026-11-30 - DUE_SOON");
    assert_eq!(shown(&received, "T15", "2026-12-01"), "2026-11-30 - OVERDUE");
    // WPO art. 43(4): from the day of filing (12 November) up to the day of the opinion (21
    // December), which counts again: 39 days. 30 November and 39 days is 8 January.
    let filed = received.clone().with(Moment::DisputeFiled, "2026-11-12");
    assert_eq!(shown(&filed, "T15", "2026-11-11"), "2026-11-30 - RUNNING");
    assert_eq!(shown(&filed, "T15", "2026-11-12"), "2026-12-01 - SUSPENDED");
    assert_eq!(shown(&filed, "T15", "2026-11-21"), "2026-12-10 - SUSPENDED");
    let opinion = filed.with(Moment::DisputeOpinion, "2026-12-21");
    assert_eq!(shown(&opinion, "T15", "2026-12-21"), "2027-01-08 - RUNNING");
    assert_eq!(shown(&opinion, "T15", "2027-01-08"), "2027-01-08 - DUE_SOON");
    assert_eq!(shown(&opinion, "T15", "2027-01-09"), "2027-01-08 - OVERDUE");
    // Filed before the objection came: the term stands still from its first day, 3 November, for
    // 48 days. Filed after the term had ended: nothing moves.
    let before =
        received.clone().with(Moment::DisputeFiled, "2026-10-30").with(Moment::DisputeOpinion, "2026-12-21");
    assert_eq!(shown(&before, "T15", "2026-12-22"), "2027-01-17 - RUNNING");
    let too_late =
        received.clone().with(Moment::DisputeFiled, "2026-12-01").with(Moment::DisputeOpinion, "2026-12-21");
    assert_eq!(shown(&too_late, "T15", "2026-12-22"), "2026-11-30 - OVERDUE");
    // Awb art. 6:7 and 6:8: six weeks after Friday 13 November end on Eerste Kerstdag, so
    // (Algemene termijnenwet art. 1) on Monday 28 December.
    let public =
        child().given(Circumstance::PublicSchool, "2020-08-01").with(Moment::DecisionAnnounced, "2026-11-13");
    assert_eq!(shown(&public, "T15A", "2026-12-28"), "2026-12-28 - DUE_SOON");
    assert_eq!(shown(&public, "T15A", "2026-12-29"), "2026-12-28 - OVERDUE");
    // WPO art. 40(12): a public-authority school has four weeks from the end of that term, not
    // from receipt: 25 January.
    let public = public.with(Moment::ObjectionReceived, "2026-11-20");
    assert_eq!(shown(&public, "T15", "2026-12-19"), "");
    assert_eq!(shown(&public, "T15B", "2027-01-25"), "2027-01-25 - DUE_SOON");
    assert_eq!(shown(&public, "T15B", "2027-01-26"), "2027-01-25 - OVERDUE");
    assert_eq!(shown(&received, "T15B", "2026-12-01"), "", "a school of a foundation");
    let decided = public.with(Moment::ObjectionDecided, "2027-01-25");
    assert_eq!(shown(&decided, "T15B", "2027-01-26"), "2027-01-25 2027-01-25 MET");
}

#[test]
fn t15_a_dispute_that_ends_without_an_opinion_is_waited_for_no_longer() {
    // Filed on Thursday 12 November, taken back on the 19th, which counts again: seven days, from 30
    // November to 7 December. Neither an opinion nor a reply is due any more.
    let filed = child()
        .with(Moment::ObjectionReceived, "2026-11-02")
        .with(Moment::DisputeFiled, "2026-11-12")
        .with(Moment::ReplyAsked, "2026-11-16");
    assert_eq!(shown(&filed, "T15", "2026-11-19"), "2026-12-08 - SUSPENDED");
    let ended = filed.clone().with(Moment::DisputeEnded, "2026-11-19");
    assert_eq!(shown(&ended, "T15", "2026-11-19"), "2026-12-07 - RUNNING");
    assert_eq!(shown(&ended, "T15", "2026-12-08"), "2026-12-07 - OVERDUE");
    assert_eq!(shown(&ended, "T14", "2026-11-19"), "");
    assert_eq!(shown(&ended, "T14B", "2026-11-19"), "");
    // A reply that was sent, and an opinion that came, stay met.
    let replied = ended.clone().with(Moment::ReplySent, "2026-11-18");
    assert_eq!(shown(&replied, "T14B", "2026-11-20"), "2026-11-30 2026-11-18 MET");
    // Filed anew on 25 November: it stands still again, and ten weeks run to 3 February.
    let anew = ended.with(Moment::DisputeFiled, "2026-11-25");
    assert_eq!(shown(&anew, "T15", "2026-11-25"), "2026-12-08 - SUSPENDED");
    assert_eq!(shown(&anew, "T14", "2026-11-25"), "2027-02-03 - RUNNING");
}

#[test]
fn what_ends_on_the_day_on_which_the_next_begins_is_the_one_before() {
    // Taken back and filed anew on Thursday 19 November: ten weeks to 28 January. The objection stands still
    // from the 12th on: 30 November and fourteen days up to the 25th.
    let received = child().with(Moment::ObjectionReceived, "2026-11-02");
    let filed = received.clone().with(Moment::DisputeFiled, "2026-11-12");
    let anew = filed.with(Moment::DisputeEnded, "2026-11-19").with(Moment::DisputeFiled, "2026-11-19");
    assert_eq!(shown(&anew, "T14", "2026-11-25"), "2027-01-28 - RUNNING");
    assert_eq!(shown(&anew, "T15", "2026-11-25"), "2026-12-14 - SUSPENDED");
    // And once more on the 23rd, and then for good.
    let again = anew.with(Moment::DisputeEnded, "2026-11-23").with(Moment::DisputeFiled, "2026-11-23");
    assert_eq!(shown(&again, "T14", "2026-11-25"), "2027-02-01 - RUNNING");
    let ended = again.with(Moment::DisputeEnded, "2026-11-24");
    assert_eq!(shown(&ended, "T14", "2026-11-25"), "");
    // Filed and taken back on one day, with none before it: nothing runs, nothing stood still.
    let brief = received.with(Moment::DisputeFiled, "2026-11-19").with(Moment::DisputeEnded, "2026-11-19");
    assert_eq!(shown(&brief, "T14", "2026-11-25"), "");
    assert_eq!(shown(&brief, "T15", "2026-11-25"), "2026-11-30 - DUE_SOON");
    // The one before had ended already, by an opinion or by itself.
    for end in [Moment::DisputeOpinion, Moment::DisputeEnded] {
        let second = brief.clone().with(Moment::DisputeFiled, "2026-10-12").with(end, "2026-11-09");
        assert_eq!(shown(&second, "T14", "2026-11-25"), "", "{end}");
    }
    // An application for a toelaatbaarheidsverklaring too: eight weeks from 16 November.
    let applied = child()
        .with(Moment::TlvRequested, "2026-10-30")
        .with(Moment::TlvWithdrawn, "2026-11-16")
        .with(Moment::TlvRequested, "2026-11-16");
    assert_eq!(shown(&applied, "T16", "2026-11-23"), "2027-01-11 - RUNNING");
}

#[test]
fn what_came_on_a_day_was_not_given_up_on_it() {
    let filed = child().with(Moment::DisputeFiled, "2026-11-12").with(Moment::DisputeOpinion, "2026-11-19");
    assert_eq!(
        shown(&filed.with(Moment::DisputeEnded, "2026-11-19"), "T14", "2026-11-25"),
        "2027-01-21 2026-11-19 MET"
    );
}

#[test]
fn an_objection_that_is_taken_back_is_decided_on_by_nobody() {
    let received = child().with(Moment::ObjectionReceived, "2026-11-02");
    let ended = received.with(Moment::ObjectionEnded, "2026-11-16");
    assert_eq!(shown(&ended, "T15", "2026-11-15"), "2026-11-30 - RUNNING");
    assert_eq!(shown(&ended, "T15", "2026-12-01"), "");
    let anew = ended.with(Moment::ObjectionReceived, "2026-11-23");
    assert_eq!(shown(&anew, "T15", "2026-12-01"), "2026-12-21 - RUNNING");
    // The school is one of public authority: the four weeks begin after T15A, and end for nobody too.
    let public = child()
        .given(Circumstance::PublicSchool, "2020-08-01")
        .with(Moment::DecisionAnnounced, "2026-11-13")
        .with(Moment::ObjectionReceived, "2026-11-16");
    assert_ne!(shown(&public, "T15B", "2026-12-01"), "");
    let ended = public.with(Moment::ObjectionEnded, "2026-11-20");
    assert_eq!(shown(&ended, "T15B", "2026-12-01"), "");
    let tlv = child()
        .with(Moment::TlvDecided, "2026-11-02")
        .with(Moment::TlvObjectionReceived, "2026-11-16")
        .with(Moment::TlvObjectionEnded, "2026-11-20");
    assert_ne!(shown(&tlv, "T16B", "2026-11-19"), "");
    assert_eq!(shown(&tlv, "T16B", "2026-11-20"), "");
}

#[test]
fn t16_a_tlv_is_decided_in_eight_weeks_and_an_objection_in_twelve_more() {
    // Awb art. 4:13: eight weeks after Friday 30 October end on Eerste Kerstdag: Monday 28 December.
    let asked = child().with(Moment::TlvRequested, "2026-10-30");
    assert_eq!(shown(&asked, "T16", "2026-12-28"), "2026-12-28 - DUE_SOON");
    assert_eq!(shown(&asked, "T16", "2026-12-29"), "2026-12-28 - OVERDUE");
    // Awb art. 4:15: from the day after 9 November up to the day of completion, the 16th, six
    // days: 25 December and six days is Thursday 31 December, a working day.
    let incomplete = asked.with(Moment::TlvCompletionAsked, "2026-11-09");
    assert_eq!(shown(&incomplete, "T16", "2026-11-09"), "2026-12-28 - RUNNING");
    assert_eq!(shown(&incomplete, "T16", "2026-11-10"), "2026-12-28 - SUSPENDED");
    let complete = incomplete.clone().with(Moment::TlvCompleted, "2026-11-16");
    assert_eq!(shown(&complete, "T16", "2026-11-17"), "2026-12-31 - RUNNING");
    // Awb art. 6:7: six weeks after Monday 28 December: 8 February. Art. 7:10(1) with 7:13: twelve
    // weeks from then: 3 May, after the May holidays; (3): six more: 14 June.
    let decided = complete.with(Moment::TlvDecided, "2026-12-28");
    assert_eq!(shown(&decided, "T16A", "2027-02-08"), "2027-02-08 - DUE_SOON");
    assert_eq!(shown(&decided, "T16A", "2027-02-09"), "2027-02-08 - OVERDUE");
    let objected = decided.with(Moment::TlvObjectionReceived, "2027-01-11");
    assert_eq!(shown(&objected, "T16B", "2027-02-01"), "2027-05-03 - RUNNING");
    assert_eq!(shown(&objected, "T16B", "2027-05-04"), "2027-05-03 - OVERDUE");
    let extended = objected.with(Moment::TlvObjectionExtended, "2027-05-03");
    assert_eq!(shown(&extended, "T16B", "2027-05-04"), "2027-06-14 - RUNNING");
    assert_eq!(shown(&extended, "T16B", "2027-06-15"), "2027-06-14 - OVERDUE");
    // Who takes the application back waits for no decision, until they apply anew.
    let withdrawn = incomplete.with(Moment::TlvWithdrawn, "2026-11-12");
    assert_eq!(shown(&withdrawn, "T16", "2026-11-11"), "2026-12-28 - SUSPENDED");
    assert_eq!(shown(&withdrawn, "T16", "2026-11-12"), "");
    let anew = withdrawn.with(Moment::TlvRequested, "2026-11-16");
    assert_eq!(shown(&anew, "T16", "2026-11-23"), "2027-01-11 - RUNNING");
    // WPO art. 18a(11).
    comes_first(&child(), "T16C", Moment::TlvDecided, Moment::TlvExpertsAdvised);
}

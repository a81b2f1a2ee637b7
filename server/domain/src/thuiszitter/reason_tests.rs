//! The reasons of dates, in words.

use strum::IntoEnumIterator;

use super::*;
use crate::thuiszitter::{
    Deadline, Facts, Profile, Stage, deadlines,
    facts::example::{absent_from, child, day},
    ground::Circumstance,
};

fn reason(facts: &Facts, id: &str, today: &str) -> Reason {
    let profile = Profile::shipped();
    let (found, _) = deadlines(&profile, facts, Stage::Signaal, day(today));
    let of = |deadline: Deadline<'_>| (deadline.norm.id == id).then_some(deadline.reason);
    found.into_iter().find_map(of).unwrap()
}

#[test]
fn a_term_is_told_with_its_start_its_clock_and_its_source() {
    let asked = child().with(Moment::AdmissionRequested, "2027-03-03");
    let reason = reason(&asked, "T02", "2027-03-04");
    assert_eq!(
        reason.text(Language::Dutch),
        "6 weken na 3 maart 2027 (aanmelding). Ook vakantieweken tellen mee. \
         Bron: WPO art. 40(6), profiel 2026-1."
    );
    assert_eq!(
        reason.text(Language::English),
        "6 weeks after 3 March 2027 (application). Weeks of holiday count too. \
         Source: WPO art. 40(6), profile 2026-1."
    );
    assert_eq!((reason.from, reason.from_on), (Start::Moment(Moment::AdmissionRequested), day("2027-03-03")));
}

#[test]
fn a_length_that_its_source_does_not_name_is_told_as_chosen_in_the_language_of_the_reader() {
    let reported = child().with(Moment::ReportedToDuo, "2026-11-23");
    let reason = reason(&reported, "T12", "2026-11-24");
    for (language, ending) in [
        (
            Language::Dutch,
            "Bron: LPW art. 22, profiel 2026-1. De bron noemt geen aantal dagen. De regio heeft deze termijn gekozen.",
        ),
        (
            Language::English,
            "Source: LPW art. 22, profile 2026-1. The source names no number of days. The region chose this term.",
        ),
    ] {
        let text = reason.text(language);
        assert!(text.ends_with(ending), "{text}");
    }
}

#[test]
fn an_extension_a_standstill_and_a_day_off_are_told() {
    let extended =
        child().with(Moment::AdmissionRequested, "2026-12-07").with(Moment::AdmissionExtended, "2027-01-18");
    let text = reason(&extended, "T02", "2027-01-19").text(Language::Dutch);
    assert!(text.contains("Uitstel gemeld op 18 januari 2027: 4 weken erbij."), "{text}");
    let waiting = child()
        .with(Moment::ObjectionReceived, "2026-11-02")
        .with(Moment::DisputeFiled, "2026-11-12")
        .with(Moment::DisputeOpinion, "2026-12-21");
    let told = reason(&waiting, "T15", "2026-12-22");
    assert_eq!(told.stood_still, [(day("2026-11-12"), day("2026-12-20"))]);
    assert!(told.text(Language::Dutch).contains("De termijn stond 39 dagen stil."));
    let off = reason(&child().with(Moment::TlvRequested, "2026-10-30"), "T16", "2026-11-22");
    assert_eq!(off.day_off, Some(day("2026-12-25")));
    assert!(off.text(Language::English).contains("The term ends on 25 December 2026."));
    let young = Facts { birth: Some(day("2023-03-20")), ..child().nowhere("2026-09-01") }
        .with(Moment::AdmissionRequested, "2026-12-07");
    let held = reason(&young, "T03", "2026-12-08").text(Language::Dutch);
    assert!(held.contains("Niet eerder dan 20 maart 2027 (vierde verjaardag)."), "{held}");
    let public = child()
        .given(Circumstance::PublicSchool, "2020-08-01")
        .with(Moment::DecisionAnnounced, "2026-11-13")
        .with(Moment::ObjectionReceived, "2026-11-20");
    let after = reason(&public, "T15B", "2026-12-01");
    assert_eq!(after.from, Start::TermOf("T15A".into()));
    assert!(after.text(Language::Dutch).starts_with("4 weken na 28 december 2026 (einde van termijn T15A)."));
}

#[test]
fn a_date_that_is_missing_says_which_holidays_are() {
    let told = reason(&absent_from("2027-07-12"), "R10", "2027-07-15");
    assert_eq!(told.unknown, ["2027-2028"]);
    assert!(told.text(Language::Dutch).contains("De vakanties van 2027-2028 zijn nog niet bekend."));
}

#[test]
fn every_norm_has_a_reason_in_two_languages_that_names_its_source() {
    let profile = Profile::shipped();
    for norm in &profile.norms {
        let reason = Reason::of(norm, &profile.version, Start::Moment(norm.starts_at), day("2026-11-23"));
        let [dutch, english] = [Language::Dutch, Language::English].map(|language| reason.text(language));
        assert_ne!(dutch, english, "{}", norm.id);
        for text in [&dutch, &english] {
            assert!(text.contains(&norm.basis.source) && text.contains("2026"), "{text}");
            assert!(text.split(". ").all(|sentence| sentence.split(' ').count() <= 30), "{text}");
        }
    }
    for clock in DeadlineClock::iter() {
        let one = length(Term { length: 1, clock }, Language::Dutch);
        assert_ne!(one[1..], length(Term { length: 2, clock }, Language::Dutch)[1..], "{clock}");
    }
}

#[test]
fn a_reason_is_stored_and_read_back() {
    let extended =
        child().with(Moment::AdmissionRequested, "2026-12-07").with(Moment::AdmissionExtended, "2027-01-18");
    let reason = reason(&extended, "T02", "2027-01-19");
    let json = serde_json::to_string(&reason).unwrap();
    assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), reason);
}

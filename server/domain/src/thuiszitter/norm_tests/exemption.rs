//! Exemptions and substitute programmes: V01 to V06.

use super::*;
use crate::{
    thuiszitter::{
        AbsenceKind,
        ground::{Circumstance, ExemptionGround},
    },
    time::Since,
};

#[test]
fn v01_an_exemption_is_told_a_month_before_leerplicht_begins() {
    // LPW art. 6(2) onder a with art. 3(1): five on 10 October, leerplichtig on the first school
    // day of November, Monday the 2nd; a month before that is 2 October.
    let seeking = |birth: &str| Facts {
        birth: Some(day(birth)),
        kinds: Since::always(AbsenceKind::VrijstellingAangevraagd),
        ..child()
    };
    let young = seeking("2021-10-10");
    assert_eq!(shown(&young, "V01", "2026-10-02"), "2026-10-02 - DUE_SOON");
    assert_eq!(shown(&young, "V01", "2026-10-03"), "2026-10-02 - OVERDUE");
    let told = young.clone().with(Moment::ExemptionNotified, "2026-10-02");
    assert_eq!(shown(&told, "V01", "2026-10-03"), "2026-10-02 2026-10-02 MET");
    // Five in December: the first school day of January is Monday the 4th.
    assert_eq!(shown(&seeking("2021-12-24"), "V01", "2026-11-22"), "2026-12-04 - RUNNING");
    let not_seeking = Facts { kinds: Since::default(), ..young };
    assert_eq!(shown(&not_seeking, "V01", "2026-10-03"), "");
    // Who begins to seek at nine is long past the beginning of leerplicht.
    let mut late = seeking("2017-10-10");
    late.kinds = Since::default();
    late.kinds.say(day("2026-09-01"), AbsenceKind::VrijstellingAangevraagd);
    assert_eq!(shown(&late, "V01", "2026-10-03"), "");
}

#[test]
fn v02_an_exemption_is_told_anew_before_the_first_of_july() {
    // LPW art. 6(2) onder b and (3).
    let exempt = |ground| child().exempt(ground, "2026-11-02", "2027-07-31");
    let facts = exempt(ExemptionGround::Art5OnderA).with(Moment::ExemptionNotified, "2026-10-02");
    assert_eq!(
        shown(&facts, "V02", "2026-11-22"),
        "2027-06-30 - RUNNING",
        "the first notice is not the next"
    );
    assert_eq!(shown(&facts, "V02", "2027-06-30"), "2027-06-30 - DUE_SOON");
    assert_eq!(shown(&facts, "V02", "2027-07-01"), "2027-06-30 - OVERDUE");
    let told = facts.clone().with(Moment::ExemptionNotified, "2027-06-30");
    assert_eq!(shown(&told, "V02", "2027-07-01"), "2027-06-30 2027-06-30 MET");
    let never = facts.given(Circumstance::NeverAble, "2026-10-01");
    assert_eq!(shown(&never, "V02", "2027-07-01"), "");
    for (ground, yearly) in [
        (ExemptionGround::Art5aTrekkend, true),
        (ExemptionGround::Art15AnderOnderwijs, false),
        (ExemptionGround::Art3a, false),
    ] {
        assert_eq!(!shown(&exempt(ground), "V02", "2026-11-22").is_empty(), yearly, "{ground}");
    }
}

#[test]
fn v01_and_v02_wait_for_no_notice_of_what_was_given_up_until_it_is_sought_anew() {
    // V02 opens on 1 January 2027: what was given up before that was the notice of the first year.
    let exempt = child()
        .exempt(ExemptionGround::Art5OnderA, "2026-11-02", "2027-07-31")
        .with(Moment::ExemptionGivenUp, "2026-09-15")
        .with(Moment::ExemptionNotified, "2026-10-02");
    assert_eq!(shown(&exempt, "V02", "2027-03-01"), "2027-06-30 - RUNNING");
    let sought = exempt.with(Moment::ExemptionSought, "2027-03-02").with(Moment::DoctorStated, "2027-03-15");
    let given_up = sought.clone().with(Moment::ExemptionGivenUp, "2027-04-12");
    assert_eq!(shown(&given_up, "V02", "2027-04-11"), "2027-06-30 - RUNNING");
    assert_eq!(shown(&given_up, "V02", "2027-04-12"), "");
    assert_eq!(shown(&given_up, "V02", "2027-07-01"), "");
    // On the day of the statement too.
    let at_once = sought.with(Moment::ExemptionGivenUp, "2027-03-15");
    assert_eq!(shown(&at_once, "V02", "2027-07-01"), "");
    // What is sought anew, that day or later, is waited for again; a notice after all meets it.
    for on in ["2027-04-12", "2027-05-03"] {
        let anew = given_up.clone().with(Moment::ExemptionSought, on);
        assert_eq!(shown(&anew, "V02", "2027-07-01"), "2027-06-30 - OVERDUE", "{on}");
    }
    let told = given_up.with(Moment::ExemptionNotified, "2027-06-01");
    assert_eq!(shown(&told, "V02", "2027-07-01"), "2027-06-30 2027-06-01 MET");
    // Five on 10 October: V01 is due on 2 October.
    let young = Facts {
        birth: Some(day("2021-10-10")),
        kinds: Since::always(AbsenceKind::VrijstellingAangevraagd),
        ..child()
    };
    let given_up =
        young.with(Moment::ExemptionSought, "2026-08-31").with(Moment::ExemptionGivenUp, "2026-09-14");
    assert_eq!(shown(&given_up, "V01", "2026-09-13"), "2026-10-02 - RUNNING");
    assert_eq!(shown(&given_up, "V01", "2026-10-03"), "");
    let anew = given_up.with(Moment::ExemptionSought, "2026-09-21");
    assert_eq!(shown(&anew, "V01", "2026-10-03"), "2026-10-02 - OVERDUE");
}

#[test]
fn v03_a_doctors_statement_lasts_three_months() {
    // LPW art. 7: signed on 2 September, 81 days old on 22 November, too old after 2 December.
    let stated = child().with(Moment::DoctorStated, "2026-09-02");
    assert_eq!(shown(&stated, "V03", "2026-11-22"), "2026-12-02 - RUNNING");
    assert_eq!(shown(&stated, "V03", "2026-12-02"), "2026-12-02 - DUE_SOON");
    assert_eq!(shown(&stated, "V03", "2026-12-03"), "2026-12-02 - OVERDUE");
    let leap = child().with(Moment::DoctorStated, "2027-11-30");
    assert_eq!(shown(&leap, "V03", "2028-02-29"), "2028-02-29 - DUE_SOON");
    // It grows old for nobody once parents rely on it no more; what was handed over in time, was.
    let given_up = stated.with(Moment::ExemptionGivenUp, "2026-11-20");
    assert_eq!(shown(&given_up, "V03", "2026-12-03"), "");
    let told = given_up.with(Moment::ExemptionNotified, "2026-11-02");
    assert_eq!(shown(&told, "V03", "2026-12-03"), "2026-12-02 2026-11-02 MET");
}

#[test]
fn v04_to_v06_a_substitute_programme_is_decided_on_told_and_prolonged_in_time() {
    // LPW art. 3a(4) and 3b(5): four weeks after Friday 27 November end on Eerste Kerstdag: Monday
    // 28 December; the copy two weeks after Wednesday 23 December: 6 January.
    let asked = child().with(Moment::SubstituteAsked, "2026-11-27");
    assert_eq!(shown(&asked, "V04", "2026-12-28"), "2026-12-28 - DUE_SOON");
    assert_eq!(shown(&asked, "V04", "2026-12-29"), "2026-12-28 - OVERDUE");
    let withdrawn = asked.clone().with(Moment::SubstituteWithdrawn, "2026-12-07");
    assert_eq!(shown(&withdrawn, "V04", "2026-12-29"), "", "no decision comes");
    let decided = asked.with(Moment::SubstituteDecided, "2026-12-23");
    assert_eq!(shown(&decided, "V05", "2027-01-06"), "2027-01-06 - DUE_SOON");
    assert_eq!(shown(&decided, "V05", "2027-01-07"), "2027-01-06 - OVERDUE");
    // LPW art. 3a(5): at least eight weeks before 31 July 2027: 5 June, a Saturday that stays one
    // (Algemene termijnenwet art. 1(2)).
    let ends = child().with(Moment::SubstituteEnds, "2027-07-31");
    assert_eq!(shown(&ends, "V06", "2027-06-05"), "2027-06-05 - DUE_SOON");
    assert_eq!(shown(&ends, "V06", "2027-06-06"), "2027-06-05 - OVERDUE");
}

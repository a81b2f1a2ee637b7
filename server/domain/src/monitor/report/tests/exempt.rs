//! Cases that are closed as exempt, beside the exemptions that the telling counts.

use super::*;

/// What is closed as exempt is exempt in the telling of that year too: both follow the facts, on the day of the
/// evidence and on that of the closing.
#[test]
fn a_case_closed_as_exempt_counts_as_such_only_where_the_telling_counts_the_exemption() {
    let of = |(ground, until), outcome: Outcome| {
        let days = Validity::new(day("2026-08-01"), Some(day(until))).unwrap();
        let mut said = summer();
        said.truncate(4);
        said.extend([
            Said::Exempt(Exemption { ground, days }),
            Said::Step(day("2026-10-05"), Event::OutcomeRecorded),
            Said::Ended(day("2026-09-30"), outcome),
        ]);
        counted(Kind::Jaarverslag, said, "2026-06-02", year("2026-09-01"))
    };
    let found = of((ExemptionGround::Art5OnderA, "2027-07-31"), Outcome::Vrijstelling5OnderA);
    assert!(has(&found, &[Figure::CasesExempt, Figure::Vrijstelling5OnderA]), "{found:?}");
    for (held, outcome) in [
        ((ExemptionGround::Art5OnderA, "2027-07-31"), Outcome::Vrijstelling5aTrekkend),
        ((ExemptionGround::Art5OnderA, "2026-09-29"), Outcome::Vrijstelling5OnderA),
        ((ExemptionGround::Art5OnderA, "2026-10-04"), Outcome::Vrijstelling5OnderA),
    ] {
        let found = of(held, outcome);
        assert!(has(&found, &[Figure::CasesOtherwise]), "{held:?} {found:?}");
        assert!(!found.contains(&Figure::CasesExempt), "{held:?} {found:?}");
    }
}

//! What is closed as exempt is exempt in the telling too.

use schakel_proto::v1 as pb;

use super::{asked, cases_of, report, tell, total};
use crate::monitor::Region;

#[tokio::test]
async fn a_case_closed_as_exempt_is_one_in_the_annual_report_the_telling_and_the_list() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-09-14").await;
    let exemption = pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
        from_date: "2026-11-16".into(),
        until_date: "2027-07-31".into(),
    };
    tell(&region, &case, vec![pb::fact::Said::Exemption(exemption)]).await;
    region.close(&case.name, pb::CaseOutcome::Vrijstelling5OnderA, "2026-11-20").await;
    for (kind, name, count) in [
        (pb::ReportKind::Jaarverslag, "CASES_EXEMPT", 1),
        (pb::ReportKind::Jaarverslag, "CASES_SOLVED", 0),
        (pb::ReportKind::Jaarverslag, "CASES_OTHERWISE", 0),
        (pb::ReportKind::Jaarverslag, "VRIJSTELLING_5_ONDER_A", 1),
        (pb::ReportKind::Leerplichttelling, "VRIJSTELLING_5_ONDER_A", 1),
        (pb::ReportKind::Thuiszitters, "LISTED_EXEMPT", 1),
        (pb::ReportKind::Thuiszitters, "LISTED_SOLVED", 0),
    ] {
        let found = report(&region.keeper, asked(kind)).await;
        assert_eq!(total(&found, name), Some(count), "{kind:?} {name}");
        let cases = cases_of(&region.keeper, kind, name).await.unwrap();
        assert_eq!(cases, vec![case.name.clone(); usize::try_from(count).unwrap()], "{kind:?} {name}");
    }
}

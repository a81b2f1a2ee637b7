//! Figures as a beleidsmedewerker meets them in a real browser: of the last month, without small numbers.

use schakel_client::v1 as pb;
use schakel_tests::program::Program;
use serde_json::json;

use super::{Stage, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_beleidsmedewerker_sees_the_last_month_without_small_numbers_and_takes_it_along() {
    const NAME: &str = "a_beleidsmedewerker_sees_the_last_month_without_small_numbers_and_takes_it_along";
    let Some(stage) = Stage::set_with(NAME, Program::start_with_past) else { return };
    let seen = stage.walk("policy", &json!({}));

    let person = stage.program.as_person("beleidsmedewerker").await;
    let ask = pb::ExportMonitorRequest {
        group_by: pb::MonitorGroup::Gemeente.into(),
        format: pb::MonitorFormat::Csv.into(),
        ..Default::default()
    };
    let told = person.monitor().export_monitor(ask).await.unwrap().into_inner();
    assert_eq!(seen["name"], told.file_name);
    assert_eq!(
        seen["csv"],
        json!(String::from_utf8(told.content).unwrap()),
        "the file is what the API gives"
    );
    let shown = text(&seen["told"]);
    assert!(shown.contains("31 oktober 2026") && shown.contains("afgerond op 5"), "{shown}");
    let total = seen["rows"].as_array().unwrap().last().unwrap();
    assert_eq!(total[0], "Totaal");
    let open: u32 = text(&total[1]).parse().unwrap();
    assert!(open >= 10 && open.is_multiple_of(5), "{total}");
    assert!(shown.contains("te weinig kinderen om te tonen"), "{shown}");
    assert_eq!(seen["months"].as_array().unwrap().len(), 12);
    assert_eq!(seen["drawn"], json!([true, true]), "how long it takes, and the bands");
    assert_eq!(seen["cases"], 0);
    assert_eq!(seen["print"], json!({ "paper": true, "table": true, "form": false, "menu": false }));
}

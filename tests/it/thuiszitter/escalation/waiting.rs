//! What was decided with doorzettingsmacht waits for somebody, until it is found carried out.

use chrono::TimeDelta;
use pb::{decision::State, task_service_client::TaskServiceClient, timeline::deadline};
use schakel_domain::{access::Role, ids::OrganisationId};
use schakel_proto::v1 as pb;
use schakel_tests::{As, workplace::signed_in};

use super::{Escalations, Ladder, deciding};

/// The decisions that wait for somebody.
async fn waits(by: &As) -> Vec<pb::Task> {
    let kinds = vec![pb::task::Kind::Decision.into()];
    let ask = pb::ListTasksRequest { kinds, ..Default::default() };
    TaskServiceClient::new(by.clone()).list_tasks(ask).await.unwrap().into_inner().tasks
}

/// Decided today that the school has to do something within three weeks.
async fn decided(ladder: &Ladder) -> pb::Decision {
    ladder.raise(&ladder.keeper, 3).await.unwrap();
    let school = OrganisationId(ladder.region.school.0);
    let wish = deciding(&ladder.region.server, &ladder.case.name, (ladder.holder.0, school));
    Escalations::new(ladder.keeper.clone()).decide_doorzettingsmacht(wish).await.unwrap().into_inner()
}

#[tokio::test]
async fn e04_a_decision_waits_for_who_has_to_do_it_and_from_its_last_day_for_who_looks_whether_it_was_done() {
    let ladder = Ladder::start().await;
    let clock = &ladder.region.server.clock;
    let decision = decided(&ladder).await;
    for by in [&ladder.iber, &ladder.head] {
        let tasks = waits(by).await;
        let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
        assert_eq!(
            (task.case.as_str(), task.action.as_str()),
            (ladder.case.name.as_str(), decision.name.as_str())
        );
        assert_eq!((task.due_date.as_str(), task.state()), ("2026-12-14", deadline::State::Running));
        assert_eq!(task.text, "Uw organisatie moet een besluit met doorzettingsmacht uitvoeren.");
    }
    assert!(waits(&ladder.keeper).await.is_empty(), "there is time");
    assert!(waits(&ladder.officer).await.is_empty());

    clock.advance(TimeDelta::days(21));
    let last = waits(&ladder.keeper).await;
    assert_eq!((last.len(), last[0].state()), (1, deadline::State::DueSoon), "on its last day");
    assert_eq!(last[0].text, "Kijk of het besluit met doorzettingsmacht is uitgevoerd.");
    assert_eq!(waits(&ladder.holder.1).await.len(), 1, "who decided looks too");
    clock.advance(TimeDelta::days(3));
    assert_eq!(waits(&ladder.keeper).await[0].state(), deadline::State::Overdue);
    assert_eq!(waits(&ladder.iber).await[0].state(), deadline::State::Overdue, "it is still to be done");
    assert!(waits(&ladder.officer).await.is_empty(), "who may not check it is not asked to");

    // Found not done it waits on; found done it waits for nobody.
    let looked = ladder.check(&decision, State::NotComplied).await.unwrap();
    assert_eq!((waits(&ladder.keeper).await.len(), waits(&ladder.head).await.len()), (1, 1));
    ladder.check(&looked, State::Complied).await.unwrap();
    for by in [&ladder.keeper, &ladder.iber, &ladder.head] {
        assert!(waits(by).await.is_empty());
    }
}

#[tokio::test]
async fn e04_a_decision_that_is_late_stands_on_the_page_of_today_of_school_and_coordinator() {
    let ladder = Ladder::start().await;
    let server = &ladder.region.server;
    decided(&ladder).await;
    server.clock.advance(TimeDelta::days(24));
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.0;
    let school = server.person(Role::Iber, ladder.region.school).await.0;
    let way = format!("href=\"/{}\"", ladder.case.name);
    for (person, text) in [
        (keeper, "Kijk of het besluit met doorzettingsmacht is uitgevoerd."),
        (school, "Uw organisatie moet een besluit met doorzettingsmacht uitvoeren."),
    ] {
        let page = signed_in(server, person).await.get("/today").await;
        assert!(page.status == 200 && page.body.contains(&way), "{}", page.body);
        let (_, rest) = page.body.split_once(text).unwrap_or_else(|| panic!("{text}: {}", page.body));
        let (row, _) = rest.split_once("</li>").unwrap();
        assert!(row.contains("14 december 2026") && row.contains("te laat"), "{row}");
    }
}

#[tokio::test]
async fn e04_a_decision_about_a_case_that_is_put_aside_waits_for_nobody() {
    let ladder = Ladder::start().await;
    decided(&ladder).await;
    ladder.hold(Some("RESTRICTED")).await;
    ladder.region.server.clock.advance(TimeDelta::days(24));
    assert!(waits(&ladder.keeper).await.is_empty() && waits(&ladder.iber).await.is_empty());
}

//! The views of the parties stand side by side, each answered and none changed.

use pb::case_view::About;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};
use sea_orm::ConnectionTrait;

use super::{Escalations, Ladder};

const PARENT: &str = "Wij denken dat twee uur per dag te veel is.";
const CHILD: &str = "Ik wil eerst alleen met juf Sterre praten.";
const SCHOOL: &str = "Wij kunnen met een uur beginnen.";

#[tokio::test]
async fn e13_the_views_of_the_parties_stand_side_by_side_and_are_only_added_to() {
    let ladder = Ladder::start().await;
    let parent = ladder.case.parents[0].person.clone();
    let of_parent = pb::RecordViewRequest {
        about: About::Plan.into(),
        person: parent.clone(),
        organisation: String::new(),
        text: PARENT.into(),
        ..ladder.saying()
    };
    let mut iber = Escalations::new(ladder.iber.clone());
    let said = iber.record_view(of_parent.clone()).await.unwrap().into_inner();
    assert_eq!(iber.record_view(of_parent).await.unwrap().into_inner(), said, "the same request again");
    let school = ladder.region.school;
    let of_gemeente =
        pb::RecordViewRequest { organisation: ladder.region.gemeente.to_string(), ..ladder.saying() };
    let second = ladder.say(&ladder.officer, of_gemeente).await.unwrap();
    let answer =
        ladder.answer(&ladder.iber, &said, (String::new(), Some(school.into()), SCHOOL)).await.unwrap();
    assert_eq!((answer.answers.as_str(), answer.about()), (said.name.as_str(), About::Plan));
    ladder.answer(&ladder.officer, &said, (parent.clone(), None, "Dat is goed.")).await.unwrap();
    let refused = ladder.answer(&ladder.iber, &answer, (parent, None, "Nee.")).await.unwrap_err();
    assert_eq!(violations(&refused), ["view: FIELD_INVALID"], "an answer is to the view");

    let views = ladder.views(&ladder.keeper).await.unwrap();
    let names: Vec<_> = views.iter().map(|view| view.name.as_str()).collect();
    assert_eq!(names, [said.name.as_str(), second.name.as_str()], "side by side");
    assert_eq!((views[0].text.as_str(), views[0].role()), (PARENT, pb::Role::Iber));
    let answers: Vec<_> = views[0].rejoinders.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(answers, [SCHOOL, "Dat is goed."]);
    assert!(views[1].rejoinders.is_empty());
    let timeline = ladder.region.timeline(&ladder.case).await;
    assert_eq!(timeline.events.last().unwrap().kind, "VIEW_ANSWERED");
    assert!(timeline.events.iter().all(|event| !event.text.contains(PARENT) && !event.text.contains(SCHOOL)));

    let rows = ladder.region.server.rows().await;
    for statement in ["UPDATE case_view SET role = 'X'", "DELETE FROM case_view"] {
        let refused = rows.execute_unprepared(statement).await.unwrap_err().to_string();
        assert!(refused.contains("APPEND_ONLY"), "{refused}");
    }
    rows.close().await.unwrap();
}

#[tokio::test]
async fn e13_a_view_is_about_a_decision_of_this_case_and_of_a_party_to_it() {
    let ladder = Ladder::start().await;
    ladder.raise(&ladder.keeper, 3).await.unwrap();
    let decision = ladder.decide(&ladder.keeper).await.unwrap();
    let about = |decision: &str| pb::RecordViewRequest {
        about: About::Decision.into(),
        decision: decision.to_owned(),
        ..ladder.saying()
    };
    let view = ladder.say(&ladder.head, about(&decision.name)).await.unwrap();
    assert_eq!((view.decision, view.about), (decision.name.clone(), About::Decision.into()));
    let refused = ladder.say(&ladder.keeper, about("")).await.unwrap_err();
    assert_eq!(violations(&refused), ["decision: FIELD_REQUIRED"]);
    let wrong = pb::RecordViewRequest { about: About::Plan.into(), ..about(&decision.name) };
    let refused = ladder.say(&ladder.keeper, wrong).await.unwrap_err();
    assert_eq!(violations(&refused), ["decision: FIELD_INVALID"]);
    let gone = about(&format!("decisions/{}", uuid::Uuid::from_u128(7)));
    assert_eq!(reason(&ladder.say(&ladder.keeper, gone).await.unwrap_err()), "DECISION_NOT_FOUND");
    let child = crate::thuiszitter::named("Bram Tuinman", crate::thuiszitter::absent(ladder.region.school));
    let other = ladder.region.open(child).await;
    let elsewhere = pb::RecordViewRequest { case: other.name, ..about(&decision.name) };
    assert_eq!(reason(&ladder.say(&ladder.keeper, elsewhere).await.unwrap_err()), "DECISION_NOT_FOUND");
    let of = |person: &str, organisation: &str| pb::RecordViewRequest {
        person: person.to_owned(),
        organisation: organisation.to_owned(),
        ..ladder.saying()
    };
    let stranger = other.parents[0].person.clone();
    let refused = ladder.say(&ladder.keeper, of(&stranger, "")).await.unwrap_err();
    assert_eq!(violations(&refused), ["person: FIELD_INVALID"]);
    let refused = ladder.say(&ladder.keeper, of("", "")).await.unwrap_err();
    assert_eq!(violations(&refused), ["person: FIELD_REQUIRED"]);
}

/// The matrix of data classes: what is about education is K4, a child's own words are K9.
#[tokio::test]
async fn e13_the_childs_own_words_are_for_who_hears_the_child_and_a_view_of_ones_own_needs_no_consent() {
    let ladder = Ladder::start().await;
    let child = ladder.case.child.clone().unwrap().person;
    let own = pb::RecordViewRequest {
        person: child,
        organisation: String::new(),
        text: CHILD.into(),
        ..ladder.saying()
    };
    assert_eq!(reason(&ladder.say(&ladder.keeper, own.clone()).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    let said =
        ladder.say(&ladder.iber, pb::RecordViewRequest { request_id: ladder.id(), ..own }).await.unwrap();
    assert_eq!(ladder.views(&ladder.officer).await.unwrap()[0].text, CHILD);
    assert!(ladder.views(&ladder.keeper).await.unwrap().is_empty());
    let hidden = ladder
        .answer(&ladder.keeper, &said, (String::new(), Some(ladder.region.gemeente), SCHOOL))
        .await
        .unwrap_err();
    assert_eq!(reason(&hidden), "CASE_VIEW_NOT_FOUND");

    let server = &ladder.region.server;
    let team = server.organisation("TEAM", "T01").await;
    let (helper, client) = server.person(Role::Smw, team).await;
    server.invite(ladder.case.name.parse().unwrap(), helper).await;
    ladder.say(&ladder.iber, ladder.saying()).await.unwrap();
    assert!(ladder.views(&client).await.unwrap().is_empty(), "no consent opens it");
    assert_eq!(reason(&ladder.say(&client, ladder.saying()).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    let own = pb::RecordViewRequest { organisation: team.to_string(), ..ladder.saying() };
    let own = ladder.say(&client, own).await.unwrap();
    assert_eq!(ladder.views(&client).await.unwrap(), [own]);
    assert_eq!(ladder.views(&ladder.iber).await.unwrap().len(), 3);
}

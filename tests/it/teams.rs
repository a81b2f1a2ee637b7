//! Who could come soonest, who came before, how many must come: the search beyond one table.

use schakel_domain::{
    availability::Site,
    ids::{CaseId, ConsultationId, PersonId},
    time::Period,
};
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{Grant, Worker, circle},
    availability::busy::{self, Booking},
};
use schakel_tests::{reason, statements, violations};
use tonic::Code;

use crate::region::{Region, hour, new_team, person, role, shown};

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");

fn codes(slot: &pb::Slot) -> Vec<&str> {
    slot.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// Seats somebody at a meeting about a case between two instants.
async fn sits(region: &Region, case: CaseId, who: PersonId, (from, until): (&str, &str)) {
    let (app, grant) = (&region.server.app, Grant::worker(Worker::Setup, region.server.founded.region));
    let meeting = ConsultationId(app.ids.next(app.now()));
    let taken = &Booking {
        id: meeting.0,
        time: Period::new(from.parse().unwrap(), until.parse().unwrap()).unwrap(),
        seats: vec![(who.into(), Site::Remote)],
        expires: None,
    };
    app.write(&grant, None, |tx| async move {
        busy::change(&tx, None, Some(taken)).await?;
        circle::invite(&tx, case, meeting, &[who]).await
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn x01_teams_are_compared_by_who_could_come_soonest() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let near = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &near, None).await;
    region.away(&near, "2026-11-23", "2026-11-25").await;
    let second = new_team(&region.server, "T2", "WK990102").await;
    let other = region.full_time("SMW2", &second, pb::Role::Smw).await;
    let third = new_team(&region.server, "T3", "WK990103").await;
    region.somebody("SMW3", &third, pb::Role::Smw).await;
    new_team(&region.server, "T4", "WK990104").await;
    let mut finder = region.coordinator().await;
    let search = hour(&region.school, vec![person(&ib.name), role(pb::Role::Smw)], WEEK);
    let ask = pb::CompareTeamsRequest { search: Some(search.clone()), teams: Vec::new() };
    let (compared, few) = statements(finder.compare_teams(ask.clone())).await;
    let teams = compared.unwrap().into_inner().teams;
    let order: Vec<_> = teams.iter().map(|team| team.display_name.as_str()).collect();
    assert_eq!(order, ["Team T2", "Team T1", "Team T3"], "who has nobody for it is no choice");
    let first = |at: usize| shown(teams[at].slots[0].start_time.as_ref());
    assert_eq!((first(0), first(1)), ("Tue 24-11 08:15".to_owned(), "Thu 26-11 08:15".to_owned()));
    assert_eq!(teams[0].slots[0].seats[1].person, other.name);
    assert!(codes(&teams[1].slots[0]).contains(&"LINK_PERSON"));
    assert_eq!((teams[2].slots.len(), teams[2].obstacles[0].reason.as_str()), (0, "NO_HOURS"));
    let told = &teams[2].obstacles[0].text;
    assert!(told.ends_with("heeft geen werktijden in het register."), "nobody entered any: {told}");

    let only = pb::CompareTeamsRequest { teams: vec![region.team.clone()], ..ask.clone() };
    let only = finder.compare_teams(only).await.unwrap().into_inner().teams;
    assert_eq!(only, teams[1..2]);
    for at in 5..9 {
        let team = new_team(&region.server, &format!("T{at}"), "WK990105").await;
        region.full_time(&format!("SMW{at}"), &team, pb::Role::Smw).await;
    }
    let (more, many) = statements(finder.compare_teams(ask.clone())).await;
    assert_eq!((more.unwrap().into_inner().teams.len(), many.len()), (7, few.len()), "{many:#?}");

    let unknown = "teams/00000000-0000-7000-8000-000000000001".to_owned();
    let refused =
        finder.compare_teams(pb::CompareTeamsRequest { teams: vec![unknown], ..ask }).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "TEAM_NOT_FOUND"));
    let refused = finder.compare_teams(pb::CompareTeamsRequest::default()).await.unwrap_err();
    assert_eq!(violations(&refused), ["search: FIELD_REQUIRED"]);
    let named = pb::FindSlotsRequest { seats: vec![person(&ib.name)], ..search };
    let refused = finder
        .compare_teams(pb::CompareTeamsRequest { search: Some(named), teams: Vec::new() })
        .await
        .unwrap_err();
    assert_eq!(violations(&refused), ["search.seats: FIELD_REQUIRED"]);
}

#[tokio::test]
async fn a06_who_helped_the_same_child_before_comes_before_the_link_person() {
    let region = Region::start().await;
    let link = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    let deputy = region.full_time("SMW2", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &link, Some(&deputy)).await;
    let (case, _) = region.case().await;
    let mut finder = region.coordinator().await;
    let ask = pb::FindSlotsRequest { case, ..hour(&region.school, vec![role(pb::Role::Smw)], WEEK) };
    let before = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    assert_eq!(before.slots[0].seats[0].person, link.name);
    let (case, helper): (CaseId, PersonId) = (ask.case.parse().unwrap(), deputy.name.parse().unwrap());
    sits(&region, case, helper, ("2026-12-07T09:00:00Z", "2026-12-07T10:00:00Z")).await;
    let planned = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    assert_eq!(planned.slots[0].seats[0].person, link.name, "who is to come has not helped yet");
    assert!(!planned.slots.iter().any(|slot| codes(slot).contains(&"SAME_HELPER")));
    sits(&region, case, helper, ("2026-11-16T09:00:00Z", "2026-11-16T10:00:00Z")).await;
    let after = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    assert_eq!(after.slots[0].seats[0].person, deputy.name);
    assert!(codes(&after.slots[0]).contains(&"SAME_HELPER"));
    let excluded = pb::FindSlotsRequest { excluded: vec![deputy.name.clone()], ..ask };
    let without = finder.find_slots(excluded).await.unwrap().into_inner();
    assert_eq!(without.slots[0].seats[0].person, link.name, "who is not to come does not");
}

#[tokio::test]
async fn x01_a_quorum_of_optional_people_is_kept_and_told_when_it_is_not_met() {
    let region = Region::start().await;
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let one = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    region.hours(&one, 2, ("09:00", "10:00")).await;
    let other = region.somebody("SMW2", &region.team, pb::Role::Smw).await;
    region.hours(&other, 4, ("09:00", "10:00")).await;
    let mut finder = region.coordinator().await;
    let optional = |name: &str, weight| pb::Seat { optional: true, weight, ..person(name) };
    let seats = vec![person(&ib.name), optional(&one.name, 10), optional(&other.name, 20)];
    let ask = |quorum| pb::FindSlotsRequest { quorum, ..hour(&region.school, seats.clone(), WEEK) };
    let found = finder.find_slots(ask(2)).await.unwrap().into_inner();
    let mut starts: Vec<String> = found.slots.iter().map(|slot| shown(slot.start_time.as_ref())).collect();
    starts.sort_unstable();
    assert_eq!(starts, ["Thu 26-11 09:00", "Tue 24-11 09:00"]);
    let missing = found.slots[0].reasons.iter().filter(|reason| reason.code == "OPTIONAL_MISSING");
    assert_eq!(missing.map(|reason| reason.points).sum::<i32>(), -10, "Thursday is later but misses less");
    let none = finder.find_slots(ask(3)).await.unwrap().into_inner();
    let told: Vec<_> = none.obstacles.iter().map(|cause| (cause.reason.as_str(), cause.slots > 0)).collect();
    assert_eq!(told, [("QUORUM", true)]);
}

#[tokio::test]
async fn x01_the_smallest_set_that_must_give_way_is_told_with_its_nearest_times() {
    let region = Region::start().await;
    let mut seats = Vec::new();
    for (code, weekday) in [("SMW1", 2), ("SMW2", 3), ("SMW3", 4)] {
        let who = region.somebody(code, &region.team, pb::Role::Smw).await;
        region.hours(&who, weekday, ("09:00", "12:00")).await;
        seats.push(person(&who.name));
    }
    let mut finder = region.coordinator().await;
    let found = finder.find_slots(hour(&region.school, seats, WEEK)).await.unwrap().into_inner();
    let pairs: Vec<_> = found.obstacles.iter().map(|cause| cause.seats.clone()).collect();
    assert_eq!(pairs, [vec![1, 2], vec![0, 2], vec![0, 1]], "each pair frees one morning");
    let nearest: Vec<_> = found.obstacles.iter().map(|cause| shown(cause.without_it.first())).collect();
    assert_eq!(nearest, ["Tue 24-11 09:00", "Wed 25-11 09:00", "Thu 26-11 09:00"]);
    assert!(found.obstacles.iter().all(|cause| cause.reason == "TOGETHER" && cause.slots == 9));
}

//! Year plans: proposed and booked for many tables in one call, whole or in parts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use schakel_proto::v1::{
    self as pb, plan_seat::Who, planned_meeting::Result as Done,
    year_plan_service_client::YearPlanServiceClient,
};
use schakel_tests::{As, reason, violations};

use crate::region::{Region, Somebody, new_school};

mod cycle;
mod steps;
mod whole;

type Plans = YearPlanServiceClient<As>;

fn role(role: pb::Role) -> pb::PlanSeat {
    pb::PlanSeat { who: Some(Who::Role(role.into())), ..Default::default() }
}

fn each(role: pb::Role) -> pb::PlanSeat {
    pb::PlanSeat { who: Some(Who::Role(role.into())), each_school: true, ..Default::default() }
}

fn person(who: &str) -> pb::PlanSeat {
    pb::PlanSeat { who: Some(Who::Person(who.to_owned())), ..Default::default() }
}

/// Six meetings of an hour and a half for every cluster in the school year 2026-2027.
fn six(region: &Region, seats: Vec<pb::PlanSeat>) -> pb::PlanYearRequest {
    pb::PlanYearRequest {
        kind: pb::consultation::Kind::Rok.into(),
        by: pb::plan_year_request::By::Cluster.into(),
        seats,
        school_year: "2026-2027".into(),
        meetings: 6,
        duration: Some(prost_types::Duration { seconds: 5400, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: region.server.request_id(),
        ..Default::default()
    }
}

/// A cluster of these schools.
async fn cluster(region: &Region, code: &str, schools: &[&str]) -> String {
    let member = |school: &&str| pb::cluster::Member {
        school: (*school).to_owned(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let cluster = pb::Cluster {
        code: code.into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: format!("ROK {code}"),
        members: schools.iter().map(member).collect(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let request = pb::CreateClusterRequest { cluster: Some(cluster), request_id: region.server.request_id() };
    region.server.directory().create_cluster(request).await.unwrap().into_inner().name
}

/// Two clusters of two schools each, an IB'er at every school, one social worker for all and a
/// chair of the samenwerkingsverband who sits in both.
struct Two {
    region: Region,
    plans: Plans,
    clusters: Vec<String>,
    schools: Vec<String>,
    ibers: Vec<Somebody>,
    chair: Somebody,
}

impl Two {
    async fn start() -> Self {
        let region = Region::start().await;
        let mut schools = vec![region.school.clone()];
        for code in ["90AB00", "90AC00", "90AD00"] {
            schools.push(new_school(&region.server, code, "WK990101").await);
        }
        let smw = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
        for school in &schools {
            let link = pb::SchoolTeamLink {
                school: school.clone(),
                team: region.team.clone(),
                role: pb::Role::Smw.into(),
                person: smw.name.clone(),
                valid_from: "2026-08-01".into(),
                ..Default::default()
            };
            let request = pb::CreateSchoolTeamLinkRequest {
                school_team_link: Some(link),
                request_id: region.server.request_id(),
            };
            region.server.directory().create_school_team_link(request).await.unwrap();
        }
        let mut ibers = Vec::new();
        for (at, school) in schools.iter().enumerate() {
            let iber = region.somebody(&format!("IB{at}"), school, pb::Role::Iber).await;
            for weekday in [2, 4] {
                region.hours(&iber, weekday, ("08:30", "12:30")).await;
            }
            ibers.push(iber);
        }
        let swv = region.server.founded.organisation.to_string();
        let chair = region.full_time("BOC1", &swv, pb::Role::Bocer).await;
        let clusters = vec![
            cluster(&region, "C1", &[&schools[0], &schools[1]]).await,
            cluster(&region, "C2", &[&schools[2], &schools[3]]).await,
        ];
        let keeper = region.somebody("COORD", &swv, pb::Role::Thuiszitterscoordinator).await;
        let plans = Plans::new(region.acting(&keeper).await);
        Self { region, plans, clusters, schools, ibers, chair }
    }

    fn seats(&self) -> Vec<pb::PlanSeat> {
        vec![person(&self.chair.name), each(pb::Role::Iber), role(pb::Role::Smw)]
    }

    async fn plan(&self, request: pb::PlanYearRequest) -> pb::PlanYearResponse {
        self.plans.clone().plan_year(request).await.unwrap().into_inner()
    }
}

fn at(wire: Option<&prost_types::Timestamp>) -> DateTime<Utc> {
    DateTime::from_timestamp(wire.unwrap().seconds, 0).unwrap()
}

fn day(wire: Option<&prost_types::Timestamp>) -> NaiveDate {
    at(wire).with_timezone(&chrono_tz::Europe::Amsterdam).date_naive()
}

/// Nobody sits at two meetings of plans at once.
fn sound<'a>(plans: impl IntoIterator<Item = &'a pb::PlanYearResponse>) {
    let mut taken: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    let tables = plans.into_iter().flat_map(|plan| &plan.tables);
    let planned = tables.flat_map(|table| &table.meetings);
    for meeting in planned.filter(|meeting| meeting.result() == Done::Planned) {
        let (start, end) = (meeting.start_time.unwrap().seconds, meeting.end_time.unwrap().seconds);
        for seat in &meeting.participants {
            let own = taken.entry(seat.person.clone()).or_default();
            assert!(own.iter().all(|(from, until)| *until <= start || end <= *from), "{}", seat.person);
            own.push((start, end));
        }
    }
}

#[tokio::test]
async fn a03_the_year_of_every_cluster_is_planned_in_one_call_around_holidays() {
    let two = Two::start().await;
    let asked = six(&two.region, two.seats());
    let proposal = two.plan(pb::PlanYearRequest { dry_run: true, mode: 0, ..asked.clone() }).await;
    assert_eq!((proposal.planned_count, proposal.impossible_count), (12, 0));
    assert!(proposal.tables.iter().all(|table| table.series.is_empty()));
    let booked = two.plan(asked.clone()).await;
    assert_eq!(booked, two.plan(asked).await, "the same request has one effect");
    sound([&booked]);
    assert_eq!(booked.planned_count, 12);
    let times = |plan: &pb::PlanYearResponse| -> Vec<_> {
        plan.tables.iter().flat_map(|table| table.meetings.iter().map(|one| one.start_time)).collect()
    };
    assert_eq!(times(&proposal), times(&booked), "what was proposed is booked");
    for (table, cluster) in booked.tables.iter().zip(&two.clusters) {
        assert_eq!((&table.subject, table.meetings.len()), (cluster, 6));
        let days: Vec<NaiveDate> = table.meetings.iter().map(|one| day(one.start_time.as_ref())).collect();
        assert!(days.windows(2).all(|pair| (pair[1] - pair[0]).num_days() > 14), "spread: {days:?}");
        for (one, day) in table.meetings.iter().zip(&days) {
            assert!([2, 4].contains(&day.weekday().number_from_monday()), "within hours: {day}");
            let christmas =
                NaiveDate::from_ymd_opt(2026, 12, 19).unwrap()..=NaiveDate::from_ymd_opt(2027, 1, 3).unwrap();
            assert!(!christmas.contains(day));
            let roles: Vec<i32> = one.participants.iter().map(|seat| seat.role).collect();
            let expected = [pb::Role::Bocer, pb::Role::Iber, pb::Role::Iber, pb::Role::Smw].map(i32::from);
            assert_eq!(roles, expected);
            assert!(!one.consultation.is_empty() && !one.reasons.is_empty());
        }
    }
    // Each table is a series that its people see and get one mail about.
    let mails = two.region.server.news().await;
    assert_eq!(mails.len(), 6, "four IB'ers, the social worker and the chair");
    let to_chair = mails.iter().find(|mail| mail.to() == "boc1@team.example").unwrap();
    assert!(to_chair.subject().starts_with("Uitnodiging: 12 keer overleg"), "{}", to_chair.subject());
    let second = six(&two.region, two.seats());
    let second = two.plan(second).await;
    sound([&booked, &second]);
    let all: BTreeSet<_> = times(&booked).into_iter().map(|time| time.unwrap().seconds).collect();
    assert!(times(&second).iter().all(|time| !all.contains(&time.unwrap().seconds)), "around the first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a03_plans_of_one_year_at_one_moment_never_share_a_time() {
    let two = Two::start().await;
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let (mut plans, asked) = (two.plans.clone(), six(&two.region, two.seats()));
            tokio::spawn(async move { plans.plan_year(asked).await })
        })
        .collect();
    let mut booked = Vec::new();
    for tried in tries {
        match tried.await.unwrap() {
            Ok(plan) => booked.push(plan.into_inner()),
            Err(refused) => assert_eq!(reason(&refused), "TIME_CONFLICT", "{refused:?}"),
        }
    }
    sound(&booked);
    assert!(!booked.is_empty(), "whoever comes first is not refused");
    assert!(booked.iter().all(|plan| (plan.planned_count, plan.impossible_count) == (12, 0)), "whole");
    // What was refused left nothing behind: the next plan finds its times around those that stand.
    let next = two.plan(six(&two.region, two.seats())).await;
    assert_eq!(next.planned_count, 12);
    sound(booked.iter().chain([&next]));
}

#[tokio::test]
async fn a03_a_plan_is_booked_whole_or_each_part_is_told() {
    let two = Two::start().await;
    two.region.away(&two.ibers[0], "2027-01-04", "2027-07-31").await;
    let asked = six(&two.region, two.seats());
    let refused = two.plans.clone().plan_year(asked.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "PLAN_INCOMPLETE");
    let parts = pb::PlanYearRequest {
        mode: pb::BookingMode::Each.into(),
        request_id: two.region.server.request_id(),
        ..asked
    };
    let booked = two.plan(parts).await;
    assert!(booked.impossible_count > 0 && booked.planned_count > 6);
    assert!(booked.tables[1].meetings.iter().all(|one| one.result() == Done::Planned));
    let gone = booked.tables[0].meetings.last().unwrap();
    assert_eq!((gone.result(), gone.without.clone()), (Done::Impossible, vec![two.ibers[0].name.clone()]));
    assert_eq!(gone.reasons, ["Mevrouw IB0 kan niet wanneer de anderen kunnen."]);
    let nobody = six(&two.region, vec![role(pb::Role::Jeugdarts), each(pb::Role::Iber)]);
    let told = two.plan(pb::PlanYearRequest { dry_run: true, ..nobody }).await;
    assert_eq!(told.planned_count, 0);
    assert_eq!(told.tables[0].meetings[0].reasons[0], "Niemand heeft hier de functie JEUGDARTS.");
}

#[tokio::test]
async fn a03_a_plan_that_breaks_the_rules_of_its_kind_is_refused_before_anything_is_booked() {
    let two = Two::start().await;
    let lonely = six(&two.region, vec![each(pb::Role::Iber)]);
    let refused = two.plans.clone().plan_year(lonely).await.unwrap_err();
    assert_eq!(violations(&refused), ["seats: ROLE_REQUIRED"]);
    let empty = pb::PlanYearRequest { request_id: two.region.server.request_id(), ..Default::default() };
    let refused = two.plans.clone().plan_year(empty).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "kind: FIELD_REQUIRED",
            "by: FIELD_REQUIRED",
            "seats: FIELD_REQUIRED",
            "meetings: FIELD_REQUIRED",
            "duration: FIELD_REQUIRED",
            "place: FIELD_REQUIRED",
            "mode: FIELD_REQUIRED"
        ]
    );
    let iber = Plans::new(two.region.acting(&two.ibers[0]).await);
    let denied = iber.clone().plan_year(six(&two.region, two.seats())).await.unwrap_err();
    assert_eq!(reason(&denied), "ACTION_NOT_ALLOWED");
    let elsewhere = pb::PlanYearRequest {
        clusters: vec!["clusters/01900000-0000-7000-8000-000000000001".into()],
        ..six(&two.region, two.seats())
    };
    assert_eq!(reason(&two.plans.clone().plan_year(elsewhere).await.unwrap_err()), "CLUSTER_NOT_FOUND");
}

#[tokio::test]
async fn days_that_cannot_be_are_told_at_the_field_from_which_they_follow() {
    let two = Two::start().await;
    // It is November 2026: of a school year that is over, or of a first day in it, no day is left.
    for (year, first, last, told) in [
        ("2020-2021", "", "", "school_year: TIME_OUT_OF_BOUNDS"),
        ("2020-2021", "2026-12-01", "", "school_year: TIME_OUT_OF_BOUNDS"),
        ("2026-2027", "2027-09-01", "", "first_date: TIME_OUT_OF_BOUNDS"),
        ("", "2020-09-01", "", "first_date: TIME_OUT_OF_BOUNDS"),
        ("2026-2027", "", "2026-09-01", "last_date: TIME_RANGE_INVALID"),
        ("", "2027-03-01", "2027-02-01", "last_date: TIME_RANGE_INVALID"),
    ] {
        let asked = pb::PlanYearRequest {
            school_year: year.into(),
            first_date: first.into(),
            last_date: last.into(),
            ..six(&two.region, two.seats())
        };
        let refused = two.plans.clone().plan_year(asked).await.unwrap_err();
        assert_eq!(violations(&refused), [told], "{year} {first} {last}");
    }
}

#[tokio::test]
async fn b13_a_council_meets_in_the_months_that_it_prefers() {
    let two = Two::start().await;
    let months = vec![1, 3, 5];
    let kind = pb::consultation::Kind::Clusterraad.into();
    let asked =
        pb::PlanYearRequest { kind, meetings: 3, months: months.clone(), ..six(&two.region, two.seats()) };
    let booked = two.plan(asked).await;
    for table in &booked.tables {
        let own: Vec<i32> =
            table.meetings.iter().map(|one| day(one.start_time.as_ref()).month().cast_signed()).collect();
        assert_eq!(own, months);
    }
}

#[tokio::test]
async fn e07_a_visitor_meets_every_school_and_the_gaps_are_listed() {
    let two = Two::start().await;
    let swv = two.region.server.founded.organisation.to_string();
    let visitor = two.region.full_time("BOC9", &swv, pb::Role::Bocer).await;
    let asked = pb::PlanYearRequest {
        kind: pb::consultation::Kind::BocBezoek.into(),
        by: pb::plan_year_request::By::School.into(),
        clusters: vec![two.clusters[0].clone()],
        meetings: 0,
        every_weeks: 6,
        last_date: "2027-02-28".into(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        ..six(&two.region, vec![person(&visitor.name), each(pb::Role::Iber)])
    };
    let booked = two.plan(asked).await;
    sound([&booked]);
    let subjects: Vec<&str> = booked.tables.iter().map(|table| table.subject.as_str()).collect();
    assert_eq!(subjects, [two.schools[0].as_str(), two.schools[1].as_str()]);
    assert!(booked.tables.iter().all(|table| table.meetings.len() == 3), "{booked:?}");
    let ask = || pb::ListVisitCoverageRequest {
        kind: pb::consultation::Kind::BocBezoek.into(),
        visitor: visitor.name.clone(),
        every_weeks: 6,
    };
    let now = two.plans.clone().list_visit_coverage(ask()).await.unwrap().into_inner();
    let row = |list: &pb::ListVisitCoverageResponse, school: &str| {
        list.schools.iter().find(|row| row.school == school).unwrap().clone()
    };
    assert_eq!((now.schools.len(), now.gap_count), (4, 2), "two schools have no visitor at all");
    let first = row(&now, &two.schools[0]);
    assert_eq!((first.last_visit_date.as_str(), first.weeks_since, first.gap), ("", -1, false));
    assert_eq!(first.next_visit_date, day(booked.tables[0].meetings[0].start_time.as_ref()).to_string());
    two.region.server.clock.advance(TimeDelta::weeks(40));
    let later = two.plans.clone().list_visit_coverage(ask()).await.unwrap().into_inner();
    let first = row(&later, &two.schools[0]);
    assert_eq!(first.last_visit_date, day(booked.tables[0].meetings[2].start_time.as_ref()).to_string());
    assert!(first.gap && first.next_visit_date.is_empty() && first.weeks_since > 20);
}

#[tokio::test]
async fn e09_a_round_of_hand_overs_seats_both_schools_and_the_parents() {
    let two = Two::start().await;
    let region = &two.region;
    let mut cases = Vec::new();
    let coordinator = region.full_time("ZC1", &two.schools[3], pb::Role::Zorgcoordinator).await;
    for _ in 0..3 {
        let (case, _) = region.case().await;
        cases.push(pb::PlanCase { case, seats: vec![person(&coordinator.name)] });
    }
    let asked = pb::PlanYearRequest {
        kind: pb::consultation::Kind::WarmeOverdracht.into(),
        by: pb::plan_year_request::By::Case.into(),
        cases: cases.clone(),
        first_date: "2027-04-01".into(),
        last_date: "2027-06-30".into(),
        meetings: 1,
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        ..six(region, vec![each(pb::Role::Iber), role(pb::Role::Ouder)])
    };
    let booked = two.plan(asked.clone()).await;
    sound([&booked]);
    assert_eq!((booked.planned_count, booked.tables.len()), (3, 3));
    for (table, case) in booked.tables.iter().zip(&cases) {
        assert_eq!(table.subject, case.case);
        let one = &table.meetings[0];
        assert!((4..=6).contains(&day(one.start_time.as_ref()).month()));
        let roles: Vec<i32> = one.participants.iter().map(|seat| seat.role).collect();
        let expected = [pb::Role::Zorgcoordinator, pb::Role::Iber, pb::Role::Ouder].map(i32::from);
        assert_eq!(roles, expected);
        assert_eq!(one.participants[2].display_name, "", "no parent is named in a plan");
    }
    let alone = pb::PlanYearRequest {
        seats: vec![each(pb::Role::Iber)],
        request_id: region.server.request_id(),
        ..asked
    };
    let refused = two.plans.clone().plan_year(alone).await.unwrap_err();
    assert_eq!(violations(&refused), ["seats: PARENT_REQUIRED"]);
}

fn oogo(two: &Two, seats: Vec<pb::PlanSeat>) -> pb::PlanOogoRequest {
    pb::PlanOogoRequest {
        year: 2027,
        ambtelijk_rounds: 1,
        ambtelijk_kind: pb::consultation::Kind::OogoAmbtelijk.into(),
        ambtelijk_seats: seats.clone(),
        bestuurlijk_rounds: 2,
        bestuurlijk_kind: pb::consultation::Kind::OogoBestuurlijk.into(),
        bestuurlijk_seats: seats,
        duration: Some(prost_types::Duration { seconds: 5400, nanos: 0 }),
        place: pb::consultation::Place::Online.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: two.region.server.request_id(),
        ..Default::default()
    }
}

#[tokio::test]
async fn d01_the_ondersteuningsplan_is_planned_back_from_the_first_of_may() {
    let two = Two::start().await;
    let gemeente = two.region.gemeente("GM9901").await;
    let policy = two.region.full_time("BEL0", &gemeente, pb::Role::Beleidsmedewerker).await;
    let seats = vec![person(&two.chair.name), person(&policy.name), role(pb::Role::Smw)];
    let asked = oogo(&two, seats);
    let dry = pb::PlanOogoRequest { dry_run: true, mode: 0, ..asked.clone() };
    let proposal = two.plans.clone().plan_oogo(dry).await.unwrap().into_inner();
    let steps: Vec<&str> = proposal.milestones.iter().map(|one| one.step.as_str()).collect();
    assert_eq!(
        steps,
        [
            "DRAFT",
            "OOGO_AMBTELIJK",
            "OOGO_BESTUURLIJK",
            "OOGO_BESTUURLIJK",
            "OPR_CONSENT",
            "DECISION",
            "TO_INSPECTIE"
        ]
    );
    let dates: Vec<&str> = proposal.milestones.iter().map(|one| one.due_date.as_str()).collect();
    assert!(dates.is_sorted() && *dates.last().unwrap() < "2027-05-01", "{dates:?}");
    let booked = two.plans.clone().plan_oogo(asked.clone()).await.unwrap().into_inner();
    let again = two.plans.clone().plan_oogo(asked).await.unwrap().into_inner();
    assert_eq!(booked, again);
    assert_eq!(booked.tables.iter().map(|table| table.meetings.len()).collect::<Vec<_>>(), [1, 2]);
    let consent = booked.milestones.iter().find(|one| one.step == "OPR_CONSENT").unwrap();
    for one in &booked.tables[1].meetings {
        assert!(!one.consultation.is_empty());
        assert!(day(one.start_time.as_ref()).to_string() < consent.due_date, "before the raad consents");
    }
    let late = pb::PlanOogoRequest {
        year: 2019,
        request_id: two.region.server.request_id(),
        ..oogo(&two, Vec::new())
    };
    let refused = two.plans.clone().plan_oogo(late).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        ["year: TIME_OUT_OF_BOUNDS", "ambtelijk_seats: FIELD_REQUIRED", "bestuurlijk_seats: FIELD_REQUIRED"]
    );
}

#[tokio::test]
async fn d02_several_gemeenten_and_both_samenwerkingsverbanden_sit_at_one_table() {
    let two = Two::start().await;
    let region = &two.region;
    let mut seats = vec![person(&two.chair.name), person(&two.ibers[0].name), role(pb::Role::Smw)];
    for (code, gemeente) in [("BEL1", "GM9901"), ("BEL2", "GM9902")] {
        let at = region.gemeente(gemeente).await;
        seats.push(person(&region.full_time(code, &at, pb::Role::Beleidsmedewerker).await.name));
    }
    let swv = region.server.organisation("SAMENWERKINGSVERBAND", "VO9901").await.to_string();
    seats.push(person(&region.full_time("VO1", &swv, pb::Role::SwvAdviseur).await.name));
    let booked = two.plans.clone().plan_oogo(oogo(&two, seats)).await.unwrap().into_inner();
    for one in booked.tables.iter().flat_map(|table| &table.meetings) {
        let roles: Vec<i32> = one.participants.iter().map(|seat| seat.role).collect();
        let gemeenten = roles.iter().filter(|role| **role == i32::from(pb::Role::Beleidsmedewerker)).count();
        assert_eq!(gemeenten, 2);
        assert!(roles.contains(&pb::Role::SwvAdviseur.into()) && roles.contains(&pb::Role::Bocer.into()));
    }
}

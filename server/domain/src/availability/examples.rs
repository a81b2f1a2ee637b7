//! The search on a table that people would recognise: who comes, why, and why not.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Europe::Amsterdam;
use uuid::Uuid;

use super::*;
use crate::{
    access::Role,
    ids::{AffiliationId, OrganisationId},
    refusal::Refusal,
    time::{DayTime, Period, Validity},
};

const SCHOOL: OrganisationId = OrganisationId(Uuid::from_u128(70));
const ELSEWHERE: OrganisationId = OrganisationId(Uuid::from_u128(71));
const WORK: AffiliationId = AffiliationId(Uuid::from_u128(1));

fn who(number: u128) -> CalendarId {
    CalendarId(Uuid::from_u128(number))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn from(start: &str, end: &str) -> Period {
    Period::new(at(start), at(end)).unwrap()
}

fn hours(from: u16, until: u16) -> Hours {
    Hours { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap() }
}

fn block(weekday: Weekday, from: u16, until: u16) -> WeeklyHours {
    WeeklyHours::new(WORK, (weekday, hours(from, until)), Amsterdam, Validity::since(NaiveDate::MIN)).unwrap()
}

/// Somebody with these hours, or a parent.
fn calendar(hours: Option<Vec<WeeklyHours>>) -> Calendar {
    Calendar { travels: hours.is_some(), hours, ..Calendar::default() }
}

fn taken(start: &str, end: &str, site: Site) -> Span {
    Span::new(Uuid::from_u128(9), from(start, end), site)
}

/// Who could sit, with their calendar.
type Sitter = (u128, Preference, Calendar);

fn candidate(number: u128, preference: Preference, hours: Option<Vec<WeeklyHours>>) -> Sitter {
    (number, preference, calendar(hours))
}

fn seat(candidates: Vec<Sitter>) -> (SeatKind, bool, Vec<Sitter>) {
    (SeatKind::Professional, true, candidates)
}

/// Monday 23 to Friday 27 November 2026, an hour, on the quarter, 8 to 18, at the school.
fn week(table: Vec<(SeatKind, bool, Vec<Sitter>)>) -> Search {
    let mut people: Vec<Person> = Vec::new();
    let mut seats = Vec::new();
    for (kind, required, sitters) in table {
        let mut candidates = Vec::new();
        for (number, preference, calendar) in sitters {
            let id = who(number);
            let known = people.iter().position(|person| person.id == id);
            let person = known.unwrap_or(people.len());
            if known.is_none() {
                people.push(Person { id, calendar });
            }
            candidates.push(Candidate { person, role: Some(Role::Smw), preference, acquainted: false });
        }
        seats.push(Seat { key: "smw".into(), kind, required, weight: USUAL_WEIGHT, candidates });
    }
    Search {
        window: from("2026-11-22T23:00:00Z", "2026-11-27T23:00:00Z"),
        duration: 60,
        grid: 15,
        zone: Amsterdam,
        day_window: DayWindow { earliest: 480, latest: 1080, days: Days::Weekdays },
        now: at("2026-11-22T23:00:00Z"),
        not_before: at("2026-11-22T23:00:00Z"),
        closed: Vec::new(),
        site: Site::At(SCHOOL),
        travel: Travel { usual: 20, ..Travel::default() },
        quorum: None,
        excluded: Vec::new(),
        hold: None,
        people,
        seats,
        limit: 6,
    }
}

fn causes(search: &Search) -> Vec<Cause> {
    find(search).unwrap().none.unwrap().causes
}

fn blockers(search: &Search) -> Vec<Blocker> {
    causes(search).into_iter().flat_map(|cause| cause.blockers).collect()
}

fn because(seat: usize, number: u128, why: Why) -> Blocker {
    Blocker::Person { seat, who: who(number), whys: vec![why] }
}

fn shown(search: &Search) -> Vec<String> {
    let slots = find(search).unwrap().slots;
    slots.iter().map(|slot| slot.start.with_timezone(&Amsterdam).format("%a %H:%M").to_string()).collect()
}

fn reasons(search: &Search) -> Vec<Reason> {
    find(search).unwrap().slots[0].parts.iter().map(|part| part.reason).collect()
}

#[test]
fn the_link_person_comes_before_an_earlier_deputy() {
    let linked = candidate(1, Preference::Linked, Some(vec![block(Weekday::Wed, 540, 720)]));
    let deputy = candidate(2, Preference::Deputy, Some(vec![block(Weekday::Mon, 540, 720)]));
    let found = find(&week(vec![seat(vec![linked, deputy])])).unwrap();
    assert_eq!(found.slots[0].chosen, [Some(who(1))]);
    assert!(found.slots[0].parts.iter().any(|part| part.reason == Reason::LinkedPersonFree { seat: 0 }));
    let deputies = found.slots.iter().filter(|slot| slot.chosen == [Some(who(2))]).count();
    assert_eq!(deputies, 2, "two of each day, then the answer is filled by rank");
    assert!(found.slots.is_sorted_by_key(|slot| -slot.total));
}

#[test]
fn who_helped_before_comes_before_the_link_person() {
    let day = || Some(vec![block(Weekday::Mon, 540, 720)]);
    let mut search = week(vec![seat(vec![
        candidate(1, Preference::Linked, day()),
        candidate(2, Preference::Deputy, day()),
    ])]);
    search.seats[0].candidates[1].acquainted = true;
    let best = &find(&search).unwrap().slots[0];
    assert_eq!(best.chosen, [Some(who(2))]);
    assert!(best.parts.contains(&ScorePart { reason: Reason::SameHelper { seat: 0 }, points: 20 }));
}

#[test]
fn of_two_alike_the_one_with_fewer_meetings_comes() {
    let day = || Some(vec![block(Weekday::Mon, 540, 720)]);
    let member = |number| candidate(number, Preference::TeamMember, day());
    let mut search = week(vec![seat(vec![member(1), member(2)])]);
    search.people[0].calendar.load = 130;
    assert_eq!(find(&search).unwrap().slots[0].chosen, [Some(who(2))]);
    search.excluded = vec![who(2)];
    search.people[1].calendar.load = 10;
    let best = &find(&search).unwrap().slots[0];
    assert_eq!(best.chosen, [Some(who(1))]);
    assert!(!best.parts.iter().any(|part| matches!(part.reason, Reason::Workload { .. })));
}

#[test]
fn an_answer_offers_several_days() {
    let parent = candidate(1, Preference::Named, None);
    let found = find(&week(vec![seat(vec![parent])])).unwrap();
    let days: std::collections::BTreeSet<NaiveDate> =
        found.slots.iter().map(|slot| slot.start.date_naive()).collect();
    assert_eq!((found.slots.len(), days.len()), (6, 3));
}

#[test]
fn an_absent_link_person_is_named_with_the_times_that_leave_takes() {
    let mut linked = candidate(1, Preference::Linked, Some(vec![block(Weekday::Wed, 540, 720)]));
    let days = Validity::since("2026-11-25".parse().unwrap());
    linked.2.absences = vec![Absence::Days { days, zone: Amsterdam }];
    let parent = candidate(2, Preference::Named, None);
    let causes = causes(&week(vec![seat(vec![linked]), seat(vec![parent])]));
    let absent = causes.iter().find(|cause| cause.blockers == [because(0, 1, Why::Absent)]);
    let absent = absent.expect("the absence is a cause");
    assert_eq!(absent.slots, 9);
    assert_eq!(absent.nearest[0], at("2026-11-25T08:00:00Z"));
    assert!(causes.iter().all(|cause| !cause.blockers.contains(&Blocker::DayWindow)));
}

#[test]
fn rules_are_named_as_causes_too() {
    let early = candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 420, 480)]));
    assert!(blockers(&week(vec![seat(vec![early])])).contains(&Blocker::DayWindow));
    let tuesday = || candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 540, 600)]));
    let closed = ClosedDay { date: "2026-11-24".parse().unwrap(), reason: ClosedReason::StudyDay };
    let study_day = Search { closed: vec![closed], ..week(vec![seat(vec![tuesday()])]) };
    assert!(blockers(&study_day).contains(&Blocker::ClosedDays { reasons: vec![ClosedReason::StudyDay] }));
    let late = Search { not_before: at("2026-11-24T12:00:00Z"), ..week(vec![seat(vec![tuesday()])]) };
    assert!(blockers(&late).contains(&Blocker::Notice));
    let odd = candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 545, 605)]));
    let odd = blockers(&week(vec![seat(vec![odd])]));
    assert!(odd.contains(&because(0, 1, Why::OutsideHours)) && odd.contains(&Blocker::Grid));
    let elsewhere = block(Weekday::Tue, 540, 660).at(Some(ELSEWHERE));
    let elsewhere = week(vec![seat(vec![candidate(1, Preference::Named, Some(vec![elsewhere]))])]);
    assert!(blockers(&elsewhere).contains(&because(0, 1, Why::FixedElsewhere)));
    assert!(find(&Search { site: Site::Remote, ..elsewhere }).unwrap().none.is_none(), "by video it works");
    let alone = Search { quorum: Some(2), ..week(vec![seat(vec![tuesday()])]) };
    assert_eq!(blockers(&alone), [Blocker::Quorum]);
}

#[test]
fn the_fewest_who_must_give_way_are_told_and_no_more() {
    let on = |number, weekday| {
        seat(vec![candidate(number, Preference::Named, Some(vec![block(weekday, 540, 720)]))])
    };
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu];
    for count in [2, 3, 4] {
        let search = week((1..=count).zip(days).map(|(number, day)| on(number, day)).collect());
        let none = find(&search).unwrap().none.unwrap();
        let people = usize::try_from(count).unwrap();
        assert_eq!((none.size, none.causes.len()), (people - 1, people));
        assert!(none.causes.iter().all(|cause| cause.blockers.len() == none.size && cause.slots == 9));
        assert_eq!(none.causes[0].nearest[0], at("2026-11-23T08:00:00Z"), "on Monday all but the first");
    }
}

#[test]
fn the_only_candidate_of_two_seats_cannot_take_both() {
    let only = || seat(vec![candidate(1, Preference::Named, None)]);
    assert_eq!(blockers(&week(vec![only(), only()])), [Blocker::Seat { seat: 1 }]);
}

#[test]
fn an_hour_at_the_school_is_preferred_and_its_neighbour_kept_whole() {
    let hours = vec![block(Weekday::Tue, 540, 660).at(Some(SCHOOL)), block(Weekday::Mon, 540, 660)];
    let search = week(vec![seat(vec![candidate(1, Preference::Linked, Some(hours))])]);
    let found = find(&search).unwrap();
    assert_eq!(found.slots[0].start, at("2026-11-24T08:00:00Z"));
    assert_eq!(
        reasons(&search),
        [Reason::Soon { days: 1 }, Reason::LinkedPersonFree { seat: 0 }, Reason::SchoolHour { seat: 0 }]
    );
    assert_eq!(found.slots[0].total, 13);
}

#[test]
fn the_way_to_another_place_is_kept_free_on_both_sides_and_counted() {
    let mut smw = candidate(1, Preference::Named, Some(vec![block(Weekday::Mon, 540, 720)]));
    smw.2.busy = vec![taken("2026-11-23T08:00:00Z", "2026-11-23T08:30:00Z", Site::At(ELSEWHERE))];
    let search = week(vec![seat(vec![smw])]);
    assert_eq!(shown(&search), ["Mon 10:30", "Mon 11:00", "Mon 10:00", "Mon 10:45", "Mon 10:15"]);
    assert!(reasons(&search).contains(&Reason::Travel { minutes: 20 }));
    let remote = Search { site: Site::Remote, ..search.clone() };
    assert!(shown(&remote).contains(&"Mon 09:30".to_owned()));
    let long = Search { travel: Travel { usual: 125, ..Travel::default() }, ..search };
    assert!(blockers(&long).contains(&because(0, 1, Why::Travel)));
}

#[test]
fn a_full_day_a_pause_and_a_notice_of_ones_own_are_kept() {
    let mut smw = candidate(1, Preference::Named, Some(vec![block(Weekday::Mon, 540, 720)]));
    smw.2.busy = vec![taken("2026-11-23T08:00:00Z", "2026-11-23T08:30:00Z", Site::At(SCHOOL))];
    let with = |limits| {
        let mut smw = smw.clone();
        smw.2.limits = limits;
        week(vec![seat(vec![smw])])
    };
    let full = Limits { per_day: Some(1), ..Limits::default() };
    assert!(blockers(&with(full)).contains(&because(0, 1, Why::Limit)));
    assert!(
        shown(&with(Limits { per_week: Some(2), ..Limits::default() })).contains(&"Mon 09:30".to_owned())
    );
    let pause = with(Limits { buffer: 25, ..Limits::default() });
    assert!(
        !shown(&pause).contains(&"Mon 09:45".to_owned()) && shown(&pause).contains(&"Mon 10:00".to_owned())
    );
    let slow = with(Limits { notice: 24 * 7, ..Limits::default() });
    assert!(blockers(&slow).contains(&because(0, 1, Why::Notice)));
    assert!(find(&Search { hold: Some(Uuid::from_u128(9)), ..with(full) }).unwrap().none.is_none());
}

#[test]
fn on_a_date_of_its_own_hours_the_week_does_not_count() {
    let mut smw = candidate(1, Preference::Named, Some(vec![block(Weekday::Mon, 540, 720)]));
    let date = "2026-11-23".parse().unwrap();
    let other = |hours| Override::new(WORK, (date, Amsterdam), hours).unwrap();
    smw.2.overrides = vec![other(vec![hours(840, 900)])];
    assert_eq!(shown(&week(vec![seat(vec![smw.clone()])])), ["Mon 14:00"]);
    smw.2.overrides = vec![other(Vec::new())];
    assert!(shown(&week(vec![seat(vec![smw])])).is_empty());
}

#[test]
fn a_quorum_is_met_by_optional_people_and_an_empty_seat_costs_its_weight() {
    let on = |number, weekday: Weekday| {
        (
            SeatKind::Professional,
            false,
            vec![candidate(number, Preference::Named, Some(vec![block(weekday, 540, 600)]))],
        )
    };
    let search = week(vec![on(1, Weekday::Mon), on(2, Weekday::Tue), on(3, Weekday::Tue)]);
    let two = Search { quorum: Some(2), ..search.clone() };
    assert_eq!(shown(&two), ["Tue 09:00"]);
    let mut light = search;
    light.seats[1].weight = 1;
    light.seats[2].weight = 2;
    assert_eq!(shown(&light)[0], "Mon 09:00");
    let best = &find(&light).unwrap().slots[0];
    assert!(best.parts.contains(&ScorePart { reason: Reason::OptionalMissing { seat: 1 }, points: -1 }));
    assert_eq!(blockers(&Search { quorum: Some(3), ..two }), [Blocker::Quorum]);
}

#[test]
fn the_best_free_room_is_taken() {
    let mut small = candidate(10, Preference::Named, None);
    small.2.busy = vec![taken("2026-11-23T07:00:00Z", "2026-11-23T11:00:00Z", Site::At(SCHOOL))];
    let rooms = (SeatKind::Room, true, vec![small, candidate(11, Preference::Named, None)]);
    let search = week(vec![
        seat(vec![candidate(1, Preference::Named, Some(vec![block(Weekday::Mon, 660, 780)]))]),
        rooms,
    ]);
    let found = find(&search).unwrap();
    assert_eq!(found.slots[0].chosen, [Some(who(1)), Some(who(10))]);
    let early = found.slots.iter().find(|slot| slot.start == at("2026-11-23T10:00:00Z")).unwrap();
    assert_eq!(early.chosen[1], Some(who(11)));
    assert!(early.parts.contains(&ScorePart { reason: Reason::OtherRoom { seat: 1 }, points: -1 }));
}

#[test]
fn after_a_conflict_the_next_times_come_in_order() {
    let search =
        week(vec![seat(vec![candidate(1, Preference::Named, Some(vec![block(Weekday::Tue, 540, 720)]))])]);
    let next = next_free(&search, at("2026-11-24T09:10:00Z"), 3).unwrap();
    let starts: Vec<DateTime<Utc>> = next.iter().map(|slot| slot.start).collect();
    assert_eq!(starts, ["2026-11-24T09:15:00Z", "2026-11-24T09:30:00Z", "2026-11-24T09:45:00Z"].map(at));
    assert!(next_free(&search, search.window.end() + TimeDelta::days(9), 3).unwrap().is_empty());
}

#[test]
fn everything_wrong_with_a_search_is_told_at_once() {
    let wrong = Search { duration: 7, grid: 0, limit: 0, ..week(Vec::new()) };
    let fields: Vec<(String, Refusal)> =
        wrong.check().into_iter().map(|violation| (violation.field, violation.refusal)).collect();
    assert_eq!(
        fields,
        [
            ("duration".to_owned(), Refusal::DurationInvalid),
            ("grid".to_owned(), Refusal::FieldInvalid),
            ("seats".to_owned(), Refusal::FieldRequired),
            ("limit".to_owned(), Refusal::FieldInvalid),
        ]
    );
}

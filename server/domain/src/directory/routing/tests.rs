//! Examples and laws of routing.

use uuid::Uuid;

use super::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn always() -> Validity {
    Validity::since(day("2026-08-01"))
}

fn question() -> Question {
    Question {
        school: SchoolPlace {
            school: SchoolId(id(1)),
            wijk: Some("WK990101".into()),
            gemeente: "GM9901".into(),
            postcode: None,
        },
        child: ChildPlace { postcode: Some("9911AB".into()), wijk: None, gemeente: Some("GM9902".into()) },
        roles: vec![Role::Smw, Role::Leerplichtambtenaar],
        day: day("2026-11-24"),
        order: RoutingRule::USUAL.to_vec(),
    }
}

fn area(team: u128, area: Area) -> WorkArea {
    WorkArea { team: TeamId(id(team)), area, validity: always() }
}

fn link(person: u128, deputy: Option<u128>) -> Link {
    Link {
        id: SchoolTeamLinkId(id(person)),
        school: SchoolId(id(1)),
        team: TeamId(id(10)),
        role: Role::Smw,
        person: PersonId(id(person)),
        deputy: deputy.map(|deputy| PersonId(id(deputy))),
        validity: always(),
    }
}

#[test]
fn a_postcode_of_the_neighbour_has_no_team_here_and_its_officer_all_the_same() {
    let excluded = |postcode: &str, code: &str| Exclusion {
        postcode: postcode.into(),
        neighbour: Neighbour { code: code.into(), display_name: code.into() },
        validity: always(),
    };
    let officer = Officer {
        gemeente: "GM9902".into(),
        person: PersonId(id(200)),
        role: Role::Leerplichtambtenaar,
        validity: always(),
    };
    let register = Register {
        links: vec![link(100, None)],
        officers: vec![officer],
        excluded: vec![excluded("9911", "PO9903"), excluded("9911AB", "PO9902")],
        ..Register::default()
    };
    let found = route(&register, &question());
    assert_eq!((found.team, found.tried.len()), (Err(Refusal::NoTeam), 1));
    assert!(matches!(&found.tried[0].why, Why::Elsewhere(at) if at.code == "PO9902"), "six before four");
    assert_eq!(found.roles[0].first(), Err(Refusal::NoPersonForRole));
    assert_eq!(found.roles[1].first(), Ok((PersonId(id(200)), Standing::OfficerOfResidence)));
    let mut elsewhere = question();
    elsewhere.child.postcode = Some("9912AB".into());
    assert_eq!(route(&register, &elsewhere).team, Ok(TeamId(id(10))));
    (elsewhere.child.postcode, elsewhere.school.postcode) = (None, Some("9911CD".into()));
    assert!(matches!(&route(&register, &elsewhere).tried[0].why, Why::Elsewhere(at) if at.code == "PO9903"));
}

#[test]
fn the_tie_of_the_school_comes_before_every_area() {
    let register = Register {
        areas: vec![area(11, Area::School(SchoolId(id(1)))), area(12, Area::Postcode("9911".into()))],
        links: vec![link(100, None)],
        ..Register::default()
    };
    let route = route(&register, &question());
    assert_eq!(route.team, Ok(TeamId(id(10))));
    assert_eq!(route.tried.len(), 1);
    assert_eq!(route.roles[0].first(), Ok((PersonId(id(100)), Standing::LinkPerson)));
}

#[test]
fn the_explanation_names_every_rule_up_to_the_one_that_matched() {
    let register = Register {
        areas: vec![area(12, Area::Gemeente("GM9901".into())), area(11, Area::Wijk("WK990101".into()))],
        ..Register::default()
    };
    let route = route(&register, &question());
    let tried: Vec<(RoutingRule, bool)> =
        route.tried.iter().map(|tried| (tried.rule, tried.matched)).collect();
    assert_eq!(route.team, Ok(TeamId(id(11))));
    assert_eq!(
        tried,
        [
            (RoutingRule::SchoolLink, false),
            (RoutingRule::SchoolInArea, false),
            (RoutingRule::PostcodeOfChild, false),
            (RoutingRule::WijkOfChild, false),
            (RoutingRule::WijkOfSchool, true),
        ]
    );
    assert_eq!(route.tried[3].why, Why::NotKnown);
}

#[test]
fn six_characters_of_a_postcode_win_over_four() {
    let register = Register {
        areas: vec![area(11, Area::Postcode("9911".into())), area(12, Area::Postcode("9911AB".into()))],
        ..Register::default()
    };
    assert_eq!(route(&register, &question()).team, Ok(TeamId(id(12))));
    let mut elsewhere = question();
    elsewhere.child.postcode = Some("9911CD".into());
    assert_eq!(route(&register, &elsewhere).team, Ok(TeamId(id(11))));
}

#[test]
fn the_deputy_comes_when_the_link_person_is_away_and_then_the_team() {
    let member =
        Member { team: TeamId(id(10)), person: PersonId(id(102)), role: Role::Smw, validity: always() };
    let mut register =
        Register { links: vec![link(100, Some(101))], members: vec![member], ..Register::default() };
    register.away.push((PersonId(id(100)), always()));
    let smw = |register: &Register| route(register, &question()).roles[0].clone();
    assert_eq!(smw(&register).first(), Ok((PersonId(id(101)), Standing::Deputy)));
    assert_eq!(smw(&register).away, [PersonId(id(100))]);
    register.away.push((PersonId(id(101)), always()));
    assert_eq!(smw(&register).first(), Ok((PersonId(id(102)), Standing::TeamMember)));
    register.away.push((PersonId(id(102)), always()));
    assert_eq!(smw(&register).first(), Err(Refusal::NoPersonForRole));
}

// Leerplichtwet art. 16: the officer of the gemeente where the child lives.
#[test]
fn leerplicht_follows_the_home_of_the_child_and_not_the_school() {
    let officer = |gemeente: &str, person| Officer {
        gemeente: gemeente.into(),
        person: PersonId(id(person)),
        role: Role::Leerplichtambtenaar,
        validity: always(),
    };
    let register =
        Register { officers: vec![officer("GM9901", 1), officer("GM9902", 2)], ..Register::default() };
    let lpa = |question: &Question| route(&register, question).roles[1].first();
    assert_eq!(lpa(&question()), Ok((PersonId(id(2)), Standing::OfficerOfResidence)));
    let mut unknown = question();
    unknown.child.gemeente = None;
    assert_eq!(lpa(&unknown), Err(Refusal::NoPersonForRole));
}

#[test]
fn what_has_ended_does_not_route() {
    let ended = Validity::new(day("2026-08-01"), Some(day("2026-11-23"))).unwrap();
    let register =
        Register { links: vec![Link { validity: ended, ..link(100, None) }], ..Register::default() };
    let found = route(&register, &question());
    assert_eq!((found.team, found.tried.len()), (Err(Refusal::NoTeam), 6));
}

#[test]
fn the_order_of_the_register_does_not_matter() {
    let mut register = Register {
        areas: vec![area(12, Area::Wijk("WK990101".into())), area(11, Area::Wijk("WK990101".into()))],
        ..Register::default()
    };
    let once = route(&register, &question());
    register.areas.reverse();
    assert_eq!(route(&register, &question()), once);
    assert_eq!(once.tried[4].why, Why::FirstOf(vec![TeamId(id(11)), TeamId(id(12))]));
}

//! A list is what is left of everything when each thing is asked for: the condition in SQL and
//! the rule of one object are the same, in worlds thrown together by chance.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    access::Role,
    ids::{CaseId, OrganisationId, PersonId, SchoolId},
};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::{affiliation, case_circle, consent, consent_signature, thuiszitter};
use schakel_tests::{
    As, TestServer,
    seed_meetings::{seat, stamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::Expr,
};

use crate::thuiszitter::{absent, named};

const CASES: usize = 12;

#[expect(clippy::disallowed_methods, reason = "the full drill is asked for by the environment")]
fn pairs() -> usize {
    if std::env::var("SCHAKEL_DRILL").is_ok_and(|size| size == "full") { 100_000 } else { 1_500 }
}

/// Numbers that a seed decides.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Somebody who asks, with a second role that can be taken away.
struct Caller {
    role: Role,
    person: PersonId,
    client: As,
}

/// A call that failed for another reason says nothing about what may be seen.
fn is_unseen(status: &tonic::Status, unknown: &str) {
    let reason = schakel_tests::reason(status);
    assert!(reason == unknown || reason == "ACTION_NOT_ALLOWED", "{status:?}");
}

struct World {
    server: TestServer,
    schools: [SchoolId; 3],
    callers: Vec<Caller>,
    cases: Vec<pb::Case>,
    meetings: Vec<String>,
}

impl World {
    async fn start() -> Self {
        let server = TestServer::start().await;
        let schools = [
            server.school("99AA00", "GM9901").await,
            server.school("99BB00", "GM9901").await,
            server.school("99CC00", "GM9902").await,
        ];
        let team = OrganisationId::from(server.team("WT01").await);
        let gemeenten = [
            server.organisation("GEMEENTE", "GM9901").await,
            server.organisation("GEMEENTE", "GM9902").await,
        ];
        let swv = server.founded.organisation;
        let homes: Vec<(Role, OrganisationId)> = vec![
            (Role::Iber, schools[0].into()),
            (Role::Iber, schools[1].into()),
            (Role::Zorgcoordinator, schools[2].into()),
            (Role::Directeur, schools[0].into()),
            (Role::Directeur, schools[2].into()),
            (Role::Smw, team),
            (Role::Jeugdarts, team),
            (Role::WijkteamCoordinator, team),
            (Role::Leerplichtambtenaar, gemeenten[0]),
            (Role::Leerplichtambtenaar, gemeenten[1]),
            (Role::Trajectbegeleider, swv),
            (Role::TlvCommissie, swv),
            (Role::Thuiszitterscoordinator, swv),
            (Role::Gezinsvoogd, swv),
            (Role::Onderwijsconsulent, swv),
            (Role::Doorzettingsmacht, swv),
            (Role::Fg, swv),
        ];
        let mut callers = Vec::new();
        for (role, home) in homes {
            let (person, client) = server.person(role, home).await;
            server.affiliate(person, Role::Doorstroomcoach, home).await;
            callers.push(Caller { role, person, client });
        }
        let mut world = Self { server, schools, callers, cases: Vec::new(), meetings: Vec::new() };
        world.open().await;
        world
    }

    fn who(&self, role: Role) -> &Caller {
        self.callers.iter().find(|caller| caller.role == role).unwrap()
    }

    async fn open(&mut self) {
        let keeper = &self.who(Role::Thuiszitterscoordinator).client;
        let mut cases = ThuiszitterServiceClient::new(keeper.clone());
        let mut meetings = ConsultationServiceClient::new(keeper.clone());
        let iber = self.who(Role::Iber).person;
        for at in 0..CASES {
            let mut case = named(&format!("Kind {at}"), absent(self.schools[at % 3]));
            case.residence_gemeente_code = if at % 4 == 3 { "GM9902" } else { "GM9901" }.into();
            let opening = pb::OpenCaseRequest {
                case: Some(case),
                request_id: self.server.request_id(),
                ..Default::default()
            };
            let case = cases.open_case(opening).await.unwrap().into_inner();
            let about_it = at % 3 != 2;
            let guest = |role: Role, wire| seat(self.who(role).person, wire);
            let mut participants = vec![
                seat(iber, pb::Role::Iber),
                guest(Role::Smw, pb::Role::Smw),
                if at % 2 == 0 {
                    guest(Role::Jeugdarts, pb::Role::Jeugdarts)
                } else {
                    guest(Role::Trajectbegeleider, pb::Role::Trajectbegeleider)
                },
            ];
            if about_it {
                participants.push(seat(case.parents[0].person.parse().unwrap(), pb::Role::Ouder));
            }
            let kind =
                if about_it { pb::consultation::Kind::Mdo } else { pb::consultation::Kind::Kennismaking };
            // Every other hour: the next is at another school.
            let hours = TimeDelta::hours(48 + 2 * i64::try_from(at).unwrap());
            let consultation = pb::Consultation {
                kind: kind.into(),
                case: if about_it { case.name.clone() } else { String::new() },
                start_time: Some(stamp(self.server.app.now() + hours)),
                duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
                // Nobody has to get there from the one before.
                place: pb::consultation::Place::Online.into(),
                school: self.schools[(at + 1) % 3].to_string(),
                participants,
                ..Default::default()
            };
            let booking = pb::BookConsultationRequest {
                consultation: Some(consultation),
                request_id: self.server.request_id(),
                ..Default::default()
            };
            self.meetings.push(meetings.book_consultation(booking).await.unwrap().into_inner().name);
            self.cases.push(case);
        }
    }

    /// Everything that decides who reaches a case is drawn anew.
    async fn shuffle(&self, chance: &mut Chance) {
        let rows = self.server.rows().await;
        if chance.below(8) == 0 {
            // Some at a time: a family does not sign hundreds.
            consent_signature::Entity::delete_many().exec(&rows).await.unwrap();
            consent::Entity::delete_many().exec(&rows).await.unwrap();
        }
        for case in &self.cases {
            let id: CaseId = case.name.parse().unwrap();
            let open = chance.below(3) > 0;
            let hold = *chance.of(&[None, None, None, Some("RESTRICTED"), Some("ARCHIVED")]);
            let escalated = NaiveDate::from_ymd_opt(2026, 8, 10).unwrap()
                + TimeDelta::days(i64::try_from(chance.below(100)).unwrap());
            let level = i32::try_from(chance.below(5)).unwrap();
            case_circle::Entity::update_many()
                .col_expr(case_circle::Column::SchoolId, Expr::value(chance.of(&self.schools).0))
                .col_expr(
                    case_circle::Column::GemeenteCode,
                    Expr::value(*chance.of(&["GM9901", "GM9902", "GM9903"])),
                )
                .col_expr(case_circle::Column::Open, Expr::value(open))
                .col_expr(case_circle::Column::Hold, Expr::value(hold))
                .col_expr(case_circle::Column::EscalationLevel, Expr::value(level))
                .col_expr(case_circle::Column::EscalatedOn, Expr::value((level > 0).then_some(escalated)))
                .filter(case_circle::Column::CaseId.eq(id.0))
                .exec(&rows)
                .await
                .unwrap();
            thuiszitter::Entity::update_many()
                .col_expr(thuiszitter::Column::State, Expr::value(if open { "OPEN" } else { "CLOSED" }))
                .filter(thuiszitter::Column::Id.eq(id.0))
                .exec(&rows)
                .await
                .unwrap();
            if chance.below(3) == 0 {
                self.server.invite(id, chance.of(&self.callers).person).await;
            }
            self.agree(&rows, case, chance).await;
        }
        rows.close().await.unwrap();
    }

    /// Another consent about `case`: to anybody, for some time, perhaps withdrawn.
    async fn agree(&self, rows: &DatabaseConnection, case: &pb::Case, chance: &mut Chance) {
        let day = |at: usize| {
            NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + TimeDelta::days(i64::try_from(at).unwrap())
        };
        let id = self.server.app.ids.next(self.server.app.now());
        let case_id: CaseId = case.name.parse().unwrap();
        let parent: PersonId = case.parents[0].person.parse().unwrap();
        let given = chance.below(40);
        let row = consent::Model {
            region_id: self.server.founded.region.0,
            id,
            case_id: case_id.0,
            purpose: (*chance.of(&["terugkeer_school", "zorgtoeleiding"])).to_owned(),
            gives: "IBER".into(),
            receives: (*chance.of(&["SMW", "JEUGDARTS", "ONDERWIJSCONSULENT"])).to_owned(),
            classes: (*chance.of(&["K2", "K3", "K2 K3 K4", "K4"])).to_owned(),
            given_on: day(given),
            meeting_on: day(given),
            expires_on: day(given + chance.below(40)),
            exception: None,
            sealed_note: None,
            recorded_by: parent.0,
            recorded_at: 0,
            withdrawn_at: (chance.below(3) == 0).then_some(1),
            withdrawn_by: None,
            sealed_withdrawal: None,
            version: 1,
        };
        row.into_active_model().reset_all().insert(rows).await.unwrap();
        if chance.below(4) > 0 {
            let signed = consent_signature::Model {
                region_id: self.server.founded.region.0,
                consent_id: id,
                person_id: parent.0,
                signed_on: day(given),
            };
            signed.into_active_model().reset_all().insert(rows).await.unwrap();
        }
    }

    /// The cases that `caller` lists, each with whether its absence is shown.
    async fn listed(&self, caller: &Caller) -> BTreeSet<(String, bool)> {
        let mut cases = ThuiszitterServiceClient::new(caller.client.clone());
        let mut all = BTreeSet::new();
        for state in [pb::case::State::Open, pb::case::State::Closed] {
            let list = pb::ListCasesRequest { state: state.into(), page_size: 200, ..Default::default() };
            match cases.list_cases(list).await {
                Ok(listed) => all.extend(
                    listed.into_inner().cases.into_iter().map(|case| (case.name, case.days_absent > 0)),
                ),
                Err(status) => assert_eq!(schakel_tests::reason(&status), "ACTION_NOT_ALLOWED"),
            }
        }
        all
    }

    /// The same, one by one.
    async fn checked(&self, caller: &Caller, archived: &BTreeSet<String>) -> BTreeSet<(String, bool)> {
        let mut cases = ThuiszitterServiceClient::new(caller.client.clone());
        let mut all = BTreeSet::new();
        for case in &self.cases {
            let got = cases.get_case(pb::GetCaseRequest { name: case.name.clone() }).await;
            match got {
                Ok(got) if !archived.contains(&case.name) => {
                    all.insert((case.name.clone(), got.into_inner().days_absent > 0));
                }
                Ok(_) => {}
                Err(status) => is_unseen(&status, "CASE_NOT_FOUND"),
            }
        }
        all
    }

    async fn meetings_listed(&self, caller: &Caller) -> BTreeSet<String> {
        let mut meetings = ConsultationServiceClient::new(caller.client.clone());
        // From the beginning: the clock of many worlds passes the first meetings.
        let after_time = Some(prost_types::Timestamp { seconds: 1_767_225_600, nanos: 0 });
        let list = pb::ListConsultationsRequest { after_time, page_size: 200, ..Default::default() };
        let listed = meetings.list_consultations(list).await.unwrap().into_inner().consultations;
        listed.into_iter().map(|meeting| meeting.name).collect()
    }

    async fn meetings_checked(&self, caller: &Caller) -> BTreeSet<String> {
        let mut meetings = ConsultationServiceClient::new(caller.client.clone());
        let mut all = BTreeSet::new();
        for name in &self.meetings {
            match meetings.get_consultation(pb::GetConsultationRequest { name: name.clone() }).await {
                Ok(_) => {
                    all.insert(name.clone());
                }
                Err(status) => is_unseen(&status, "CONSULTATION_NOT_FOUND"),
            }
        }
        all
    }

    async fn archived(&self) -> BTreeSet<String> {
        let rows = self.server.rows().await;
        let held = case_circle::Entity::find()
            .filter(case_circle::Column::Hold.eq("ARCHIVED"))
            .all(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
        held.into_iter().map(|row| CaseId(row.case_id).to_string()).collect()
    }

    /// Sets the last day of the second role of everybody.
    async fn second_role_ends(&self, on: Option<NaiveDate>) {
        let rows = self.server.rows().await;
        let role = Role::Doorstroomcoach.to_string();
        affiliation::Entity::update_many()
            .col_expr(affiliation::Column::ValidUntil, Expr::value(on))
            .filter(affiliation::Column::Role.eq(role))
            .exec(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }
}

#[tokio::test]
async fn x11_a_list_is_what_is_left_when_everything_is_asked_for_one_by_one() {
    let world = World::start().await;
    let mut chance = Chance(2026);
    let (mut asked, mut seen) = (0, 0);
    while asked < pairs() {
        world.second_role_ends(None).await;
        world.shuffle(&mut chance).await;
        world.server.clock.advance(TimeDelta::hours(i64::try_from(chance.below(3)).unwrap()));
        let archived = world.archived().await;
        let mut with_both = Vec::new();
        for caller in &world.callers {
            let (listed, checked) = (world.listed(caller).await, world.checked(caller, &archived).await);
            assert_eq!(listed, checked, "{} after {asked} pairs", caller.role);
            let meetings = world.meetings_listed(caller).await;
            assert_eq!(meetings, world.meetings_checked(caller).await, "{} after {asked}", caller.role);
            asked += world.cases.len() + world.meetings.len();
            seen += listed.len() + meetings.len();
            with_both.push((listed, meetings));
        }
        // Monotone: who loses a role sees nothing that was not seen before.
        world.second_role_ends(NaiveDate::from_ymd_opt(2026, 11, 1)).await;
        for (caller, (cases, meetings)) in world.callers.iter().zip(with_both) {
            let names: BTreeSet<_> = cases.into_iter().map(|(name, _)| name).collect();
            let less: BTreeSet<_> = world.listed(caller).await.into_iter().map(|(name, _)| name).collect();
            assert!(less.is_subset(&names), "{}", caller.role);
            assert!(world.meetings_listed(caller).await.is_subset(&meetings), "{}", caller.role);
        }
    }
    println!("{asked} pairs of caller and object, {seen} of them seen; lists and checks agree on all");
    assert!(seen * 20 > asked, "worlds in which something is seen");
}

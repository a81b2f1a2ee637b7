//! What the rights of the people in a case leave behind: proposals and holds; and the programs
//! of the region. The matrix asks for all of it without anything being destroyed.

use schakel_domain::{
    access::Role,
    ids::{CaseId, LoginId, PersonId},
};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, outside_service_client::OutsideServiceClient,
    privacy_service_client::PrivacyServiceClient,
};
use schakel_server::entity::{case_circle, login};
use schakel_tests::{As, TestServer};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::world::{Relation, State, World};

/// Of one case.
pub(super) struct Rights {
    /// An erasure that is proposed, and that a legal hold keeps from being done.
    pub destruction: String,
    /// A legal hold that was lifted.
    pub lifted: String,
}

/// Of the region.
#[derive(Default)]
pub(super) struct Programs {
    pub client: String,
    pub token: String,
    /// Of a person.
    pub login: String,
    /// The terms, as they stand.
    pub terms: pb::RetentionProfile,
}

impl Rights {
    /// Proposes to erase `case` as `iber`, and holds it as `keeper`.
    pub(super) async fn of(server: &TestServer, (iber, keeper): (As, As), case: &str) -> Self {
        let proposal = pb::ProposeErasureRequest {
            case: case.to_owned(),
            ground: pb::ErasureGround::Unlawful.into(),
            asked_by: pb::Requester::Parent.into(),
            request_id: server.request_id(),
        };
        let destruction = PrivacyServiceClient::new(iber).propose_erasure(proposal).await.unwrap();
        let mut keeper = PrivacyServiceClient::new(keeper);
        let mut held = pb::CaseRights::default();
        for reason in ["Er loopt een bezwaar.", "Er loopt een zaak."] {
            let wish = pb::SetLegalHoldRequest {
                case: case.to_owned(),
                reason: reason.to_owned(),
                request_id: server.request_id(),
            };
            held = keeper.set_legal_hold(wish).await.unwrap().into_inner();
        }
        let lifted = held.legal_holds[0].name.clone();
        let ending = pb::LiftLegalHoldRequest {
            case: case.to_owned(),
            name: lifted.clone(),
            request_id: server.request_id(),
        };
        keeper.lift_legal_hold(ending).await.unwrap();
        Self { destruction: destruction.into_inner().name, lifted }
    }
}

impl Programs {
    /// A program of `organisation` with a token, made by the administrator, and a login of `person`.
    pub(super) async fn of(server: &TestServer, organisation: &str, person: &str) -> Self {
        let mut access = AccessServiceClient::new(server.administrator());
        let client = pb::SystemClient {
            organisation: organisation.to_owned(),
            display_name: "Leerlingsysteem".to_owned(),
            scopes: vec!["READ_DIRECTORY".to_owned()],
            ..Default::default()
        };
        let client =
            pb::CreateSystemClientRequest { system_client: Some(client), request_id: server.request_id() };
        let client = access.create_system_client(client).await.unwrap().into_inner().name;
        let token = pb::CreateSystemTokenRequest {
            system_client: client.clone(),
            display_name: "Koppeling".to_owned(),
            valid_days: 90,
            request_id: server.request_id(),
        };
        let token = access.create_system_token(token).await.unwrap().into_inner().token.unwrap().name;
        let mut privacy = PrivacyServiceClient::new(server.administrator());
        let terms = privacy.get_retention_profile(pb::GetRetentionProfileRequest {}).await.unwrap();
        Self { client, token, login: login(server, person).await, terms: terms.into_inner() }
    }
}

/// Put there by hand: no identity provider takes part.
async fn login(server: &TestServer, person: &str) -> String {
    let id = server.app.ids.next(server.app.now());
    let person: PersonId = person.parse().unwrap();
    let row = login::ActiveModel {
        id: Set(id),
        issuer: Set("https://aanmelden.example".to_owned()),
        subject: Set(id.to_string()),
        person_id: Set(Some(person.0)),
        client_id: Set(None),
        created_at: Set(0),
        removed_at: Set(None),
    };
    let rows = server.rows().await;
    login::Entity::insert(row).exec_without_returning(&rows).await.unwrap();
    rows.close().await.unwrap();
    LoginId(id).to_string()
}

/// Whether `method` changes in what state a case is, so that it is called alone and undone.
pub(super) fn is_undone(method: &str) -> bool {
    ["PrivacyService.RestrictCase", "PrivacyService.LiftRestriction"].contains(&method)
}

impl World {
    /// Puts what hangs on `case` there for the rights of its people.
    pub(super) async fn rights(&self, case: &str) -> Rights {
        let own = |role| self.client(role, Relation::Own);
        Rights::of(&self.server, (own(Role::Iber), own(Role::Thuiszitterscoordinator)), case).await
    }

    /// Puts the case of `state` aside, or no longer, as that state says.
    pub(super) async fn hold(&self, state: State) {
        let hold = match state {
            State::Restricted => Some("RESTRICTED"),
            State::Archived => Some("ARCHIVED"),
            State::Open | State::Escalated | State::Closed => None,
        };
        let id: CaseId = self.things[&state].case.name.parse().unwrap();
        let rows = self.server.rows().await;
        case_circle::Entity::update_many()
            .col_expr(case_circle::Column::Hold, Expr::value(hold))
            .filter(case_circle::Column::CaseId.eq(id.0))
            .exec(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }
}

/// A calendar that `person` keeps elsewhere, made by the administrator.
pub(super) async fn calendar_elsewhere(server: &TestServer, person: &str) -> String {
    let calendar = pb::OutsideCalendar {
        person: person.to_owned(),
        address: "https://agenda.example/a.ics".into(),
        ..Default::default()
    };
    let request = pb::CreateOutsideCalendarRequest {
        outside_calendar: Some(calendar),
        request_id: server.request_id(),
    };
    let mut outside = OutsideServiceClient::new(server.administrator());
    outside.create_outside_calendar(request).await.unwrap().into_inner().name
}

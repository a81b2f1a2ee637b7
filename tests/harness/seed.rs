//! Schools, organisations and people as rows, for tests whose subject is something else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    access::Role,
    ids::{CaseId, ConsultationId, OrganisationId, PersonId, SchoolId},
};
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{
        authenticate::today,
        token::{self, Opens},
    },
    entity::{affiliation, case_guest, organisation, person, professional, school, token as tokens},
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel,
    QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{As, TestServer};

/// The first day on which what is seeded holds.
fn since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 1).unwrap()
}

impl TestServer {
    /// A way into the database beside the server, to write what a test starts from and to
    /// look at what is stored. Close it.
    pub async fn rows(&self) -> DatabaseConnection {
        sea_orm::Database::connect(&self.app.settings.database.url).await.unwrap()
    }

    fn region(&self) -> Uuid {
        self.founded.region.0
    }

    fn id(&self) -> Uuid {
        self.app.ids.next(self.app.now())
    }

    async fn keep<M, E>(&self, models: Vec<M>)
    where
        E: EntityTrait<Model = M>,
        M: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior,
    {
        let rows = self.rows().await;
        let models = models.into_iter().map(|model| model.into_active_model().reset_all());
        E::insert_many(models).exec_without_returning(&rows).await.unwrap();
        rows.close().await.unwrap();
    }

    /// An organisation of `kind` (SCHOOL, TEAM, GEMEENTE, BOARD) with a public code.
    pub async fn organisation(&self, kind: &str, code: &str) -> OrganisationId {
        let id = OrganisationId(self.id());
        self.organisation_with_id(id, kind, code).await;
        id
    }

    async fn organisation_with_id(&self, id: OrganisationId, kind: &str, code: &str) {
        let row = organisation::Model {
            region_id: self.region(),
            id: id.0,
            kind: kind.to_owned(),
            code: code.to_owned(),
            display_name: format!("{kind} {code}"),
        };
        self.keep::<_, organisation::Entity>(vec![row]).await;
    }

    /// A school in region Midden, with its organisation.
    pub async fn school(&self, vestigingscode: &str, gemeente: &str) -> SchoolId {
        let id = SchoolId(self.id());
        self.organisation_with_id(id.into(), "SCHOOL", vestigingscode).await;
        let row = school::Model {
            region_id: self.region(),
            id: id.0,
            vestigingscode: vestigingscode.to_owned(),
            display_name: format!("School {vestigingscode}"),
            board_code: "99001".into(),
            street: "Schoolstraat".into(),
            house_number: "1".into(),
            postcode: "9901AA".into(),
            city: "Maasduin".into(),
            gemeente_code: gemeente.to_owned(),
            wijk_code: format!("WK{}01", gemeente.trim_start_matches("GM")),
            denomination: String::new(),
            phone: String::new(),
            website: String::new(),
            holiday_region: "MIDDEN".into(),
            sector: String::new(),
            valid_from: since(),
            valid_until: None,
            version: 1,
        };
        self.keep::<_, school::Entity>(vec![row]).await;
        id
    }

    /// A professional with `role` at `organisation`, and a channel that bears its token.
    pub async fn person(&self, role: Role, organisation: impl Into<OrganisationId>) -> (PersonId, As) {
        let person = PersonId(self.id());
        let row = person::Model {
            id: person.0,
            private: false,
            sealed_name: None,
            sealed_email: None,
            sealed_phone: None,
            sealed_birth_date: None,
            address_confidential: false,
            language: "nl".into(),
            created_at: self.app.now().timestamp_micros(),
        };
        self.keep::<_, person::Entity>(vec![row]).await;
        let code = person.0.simple().to_string();
        let row = professional::Model {
            region_id: self.region(),
            person_id: person.0,
            display_name: format!("{role} {}", &code[code.len() - 4..]),
            email: format!("{code}@maasduin.example"),
            code,
            phone: String::new(),
            valid_from: since(),
            valid_until: None,
            version: 1,
        };
        self.keep::<_, professional::Entity>(vec![row]).await;
        self.affiliate(person, role, organisation).await;
        (person, self.token(person).await)
    }

    /// Takes the mail address of a professional away.
    pub async fn without_address(&self, person: PersonId) {
        let rows = self.rows().await;
        professional::Entity::update_many()
            .col_expr(professional::Column::Email, Expr::value(""))
            .filter(professional::Column::PersonId.eq(person.0))
            .exec(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }

    /// One more role of `person`, at `organisation`.
    pub async fn affiliate(&self, person: PersonId, role: Role, organisation: impl Into<OrganisationId>) {
        let row = affiliation::Model {
            region_id: self.region(),
            id: self.id(),
            person_id: person.0,
            organisation_id: organisation.into().0,
            role: role.to_string(),
            valid_from: since(),
            valid_until: None,
            version: 1,
        };
        self.keep::<_, affiliation::Entity>(vec![row]).await;
    }

    /// Ends every role of `person` in the region today.
    pub async fn end_affiliations(&self, person: PersonId) {
        let mut directory = self.directory();
        let list = pb::ListAffiliationsRequest { person: person.to_string(), ..Default::default() };
        for one in directory.list_affiliations(list).await.unwrap().into_inner().affiliations {
            let end = pb::EndAffiliationRequest {
                name: one.name,
                valid_until: today(self.app.now()).to_string(),
                etag: one.etag,
                request_id: self.request_id(),
            };
            directory.end_affiliation(end).await.unwrap();
        }
    }

    /// A channel that bears a fresh token of `person`, good for ten years.
    pub async fn token(&self, person: PersonId) -> As {
        self.bearing(&self.secret(person).await)
    }

    /// A fresh token of `person`, good for ten years.
    pub async fn secret(&self, person: PersonId) -> String {
        let secret = token::mint(Opens::Api, self.app.ids.as_ref());
        let row = tokens::Model {
            id: self.id(),
            hash: token::hash(Opens::Api, &secret).unwrap(),
            person_id: person.0,
            display_name: "test".into(),
            created_at: self.app.now().timestamp_micros(),
            expires_at: (self.app.now() + TimeDelta::days(3650)).timestamp_micros(),
            revoked_at: None,
            // Its first use today would cost a statement more than the next.
            last_used_on: Some(today(self.app.now())),
        };
        self.keep::<_, tokens::Entity>(vec![row]).await;
        secret
    }

    /// Seats `person` at a table about `case`, as a booking does.
    pub async fn invite(&self, case: CaseId, person: PersonId) {
        let row = case_guest::Model {
            region_id: self.region(),
            case_id: case.0,
            person_id: person.0,
            consultation_id: ConsultationId(self.id()).0,
            joined_at: self.app.now().timestamp_micros(),
        };
        self.keep::<_, case_guest::Entity>(vec![row]).await;
    }
}

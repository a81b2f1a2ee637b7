//! Logins at identity providers, on the wire.

use schakel_domain::{
    access::Action,
    dutch::bsn,
    ids::{LoginId, PersonId, SystemClientId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response};

use super::login::{self, Model, Who};
use crate::{
    app::App,
    error::Result,
    wire::{
        call::{asked, permit},
        fields::{Fields, text},
        page::{Bound, cut},
        time::timestamp_of,
    },
};

/// `OpenID` Connect Core §2.
const LONGEST_SUBJECT: usize = 255;

/// One of the two, and not both.
fn who(fields: &mut Fields, person: &str, system: &str) -> Option<Who> {
    if person.is_empty() == system.is_empty() {
        fields
            .refuse("person", if person.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid });
        return None;
    }
    let person = fields.parse_if::<PersonId>("person", person).map(Who::Person);
    person.or_else(|| fields.parse_if::<SystemClientId>("system_client", system).map(Who::System))
}

/// Exactly as in a token: nothing is cut off.
fn subject(fields: &mut Fields, field: &str, subject: &str) {
    if subject.is_empty() {
        fields.refuse(field, Refusal::FieldRequired);
    } else if subject.len() > LONGEST_SUBJECT {
        fields.refuse(field, Refusal::TextTooLong);
    } else if !subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        fields.refuse(field, Refusal::TextControlChars);
    } else if bsn::found_in(subject) {
        fields.refuse(field, Refusal::BsnRefused);
    }
}

pub(super) async fn bind(app: &App, request: Request<pb::BindLoginRequest>) -> Result<Response<pb::Login>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let wish = request.login.unwrap_or_default();
    if wish.issuer.is_empty() {
        fields.refuse("login.issuer", Refusal::FieldRequired);
    } else if !app.issuers.knows(&wish.issuer) {
        fields.refuse("login.issuer", Refusal::FieldInvalid);
    }
    subject(&mut fields, "login.subject", &wish.subject);
    let who = who(&mut fields, &wish.person, &wish.system_client);
    let (asked, who) = fields.finish(asked.zip(who))?;
    let wish = &wish;
    let bound = app.answer(&grant, &asked, |tx| async move {
        Ok(to_wire(login::bind(&tx, &wish.issuer, &wish.subject, who).await?))
    });
    bound.await.map(Response::new)
}

pub(super) async fn list(
    app: &App,
    request: Request<pb::ListLoginsRequest>,
) -> Result<Response<pb::ListLoginsResponse>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let filter = format!("{}\u{1f}{}", request.person, request.system_client);
    let bound = Bound { app, grant: &grant, filter };
    let mut fields = Fields::default();
    let who = who(&mut fields, &request.person, &request.system_client);
    let page = bound.read(&mut fields, request.page_size, &request.page_token);
    let (who, page) = fields.finish(who.zip(page))?;
    let mut rows = login::list(&app.read(grant.clone()), who, &page).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    Ok(Response::new(pb::ListLoginsResponse {
        logins: rows.into_iter().map(to_wire).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

pub(super) async fn remove(
    app: &App,
    request: Request<pb::RemoveLoginRequest>,
) -> Result<Response<pb::Login>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let id: Option<LoginId> = fields.parse("name", &request.name);
    let (asked, id) = fields.finish(asked.zip(id))?;
    let removed = app.answer(&grant, &asked, |tx| async move { Ok(to_wire(login::remove(&tx, id).await?)) });
    removed.await.map(Response::new)
}

fn to_wire(row: Model) -> pb::Login {
    pb::Login {
        name: LoginId(row.id).to_string(),
        issuer: row.issuer,
        subject: row.subject,
        person: text(row.person_id.map(PersonId)),
        system_client: text(row.client_id.map(SystemClientId)),
        create_time: timestamp_of(row.created_at),
        remove_time: row.removed_at.and_then(timestamp_of),
    }
}

//! Programs of organisations, on the wire.

use schakel_domain::{
    access::{Action, Class, Classes},
    ids::{OrganisationId, SystemClientId},
    refusal::Refusal,
    text::Name,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response};
use uuid::Uuid;

use super::{authenticate::today, mtls::is_oin, organisation, system_client};
use crate::{
    app::App,
    entity::system_client::Model,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
    wire::{
        call::{asked, permit},
        fields::{Fields, text},
        page::{Bound, cut},
        time::timestamp_of,
    },
};

/// What can change; the field, and whether the wish for it is sound.
const CHANGES: [&str; 5] = ["display_name", "oin", "scopes", "valid_until", "disabled"];

fn line(deed: Deed, id: Uuid) -> Line {
    Line { deed, object: "system_client", id: Some(id), subject: None, classes: Classes::of(&[Class::K0]) }
}

fn at(field: &str) -> String {
    format!("system_client.{field}")
}

/// What a program may do at most: at least one thing, none that is for people only.
fn scopes(fields: &mut Fields, wish: &[String]) -> Vec<Action> {
    if wish.is_empty() {
        fields.refuse(at("scopes"), Refusal::FieldRequired);
    }
    let mut scopes = Vec::with_capacity(wish.len());
    for (place, scope) in wish.iter().enumerate() {
        match scope.parse::<Action>().ok().filter(|scope| scope.is_a_scope()) {
            Some(scope) if !scopes.contains(&scope) => scopes.push(scope),
            Some(_) | None => fields.refuse(at(&format!("scopes[{place}]")), Refusal::FieldInvalid),
        }
    }
    scopes
}

fn oin(fields: &mut Fields, wish: &str) -> Option<String> {
    if wish.is_empty() {
        return None;
    }
    if !is_oin(wish) {
        fields.refuse(at("oin"), Refusal::FieldInvalid);
    }
    Some(wish.to_owned())
}

pub(super) async fn create(
    app: &App,
    request: Request<pb::CreateSystemClientRequest>,
) -> Result<Response<pb::SystemClient>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let wish = request.system_client.unwrap_or_default();
    let organisation: Option<OrganisationId> = fields.parse(at("organisation"), &wish.organisation);
    let name: Option<Name> = fields.parse(at("display_name"), &wish.display_name);
    let (oin, scopes) = (oin(&mut fields, &wish.oin), scopes(&mut fields, &wish.scopes));
    let valid_from = fields.date_if(at("valid_from"), &wish.valid_from);
    let valid_until = fields.date_if(at("valid_until"), &wish.valid_until);
    if valid_from.zip(valid_until).is_some_and(|(from, until)| until < from) {
        fields.refuse(at("valid_until"), Refusal::TimeRangeInvalid);
    }
    let read = asked.zip(organisation).zip(name).map(|((a, o), n)| (a, o, n));
    let (asked, organisation, name) = fields.finish(read)?;
    let (name, oin, scopes) = (&name, &oin, &scopes);
    let made = app.answer(&grant, &asked, |tx| async move {
        organisation::get(&tx, organisation).await?;
        let row = Model {
            region_id: tx.region(),
            id: tx.new_id(),
            organisation_id: organisation.0,
            display_name: name.as_str().to_owned(),
            oin: oin.clone(),
            scopes: system_client::scopes_to_column(scopes),
            valid_from: valid_from.unwrap_or_else(|| today(tx.now())),
            valid_until,
            disabled_at: None,
            created_at: to_column(tx.now()),
            version: 1,
        };
        system_client::insert(&tx, row.clone()).await?;
        tx.audit(line(Deed::C, row.id)).await?;
        Ok(to_wire(row))
    });
    made.await.map(Response::new)
}

pub(super) async fn list(
    app: &App,
    request: Request<pb::ListSystemClientsRequest>,
) -> Result<Response<pb::ListSystemClientsResponse>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let bound = Bound { app, grant: &grant, filter: String::new() };
    let mut fields = Fields::default();
    let page = bound.read(&mut fields, request.page_size, &request.page_token);
    let page = fields.finish(page)?;
    let mut rows = system_client::list(&app.read(grant.clone()), &page).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    Ok(Response::new(pb::ListSystemClientsResponse {
        system_clients: rows.into_iter().map(to_wire).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

pub(super) async fn update(
    app: &App,
    request: Request<pb::UpdateSystemClientRequest>,
) -> Result<Response<pb::SystemClient>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let mask = request.update_mask.unwrap_or_default().paths;
    let wish = request.system_client.unwrap_or_default();
    let id: Option<SystemClientId> = fields.parse(at("name"), &wish.name);
    let etag = fields.etag(at("etag"), &wish.etag);
    if mask.is_empty() || mask.iter().any(|path| !CHANGES.contains(&path.as_str())) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
    }
    let has = |field: &str| mask.iter().any(|path| path == field);
    let name =
        has("display_name").then(|| fields.parse::<Name>(at("display_name"), &wish.display_name)).flatten();
    let oin = has("oin").then(|| oin(&mut fields, &wish.oin));
    let scopes = has("scopes").then(|| scopes(&mut fields, &wish.scopes));
    let valid_until = has("valid_until").then(|| fields.date_if(at("valid_until"), &wish.valid_until));
    let disabled = has("disabled").then_some(wish.disabled);
    let (asked, id, etag) = fields.finish(asked.zip(id).zip(etag).map(|((a, i), e)| (a, i, e)))?;
    let change = |tx: &Tx, mut row: Model| {
        if let Some(name) = &name {
            name.as_str().clone_into(&mut row.display_name);
        }
        if let Some(oin) = &oin {
            row.oin.clone_from(oin);
        }
        if let Some(scopes) = &scopes {
            row.scopes = system_client::scopes_to_column(scopes);
        }
        if let Some(last) = valid_until {
            row.valid_until = last;
        }
        if let Some(disabled) = disabled {
            let since = row.disabled_at.unwrap_or(to_column(tx.now()));
            row.disabled_at = disabled.then_some(since);
        }
        row
    };
    let change = &change;
    let changed = app.answer(&grant, &asked, |tx| async move {
        let row = system_client::get(&tx, id).await?;
        if row.version != etag {
            return Err(Error::Stale);
        }
        let row = system_client::update(&tx, change(&tx, row)).await?;
        tx.audit(line(Deed::U, row.id)).await?;
        Ok(to_wire(row))
    });
    changed.await.map(Response::new)
}

fn to_wire(row: Model) -> pb::SystemClient {
    pb::SystemClient {
        name: SystemClientId(row.id).to_string(),
        organisation: OrganisationId(row.organisation_id).to_string(),
        display_name: row.display_name,
        oin: row.oin.unwrap_or_default(),
        scopes: row.scopes.split(' ').map(str::to_owned).collect(),
        valid_from: row.valid_from.to_string(),
        valid_until: text(row.valid_until),
        disabled: row.disabled_at.is_some(),
        create_time: timestamp_of(row.created_at),
        etag: row.version.to_string(),
    }
}

//! Feeds on the wire.

use schakel_domain::{
    consultation::Kind,
    feed::{Detail, Scope, ScopeKind},
    ids::FeedId,
    refusal::{Language, Refusal},
};
use schakel_proto::v1 as pb;

use super::{door::Form, owned::Wish};
use crate::{
    app::App,
    entity::feed::Model,
    error::Result,
    wire::{
        enums::number,
        fields::{Fields, text},
        time::timestamp_of,
    },
};

/// What is asked of a new feed; nothing said is one's own meetings by their titles.
pub(super) fn wish(fields: &mut Fields, request: &pb::CreateFeedRequest) -> Option<Wish> {
    let kind = match request.scope {
        0 => Some(ScopeKind::Own),
        scope => fields.choice("scope", scope, pb::feed::Scope::as_str_name),
    };
    let detail = match request.detail {
        0 => Some(Detail::Title),
        detail => fields.choice("detail", detail, pb::feed::Detail::as_str_name),
    };
    let mut kinds = Vec::with_capacity(request.kinds.len());
    for (at, kind) in request.kinds.iter().enumerate() {
        let kind: Option<Kind> =
            fields.choice(format!("kinds[{at}]"), *kind, pb::consultation::Kind::as_str_name);
        kinds.extend(kind);
    }
    let scope = match kind? {
        ScopeKind::Own if request.of.is_empty() => Some(Scope::Own),
        ScopeKind::Own => {
            fields.refuse("of", Refusal::FieldInvalid);
            None
        }
        ScopeKind::School => fields.parse("of", &request.of).map(Scope::School),
        ScopeKind::Team => fields.parse("of", &request.of).map(Scope::Team),
        ScopeKind::Cluster => fields.parse("of", &request.of).map(Scope::Cluster),
    };
    Some(Wish { scope: scope?, kinds, detail: detail? })
}

/// The feed, without its secret.
pub(super) fn to_wire(row: &Model) -> Result<pb::Feed> {
    let wish = Wish::of(row)?;
    let kind = |kind: &Kind| number("KIND", &kind.to_string(), pb::consultation::Kind::from_str_name);
    Ok(pb::Feed {
        name: FeedId(row.id).to_string(),
        create_time: timestamp_of(row.created_at),
        expire_time: timestamp_of(row.expires_at),
        revoke_time: row.revoked_at.and_then(timestamp_of),
        scope: number("SCOPE", &wish.scope.kind().to_string(), pb::feed::Scope::from_str_name),
        of: wish.scope.name(),
        kinds: wish.kinds.iter().map(kind).collect(),
        detail: number("DETAIL", &wish.detail.to_string(), pb::feed::Detail::from_str_name),
        last_use_date: text(row.last_used),
        replaced_by: text(row.replaced_by.map(FeedId)),
        overlap_end_time: row.overlap_until.and_then(timestamp_of),
    })
}

/// That a feed of others shows its owner's own meetings alone.
pub(super) fn own_alone(language: Language) -> String {
    match language {
        Language::Dutch => {
            "Uw functie leest alleen overleg waar u zelf bij bent. Ander overleg komt nooit in deze agenda."
        }
        Language::English => {
            "Your role reads only meetings at which you sit yourself. No others will ever appear in this calendar."
        }
    }
    .to_owned()
}

/// A new feed with the address that is told once.
pub(super) fn created(app: &App, row: &Model, secret: &str) -> Result<pb::CreateFeedResponse> {
    let ending = Form::ending(Wish::of(row)?.detail);
    let url = format!("{}/feeds/{secret}.{ending}", app.settings.public_url);
    Ok(pb::CreateFeedResponse { feed: Some(to_wire(row)?), url, warnings: Vec::new() })
}

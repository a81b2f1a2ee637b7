//! Serves a feed to whoever holds its address (RFC 9110 §13: only when it changed).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SubsecRound, Utc};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use schakel_domain::{
    access::{Class, Classes},
    ids::{PersonId, RegionId},
};

use super::{
    entries::{Rendered, render},
    store,
};
use crate::{
    access::{
        Grant, Worker, affiliation,
        authenticate::today,
        professional,
        token::{self, Opens},
    },
    app::App,
    entity::feed::Model,
    error::{Error, Result},
    store::{
        Read,
        audit::{Deed, Line},
        keys::sha256,
    },
    web::problem::{self, NOT_FOUND},
};

/// Answers GET and HEAD. An address that was never one, has ended, or belongs to nobody
/// who works here any more: one answer for all.
pub(crate) async fn fetch(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    match answer(&app, &method, uri.path(), &headers).await {
        Ok(Some(response)) => response,
        Ok(None) => NOT_FOUND.json(),
        Err(error) => problem::answer(&error),
    }
}

async fn answer(app: &App, method: &Method, path: &str, asked: &HeaderMap) -> Result<Option<Response>> {
    let Some(feed) = find(app, path).await? else { return Ok(None) };
    let grant = Grant::worker(Worker::Feed, RegionId(feed.region_id));
    let read = app.read(grant.clone());
    if !works_here(&read, &feed).await? {
        return Ok(None);
    }
    let rendered = render(&read, &feed).await?;
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&sha256(rendered.bytes.as_bytes())[..18]));
    if unchanged(asked, &etag, rendered.changed) {
        return Ok(Some((StatusCode::NOT_MODIFIED, validators(&etag, &rendered)).into_response()));
    }
    if method == Method::GET {
        app.edge.fetched(feed.id, app.now())?;
        let classes = Classes::of(&[Class::K1]);
        let (id, subject) = (Some(feed.id), Some(feed.person_id));
        let line = Line { deed: Deed::E, object: "feed", id, subject, classes };
        let count = rendered.count;
        app.write(&grant, None, |tx| async move { tx.audit_counted(line, count).await }).await?;
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok(Some((kind, validators(&etag, &rendered), rendered.bytes).into_response()))
}

async fn find(app: &App, path: &str) -> Result<Option<Model>> {
    let secret = path.strip_prefix("/feeds/").and_then(|file| file.strip_suffix(".ics"));
    match secret.and_then(|secret| token::hash(Opens::Feed, secret)) {
        Some(hash) => store::live(app, hash).await,
        None => Ok(None),
    }
}

/// Whoever has left, or has no role here today, keeps no calendar, as they could not sign in.
async fn works_here(read: &Read, feed: &Model) -> Result<bool> {
    let (person, today) = (PersonId(feed.person_id), today(read.now()));
    match professional::get(read, person).await {
        Ok(own) if own.valid_until.is_some_and(|last| last < today) => Ok(false),
        Ok(_) => Ok(!affiliation::of(read, &[person], today).await?.is_empty()),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// `private, no-cache`: kept by the reader alone, and asked for again each time.
fn validators(etag: &str, rendered: &Rendered) -> [(header::HeaderName, String); 3] {
    [
        (header::ETAG, etag.to_owned()),
        (header::LAST_MODIFIED, http_date(rendered.changed)),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ]
}

fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// If-None-Match decides where it is sent (weakly compared); else If-Modified-Since.
fn unchanged(asked: &HeaderMap, etag: &str, changed: DateTime<Utc>) -> bool {
    let mut tags = asked.get_all(header::IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        return tags
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag);
    }
    asked
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|since| since.to_str().ok())
        .and_then(|since| DateTime::parse_from_rfc2822(&since.replace("GMT", "+0000")).ok())
        .is_some_and(|since| since >= changed.trunc_subsecs(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn a_reader_that_has_the_newest_is_told_so() {
        let changed: DateTime<Utc> = "2026-11-23T08:00:00.5Z".parse().unwrap();
        let told = |name, value: &str| unchanged(&asked(name, value), "\"abc\"", changed);
        for tag in ["\"abc\"", "W/\"abc\"", "\"x\", W/\"abc\"", "\"x\" ,\"abc\"", "*"] {
            assert!(told("if-none-match", tag), "{tag}");
        }
        for tag in ["\"x\"", "abc", "", "W/\"x\""] {
            assert!(!told("if-none-match", tag), "{tag}");
        }
        assert!(told("if-modified-since", &http_date(changed)));
        assert!(!told("if-modified-since", "Mon, 23 Nov 2026 07:59:59 GMT"));
        assert!(!told("if-modified-since", "yesterday"));
        assert_eq!(http_date(changed), "Mon, 23 Nov 2026 08:00:00 GMT");
    }
}

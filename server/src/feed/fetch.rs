//! Serves a feed to whoever holds its secret (RFC 9110 §13: only when it changed).

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use schakel_domain::feed::{Scope, validators};

use super::{
    door::{self, Key, Way},
    entries::View,
    memory::{Kept, Seen},
    owned::Owned,
    store, tally,
};
use crate::{
    access::{Grant, Peer, Worker},
    app::App,
    error::Result,
    web::problem,
};

/// Answers GET and HEAD. An address that was never one, has ended, or belongs to nobody
/// who works here any more: one answer for all.
pub(crate) async fn fetch(State(app): State<App>, request: Request) -> Response {
    let from = request.extensions().get().map(|peer: &Peer| peer.address);
    let (asked, _) = request.into_parts();
    let path = asked.uri.path();
    let Some(key) = door::key(path, &asked.headers) else { return Way::of(path).refuse() };
    match answer(&app, &asked.method, &key, &asked.headers, from).await {
        Ok(Some(response)) => response,
        Ok(None) => Way::of(path).refuse(),
        Err(error) => problem::answer(&error),
    }
}

async fn answer(
    app: &App,
    method: &Method,
    key: &Key,
    asked: &HeaderMap,
    from: Option<IpAddr>,
) -> Result<Option<Response>> {
    let Some(kept) = current(app, &key.hash).await? else { return Ok(None) };
    if !key.form.fits(kept.feed.wish.detail) {
        return Ok(None);
    }
    tally::fetched_from(app, kept.feed.id, from);
    let packs = validators::takes_gzip(&lists(asked, &header::ACCEPT_ENCODING));
    let tags = if packs { [&kept.packed_etag, &kept.etag] } else { [&kept.etag, &kept.packed_etag] };
    if let Some(tag) = unchanged(asked, &kept, tags.map(String::as_str)) {
        return Ok(Some((StatusCode::NOT_MODIFIED, headers(tag, &kept)).into_response()));
    }
    if method == Method::GET {
        app.edge.fetched(kept.feed.id, app.now())?;
        tally::told(app, &kept).await?;
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    let head = (kind, headers(tags[0], &kept));
    Ok(Some(if packs {
        (head.0, [(header::CONTENT_ENCODING, "gzip")], head.1, kept.packed()).into_response()
    } else {
        (head.0, head.1, kept.bytes.clone()).into_response()
    }))
}

/// The feed of a secret as it is now: kept, when nothing can have changed; kept, when looking
/// shows that nothing did; else read and rendered anew.
async fn current(app: &App, hash: &[u8]) -> Result<Option<Arc<Kept>>> {
    // Before anything is looked at: what is committed meanwhile counts as later.
    let commits = *app.committed.borrow();
    let known = app.feeds.find(hash);
    if let Some((kept, seen)) = &known
        // The only process that serves this database knows of every commit.
        && app.settings.database.url.starts_with("sqlite:")
        && seen.holds(commits, app.now())
    {
        return Ok(Some(Arc::clone(kept)));
    }
    let kept = looked(app, hash, known.map(|(kept, _)| kept), commits).await?;
    if kept.is_none() {
        app.feeds.forget(hash);
    }
    Ok(kept)
}

async fn looked(app: &App, hash: &[u8], known: Option<Arc<Kept>>, commits: u64) -> Result<Option<Arc<Kept>>> {
    let Some(row) = store::live(app, hash).await? else { return Ok(None) };
    // Behind the row, so that whoever guesses secrets holds up nobody's calendar.
    let _turn = app.feeds.turn().await;
    let feed = Owned::read(&row)?;
    let read = app.read(Grant::worker(Worker::Feed, feed.region));
    let seen = Seen::new(commits, read.now(), feed.end);
    let Some(view) = View::look(&read, &feed).await? else { return Ok(None) };
    if let Some(kept) = known.filter(|kept| kept.is(&feed, view.marks())) {
        app.feeds.looked(hash, &kept, seen);
        return Ok(Some(kept));
    }
    let rendered = view.render(&read).await?;
    let kept = Arc::new(Kept::new(feed.clone(), view.marks().cloned(), rendered));
    app.feeds.keep(hash, &kept, seen);
    Ok(Some(kept))
}

/// `private, no-cache`: kept by the reader alone, and asked for again each time.
fn headers(tag: &str, kept: &Kept) -> [(HeaderName, String); 4] {
    [
        (header::ETAG, tag.to_owned()),
        (header::LAST_MODIFIED, validators::http_date(kept.changed)),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::VARY, "Accept-Encoding".to_owned()),
    ]
}

/// The tag of what the reader has, when that is the newest. If-None-Match decides where it is sent
/// (weakly compared); else If-Modified-Since, where every change is later than those before it:
/// what others do may leave a feed without a date.
fn unchanged<'t>(asked: &HeaderMap, kept: &Kept, tags: [&'t str; 2]) -> Option<&'t str> {
    if asked.contains_key(header::IF_NONE_MATCH) {
        return validators::named(&lists(asked, &header::IF_NONE_MATCH), tags);
    }
    let since = lists(asked, &header::IF_MODIFIED_SINCE);
    let own = kept.feed.wish.scope == Scope::Own;
    (own && since.first().is_some_and(|since| validators::unchanged_since(since, kept.changed)))
        .then_some(tags[0])
}

/// All lines of a header that are text.
fn lists<'h>(asked: &'h HeaderMap, name: &HeaderName) -> Vec<&'h str> {
    asked.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
}

//! The style sheet, the script and the icon of the pages: each under an address that names its very
//! bytes, so that a browser keeps it for good.

use std::sync::LazyLock;

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, header};

use super::{Workplace, packed::unpacks};
use crate::{feed::memory::pack, store::keys::sha256, web::problem::NOT_FOUND};

/// The parts of the style sheet, in order: first what every page has.
const STYLES: &[&str] = &[
    include_str!("look/base.css"),
    include_str!("look/board.css"),
    include_str!("look/book.css"),
    include_str!("look/cases.css"),
    include_str!("look/region.css"),
    include_str!("look/print.css"),
];

/// The parts of the script; each stands on its own, and no page needs it.
const SCRIPTS: &[&str] =
    &[include_str!("look/base.js"), include_str!("look/book.js"), include_str!("look/region.js")];

/// A file with its address.
pub(super) struct Asset {
    pub(super) path: String,
    kind: &'static str,
    text: String,
    packed: Bytes,
}

impl Asset {
    fn new(stem: &str, extension: &str, kind: &'static str, parts: &[&str]) -> Self {
        let text = parts.join("\n");
        let hash = URL_SAFE_NO_PAD.encode(&sha256(text.as_bytes())[..12]);
        let packed = pack(text.as_bytes());
        Self { path: format!("/assets/{stem}-{hash}.{extension}"), kind, text, packed }
    }
}

pub(super) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style", "css", "text/css; charset=utf-8", STYLES));
pub(super) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("script", "js", "text/javascript; charset=utf-8", SCRIPTS));
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", &[include_str!("look/icon.svg")]));

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/assets/{name}", get(show))
}

async fn show(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let path = format!("/assets/{name}");
    let known: [&Asset; 3] = [&STYLE, &SCRIPT, &ICON];
    let Some(asset) = known.into_iter().find(|asset| asset.path == path) else { return NOT_FOUND.json() };
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "Accept-Encoding"),
    ];
    if unpacks(&asked) {
        (headers, [(header::CONTENT_ENCODING, "gzip")], asset.packed.clone()).into_response()
    } else {
        (headers, asset.text.as_str()).into_response()
    }
}

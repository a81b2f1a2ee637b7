//! Pages in two languages, from templates that escape everything, and the headers that
//! let nothing else run on them.

use std::sync::LazyLock;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use minijinja::{Environment, Value, context};

use crate::store::keys::sha256;

const STYLE: &str = include_str!("templates/style.css");

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, source) in [
        ("base.html", include_str!("templates/base.html")),
        ("start.html", include_str!("templates/start.html")),
        ("message.html", include_str!("templates/message.html")),
        ("answer.html", include_str!("templates/answer.html")),
        ("propose.html", include_str!("templates/propose.html")),
        ("details.html", include_str!("templates/details.html")),
        ("poll.html", include_str!("templates/poll.html")),
        ("code.html", include_str!("templates/code.html")),
        ("wishes.html", include_str!("templates/wishes.html")),
        ("preview.html", include_str!("templates/preview.html")),
    ] {
        templates.add_template(name, source).expect("the templates are tested");
    }
    templates.add_global("style", STYLE);
    templates
});

/// No script, nothing from elsewhere, one style sheet that is known by its hash, forms to
/// ourselves only, no frames.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(sha256(STYLE.as_bytes()));
    HeaderValue::try_from(format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ))
    .expect("base64 is visible ASCII")
});

/// What every answer says, unless it says something else itself.
const USUAL: [(header::HeaderName, &str); 4] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (header::HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Puts the security headers on an answer.
pub(crate) fn protect(headers: &mut HeaderMap, https: bool) {
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| POLICY.clone());
    for (name, value) in USUAL {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}

/// Fills a template.
pub(super) fn render(status: StatusCode, template: &str, values: Value) -> Response {
    match TEMPLATES.get_template(template).and_then(|template| template.render(values)) {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, template, "a page cannot be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, Body::empty()).into_response()
        }
    }
}

/// A page that says one thing.
pub(super) fn message(status: StatusCode, title: &str, dutch: &str, english: &str) -> Response {
    render(status, "message.html", context! { title, dutch, english })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_is_told_stays_text() {
        for hostile in ["<script>alert(1)</script>", "\"><img src=x onerror=1>", "{{ 7*7 }}", "'-alert(1)-'"]
        {
            let html = TEMPLATES
                .get_template("message.html")
                .and_then(|page| page.render(context! { title => hostile, dutch => hostile, english => "" }))
                .unwrap();
            assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
            assert!(!html.contains("49"), "{html}");
        }
    }

    #[test]
    fn the_style_that_the_policy_allows_is_the_one_on_the_page() {
        let html = TEMPLATES.get_template("start.html").and_then(|page| page.render(context! {})).unwrap();
        let style = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).unwrap().0;
        assert!(POLICY.to_str().unwrap().contains(&STANDARD.encode(sha256(style.as_bytes()))));
    }
}

//! The pages as somebody's browser sees them: it keeps cookies, and sends forms with their token.

use std::{collections::BTreeMap, fmt::Write as _, sync::Mutex};

use schakel_domain::ids::{LoginId, PersonId, RegionId};
use schakel_server::access::{
    Grant, SignedIn, Worker,
    login::{self, Who},
    session,
};

use crate::{
    TestServer,
    http::{Answer, Http},
};

/// The provider at which people are said to have signed in.
const ISSUER: &str = "https://idp.example";
/// The cookie that holds a session.
pub const SESSION: &str = "__Host-schakel";

/// A browser.
pub struct Browser {
    http: Http,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A browser in which `person` has signed in.
pub async fn signed_in(server: &TestServer, person: PersonId) -> Browser {
    signed_in_at(server, server.founded.region, person).await
}

/// The same of somebody who works in `region`, where a server has several.
pub async fn signed_in_at(server: &TestServer, region: RegionId, person: PersonId) -> Browser {
    signed_in_by(server, region, (person, ISSUER)).await
}

/// The same of somebody who signed in at a provider of the test's own.
pub async fn signed_in_by(
    server: &TestServer,
    region: RegionId,
    (person, issuer): (PersonId, &str),
) -> Browser {
    let grant = Grant::worker(Worker::Setup, region);
    let subject = &person.0.to_string();
    let bind = server.app.write(&grant, None, |tx| async move {
        login::bind(&tx, issuer, subject, Who::Person(person)).await
    });
    let login = LoginId(bind.await.unwrap().id);
    let secret = session::begin(&server.app, SignedIn { session: None, login, step_up: None }).await.unwrap();
    let browser = Browser::of(server).await;
    browser.cookies.lock().unwrap().insert(SESSION.into(), secret);
    browser
}

/// `name=value&…`, as a browser sends a form.
pub fn form(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            body.push('&');
        }
        for (text, end) in [(name, "="), (value, "")] {
            for byte in text.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._*".contains(&byte) {
                    body.push(char::from(byte));
                } else {
                    let _ = write!(body, "%{byte:02X}");
                }
            }
            body.push_str(end);
        }
    }
    body
}

impl Browser {
    /// One in which nobody has signed in.
    pub async fn of(server: &TestServer) -> Self {
        Self::at(server.http().await)
    }

    /// One that looks at whatever listens there.
    pub fn at(http: Http) -> Self {
        Self { http, cookies: Mutex::default() }
    }

    /// What it keeps under `name`; empty when nothing.
    pub fn cookie(&self, name: &str) -> String {
        self.cookies.lock().unwrap().get(name).cloned().unwrap_or_default()
    }

    /// Has it keep `value` under `name`.
    pub fn keep(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Any request, with its cookies; it keeps those of the answer.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let kept: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        let cookies = kept.join("; ");
        let mut all = headers.to_vec();
        if !cookies.is_empty() {
            all.push(("cookie", &cookies));
        }
        let mut answer = self.http.send(method, path, &all, body).await;
        // Templates write a slash so that it cannot end a tag; a browser reads it as what it is.
        answer.body = answer.body.replace("&#x2f;", "/");
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if line.to_ascii_lowercase().contains("max-age=0") || value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    /// Sends a form as a page of ours would, with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut all = vec![("form", token.as_str())];
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// Sends these very fields.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, &form(fields)).await
    }

    /// The token of its session's forms, as Today has it.
    pub async fn token(&self) -> String {
        let page = self.get("/today").await;
        assert_eq!(page.status, 200, "{page:?}");
        page.value("form")
    }

    /// The page to which an answer leads; the answer itself when it leads nowhere.
    pub async fn follow(&self, answer: Answer) -> Answer {
        let to = answer.header("location").to_owned();
        if to.is_empty() { answer } else { self.get(&to).await }
    }
}

impl Answer {
    /// The value of the first hidden field with this name; empty without one.
    pub fn value(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let found = self.body.split_once(&start).and_then(|(_, rest)| rest.split_once('"'));
        found.map(|(value, _)| value.to_owned()).unwrap_or_default()
    }
}

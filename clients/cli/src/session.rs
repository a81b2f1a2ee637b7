//! One run of the client: the open connection, the names of the profile, and where it remembers.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub(crate) use schakel_client::request_id;
use schakel_client::{Connection, Profile, Tls};
use serde_json::Value;

use crate::{
    Options,
    failure::Failure,
    mention,
    profile::{self, Book},
    value::Reference,
};

pub(crate) type Outcome<T> = Result<T, Failure>;

/// Handy names of resources: `school` → `schools/{uuid}`.
#[derive(Default)]
pub(crate) struct Names(pub(crate) BTreeMap<String, String>);

impl Names {
    /// The resource name that is meant: `@school` is looked up, anything else stands for itself.
    pub(crate) fn resolve(&self, reference: &Reference) -> Outcome<String> {
        let Some(short) = reference.0.strip_prefix('@') else { return Ok(reference.0.clone()) };
        self.0.get(short).cloned().ok_or_else(|| {
            let known: Vec<_> = self.0.keys().map(|name| format!("@{name}")).collect();
            Failure::Usage(format!("the profile does not know @{short}; it knows: {}", known.join(", ")))
        })
    }

    /// As `resolve`, where an organisation is meant: a school and a team are one, by the same id.
    pub(crate) fn organisation(&self, reference: &Reference) -> Outcome<String> {
        let name = self.resolve(reference)?;
        let id = ["schools/", "teams/"].into_iter().find_map(|collection| name.strip_prefix(collection));
        Ok(id.map_or_else(|| name.clone(), |id| format!("organisations/{id}")))
    }
}

pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) names: Names,
    pub(crate) json: bool,
    folder: Option<PathBuf>,
    called: Option<String>,
}

impl Session {
    pub(crate) async fn open(options: Options) -> Outcome<Self> {
        let (mut book, path) = Book::find(options.profile.clone())?;
        if let Some(path) = path.as_deref().filter(|path| book.is_exposed(path)) {
            eprintln!("schakelctl: others can read {}, which holds a token: chmod 600 it", path.display());
        }
        let folder = path.as_deref().and_then(Path::parent).map(Path::to_owned);
        let mut names = folder.as_deref().map(mention::remembered).unwrap_or_default();
        names.append(&mut book.names);
        let names = Names(names);
        let profile = profile(&options, &book, &names, folder.as_deref())?;
        if is_exposed(&profile.server) {
            eprintln!("schakelctl: without https anybody on the way reads the token and the answers");
        }
        let connection = Connection::open(&profile).await?;
        Ok(Self { connection, names, json: options.json, folder, called: options.called })
    }

    pub(crate) fn resolve(&self, reference: &Reference) -> Outcome<String> {
        self.names.resolve(reference)
    }

    /// As `resolve`; absent is empty, as on the wire.
    pub(crate) fn resolve_if(&self, reference: Option<&Reference>) -> Outcome<String> {
        reference.map_or_else(|| Ok(String::new()), |reference| self.resolve(reference))
    }

    /// The organisation that is meant, which may be a school.
    pub(crate) fn organisation(&self, reference: &Reference) -> Outcome<String> {
        self.names.organisation(reference)
    }

    /// As `organisation`; absent is empty, as on the wire.
    pub(crate) fn organisation_if(&self, reference: Option<&Reference>) -> Outcome<String> {
        reference.map_or_else(|| Ok(String::new()), |reference| self.organisation(reference))
    }

    /// Lets the next run call what this one answered by its short name.
    pub(crate) fn remember(&self, answer: &Value) {
        if let Some(folder) = &self.folder {
            mention::remember(folder, answer, self.called.as_deref());
        }
    }

    /// A file beside the profile; none when there is no profile.
    pub(crate) fn beside(&self, file: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(file))
    }
}

fn profile(options: &Options, book: &Book, names: &Names, folder: Option<&Path>) -> Outcome<Profile> {
    let missing = |what| {
        Failure::Usage(format!(
            "no {what}: start `schakel demo` in this folder, write ~/.config/schakel/profile.toml, or give \
             --profile, or --server and SCHAKEL_TOKEN"
        ))
    };
    // A token of one's own is used alone: the profile's person is somebody else.
    let person = match (&options.token, &options.person) {
        (Some(_), None) => None,
        (Some(_) | None, asked) => book.person(asked.as_deref())?,
    };
    let token = options.token.clone().or_else(|| person.and_then(|person| person.token.clone()));
    let tls = Tls {
        authority: match &options.ca {
            Some(file) => Some(profile::pem(None, file)?),
            None => book.ca.as_deref().map(|file| profile::pem(folder, file)).transpose()?,
        },
        identity: person.map(|person| person.identity(folder)).transpose()?.flatten(),
        server_name: None,
    };
    let acting_for = match &options.acting_for {
        Some(reference) => Some(names.organisation(reference)?),
        None => person.and_then(|person| person.acting_for.clone()),
    };
    let server = options.server.clone().or_else(|| book.server.clone()).ok_or_else(|| missing("server"))?;
    let token = match (token, &tls.identity) {
        (Some(token), _) => token,
        (None, Some(_)) => String::new(),
        (None, None) => return Err(missing("token")),
    };
    Ok(Profile { acting_for, language: options.lang.clone(), tls, ..Profile::new(server, token) })
}

/// Whether the token would travel in the clear, beyond this machine.
fn is_exposed(server: &str) -> bool {
    let Some(host) = server.strip_prefix("http://") else { return false };
    let host = host.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    !(host == "localhost" || host == "[::1]" || host.starts_with("127."))
}

/// Calls a method of a service, again while the server is briefly away, always with the same request.
macro_rules! call {
    ($session:expr, $service:ident.$method:ident($request:expr)) => {{
        let request = $request;
        schakel_client::patiently(async || $session.connection.$service().$method(request.clone()).await)
            .await
            .map_err($crate::failure::Failure::from)
    }};
}
pub(crate) use call;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_stand_for_the_resources_of_the_profile() {
        let names = Names([("school".to_owned(), "schools/1".to_owned())].into());
        let resolve = |text: &str| names.resolve(&Reference(text.into())).ok();
        assert_eq!(resolve("@school").as_deref(), Some("schools/1"));
        assert_eq!(resolve("teams/2").as_deref(), Some("teams/2"));
        assert_eq!(resolve("@team"), None);
    }

    #[test]
    fn a_school_or_a_team_is_named_where_an_organisation_is_meant() {
        let names = Names([("school".to_owned(), "schools/1".to_owned())].into());
        let organisation = |text: &str| names.organisation(&Reference(text.into())).ok();
        assert_eq!(organisation("@school").as_deref(), Some("organisations/1"));
        assert_eq!(organisation("teams/2").as_deref(), Some("organisations/2"));
        assert_eq!(organisation("organisations/2").as_deref(), Some("organisations/2"));
        assert_eq!(organisation("@team"), None);
    }

    fn options(person: Option<&str>, token: Option<&str>, acting_for: Option<&str>) -> Options {
        Options {
            profile: None,
            person: person.map(str::to_owned),
            server: None,
            token: token.map(str::to_owned),
            ca: None,
            acting_for: acting_for.map(|name| Reference(name.to_owned())),
            json: false,
            called: None,
            lang: None,
        }
    }

    #[test]
    fn a_token_of_one_s_own_is_never_used_for_the_profile_s_organisation() {
        let text =
            "server = 'http://s'\ndefault = 'a'\n[people.a]\ntoken = 'ska_a'\nacting_for = 'organisations/1'";
        let book: Book = toml::from_str(text).unwrap();
        let as_whom = |options: Options| {
            profile(&options, &book, &Names::default(), None)
                .ok()
                .map(|found| (found.token, found.acting_for))
        };
        let own = |organisation: Option<&str>| organisation.map(str::to_owned);
        assert_eq!(as_whom(options(None, None, None)), Some(("ska_a".into(), own(Some("organisations/1")))));
        assert_eq!(as_whom(options(None, Some("ska_b"), None)), Some(("ska_b".into(), None)));
        let other = options(None, None, Some("organisations/2"));
        assert_eq!(as_whom(other), Some(("ska_a".into(), own(Some("organisations/2")))));
        assert_eq!(as_whom(options(Some("nobody"), None, None)), None);
    }

    #[test]
    fn a_token_in_the_clear_is_warned_of_beyond_this_machine() {
        for safe in
            ["https://schakel.example", "http://127.0.0.1:8480", "http://[::1]:8480", "http://localhost"]
        {
            assert!(!is_exposed(safe), "{safe}");
        }
        assert!(is_exposed("http://schakel.example:8480/") && is_exposed("http://localhost.example"));
    }

    #[test]
    fn every_change_has_an_id_of_its_own() {
        assert_ne!(request_id(), request_id());
    }
}

//! The profile file: where the server is, as whom one can call, and handy names.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{failure::Failure, session::Outcome};

/// A demo in the present folder comes before one's own settings.
const DEMO: &str = "schakel-data/profile.toml";
const OWN: &str = ".config/schakel/profile.toml";

/// What the file holds.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    pub(crate) server: Option<String>,
    /// The authorities that may vouch for an https server, PEM; beside this file.
    pub(crate) ca: Option<PathBuf>,
    /// The person when `--as` is not given.
    default: Option<String>,
    #[serde(default)]
    people: BTreeMap<String, Person>,
    /// `@school` stands for `names.school`.
    #[serde(default)]
    pub(crate) names: BTreeMap<String, String>,
}

/// A credential, and what it is used for.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    pub(crate) token: Option<String>,
    pub(crate) acting_for: Option<String>,
    /// Of a system in place of a token: its certificate and key, PEM; beside this file.
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    /// Of whom it is, for people to read.
    #[serde(default, rename = "name")]
    _name: Option<String>,
}

impl Person {
    /// The certificate and key that it shows, if it does.
    pub(crate) fn identity(&self, folder: Option<&Path>) -> Outcome<Option<(String, String)>> {
        match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Ok(Some((pem(folder, certificate)?, pem(folder, key)?))),
            (None, None) => Ok(None),
            (Some(_), None) | (None, Some(_)) => {
                Err(Failure::Usage("the profile needs both a certificate and its key".to_owned()))
            }
        }
    }
}

/// What stands in a file, beside the profile unless its path says otherwise.
pub(crate) fn pem(folder: Option<&Path>, file: &Path) -> Outcome<String> {
    let path = folder.map_or_else(|| file.to_owned(), |folder| folder.join(file));
    fs::read_to_string(&path).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

impl Book {
    /// The given file, else the first of the usual ones that is there.
    pub(crate) fn find(given: Option<PathBuf>) -> Outcome<(Self, Option<PathBuf>)> {
        let own = std::env::home_dir().map(|home| home.join(OWN));
        let usual = || [Some(PathBuf::from(DEMO)), own].into_iter().flatten().find(|path| path.exists());
        match given.or_else(usual) {
            Some(path) => Ok((Self::read(&path)?, Some(path))),
            None => Ok((Self::default(), None)),
        }
    }

    fn read(path: &Path) -> Outcome<Self> {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::Usage(format!("the profile {}: {error}", path.display())))?;
        Self::parse(&text).map_err(|error| Failure::Usage(format!("the profile {}: {error}", path.display())))
    }

    /// The error names the place, not the text: that may be a secret.
    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
            format!("line {line}: {}", error.message())
        })
    }

    /// Whether others can read the file at `path`, where it came from, and with it a token.
    pub(crate) fn is_exposed(&self, path: &Path) -> bool {
        self.people.values().any(|person| person.token.is_some()) && is_read_by_others(path)
    }

    /// The person asked for, else the default one.
    pub(crate) fn person(&self, asked: Option<&str>) -> Outcome<Option<&Person>> {
        let Some(name) = asked.or(self.default.as_deref()) else { return Ok(None) };
        match self.people.get(name) {
            Some(person) => Ok(Some(person)),
            None => Err(Failure::Usage(format!(
                "the profile has no person `{name}`; it has: {}",
                self.people.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
            ))),
        }
    }
}

#[cfg(unix)]
fn is_read_by_others(path: &Path) -> bool {
    let mode = |found: fs::Metadata| std::os::unix::fs::PermissionsExt::mode(&found.permissions());
    fs::metadata(path).is_ok_and(|found| mode(found) & 0o044 != 0)
}

#[cfg(not(unix))]
fn is_read_by_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        server = "http://127.0.0.1:8480"
        default = "iber"
        [people.iber]
        token = "ska_a"
        acting_for = "organisations/1"
        name = "Ilse Berg"
        [people.fg]
        token = "ska_b"
        [names]
        school = "schools/1"
    "#;

    #[test]
    fn the_default_person_speaks_unless_another_is_asked_for() {
        let book = Book::parse(TEXT).unwrap();
        let token = |asked| book.person(asked).ok().flatten().and_then(|person| person.token.clone());
        assert_eq!(token(None).as_deref(), Some("ska_a"));
        assert_eq!(token(Some("fg")).as_deref(), Some("ska_b"));
        let Err(Failure::Usage(text)) = book.person(Some("nobody")) else { panic!("no such person") };
        assert_eq!(text, "the profile has no person `nobody`; it has: fg, iber");
    }

    #[test]
    fn a_broken_profile_is_told_by_line_and_without_its_secrets() {
        let error = Book::parse("server = 1\n[people.iber]\ntoken = ska_secret").err().unwrap();
        assert!(error.starts_with("line "), "{error}");
        assert!(!error.contains("ska_secret"), "{error}");
    }

    #[test]
    fn a_certificate_needs_its_key_and_stands_beside_the_profile() {
        let identity = |more: &str| {
            let book = Book::parse(&format!("default = 'a'\n[people.a]\n{more}")).unwrap();
            let person = book.person(None).ok().flatten().cloned().unwrap();
            person.identity(Some(Path::new("/nowhere"))).map_err(|failure| failure.rendered(false))
        };
        assert_eq!(identity("token = 'ska_a'"), Ok(None));
        assert!(identity("certificate = 'a.pem'").unwrap_err().contains("both"));
        assert!(identity("certificate = 'a.pem'\nkey = 'a.key'").unwrap_err().contains("/nowhere/a.pem"));
    }

    #[cfg(unix)]
    #[test]
    fn a_token_that_others_can_read_is_noticed() {
        let path = std::env::temp_dir().join(format!("schakel-profile-{}.toml", std::process::id()));
        fs::write(&path, TEXT).unwrap();
        let read = |mode: u32| {
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
            Book::parse(TEXT).unwrap().is_exposed(&path)
        };
        let exposed = [0o600, 0o400, 0o644, 0o640].map(read);
        let nothing = Book::parse("server = 'http://s'").unwrap().is_exposed(&path);
        fs::remove_file(&path).unwrap();
        assert_eq!((exposed, nothing), ([false, false, true, true], false));
    }

    #[test]
    fn a_profile_that_was_asked_for_must_be_there() {
        assert!(matches!(Book::find(Some("/nowhere/profile.toml".into())), Err(Failure::Usage(_))));
    }
}

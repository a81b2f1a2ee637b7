//! What was last spoken of, kept beside the profile so that the next command can say `@case`.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

const FILE: &str = "last-names.json";

/// The words by which the newest thing of a collection is called.
const WORDS: [(&str, &str); 5] = [
    ("cases/", "case"),
    ("consents/", "consent"),
    ("consultations/", "consultation"),
    ("hulpvragen/", "hulpvraag"),
    ("teams/", "team"),
];

/// What `answer`, one thing, speaks of: itself, a case's child and parents, a meeting's parts, the request
/// that an outcome made; all but the request also by what it is `called`.
fn spoken_of(answer: &Value, called_too: Option<&str>) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut names = vec![text(&answer["name"]), text(&answer["outcome"]["hulpvraag"])];
    names.retain(|name| !name.is_empty());
    let called = |name: &String| WORDS.iter().find(|(collection, _)| name.starts_with(collection));
    let mut spoken: BTreeMap<_, _> =
        names.iter().filter_map(|name| Some((called(name)?.1.to_owned(), name.clone()))).collect();
    for (list, field, word) in [("parents", "person", "parent"), ("parts", "consultation", "part")] {
        let members = answer[list].as_array().into_iter().flatten().map(|member| text(&member[field]));
        for (at, name) in members.enumerate().filter(|(_, name)| !name.is_empty()) {
            spoken.insert(format!("{word}{}", at + 1), name.clone());
            spoken.extend(called_too.map(|called| (format!("{called}-{word}{}", at + 1), name)));
        }
    }
    let child = text(&answer["child"]["person"]);
    if !child.is_empty() {
        spoken.extend(called_too.map(|called| (format!("{called}-child"), child.clone())));
        spoken.insert("child".to_owned(), child);
    }
    if let (Some(called), Some(name)) = (called_too, names.first()) {
        spoken.insert(called.to_owned(), name.clone());
    }
    spoken
}

/// Every name that is remembered in `folder`.
pub(crate) fn remembered(folder: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Remembers what `answer` speaks of. They are resource names only, and without a place
/// for them the answer itself is still good.
pub(crate) fn remember(folder: &Path, answer: &Value, called: Option<&str>) {
    let spoken = spoken_of(answer, called);
    if spoken.is_empty() {
        return;
    }
    let mut names = remembered(folder);
    names.extend(spoken);
    let written = serde_json::to_vec(&names).map_err(std::io::Error::from);
    if let Err(error) = written.and_then(|text| fs::write(folder.join(FILE), text)) {
        eprintln!("schakelctl: {}: {error}; @names will not know this", folder.join(FILE).display());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_thing_is_called_by_its_collection_and_a_list_by_nothing() {
        let case = json!({"name": "cases/1", "parents": [{"person": "persons/2"}, {"person": ""}]});
        let called = spoken_of(&case, None);
        assert_eq!(
            called,
            [("case", "cases/1"), ("parent1", "persons/2")].map(|(a, b)| (a.into(), b.into())).into()
        );
        let held = json!({"name": "consultations/3", "outcome": {"hulpvraag": "hulpvragen/4"}});
        assert_eq!(spoken_of(&held, None)["hulpvraag"], "hulpvragen/4");
        assert!(spoken_of(&json!([{"name": "cases/1"}]), Some("noor")).is_empty());
    }

    #[test]
    fn several_things_of_one_kind_have_names_of_their_own() {
        let parents = json!([{"person": "persons/2"}]);
        let case = json!({"name": "cases/1", "parents": parents, "child": {"person": "persons/5"}});
        let called = spoken_of(&case, Some("noor"));
        assert_eq!((called["noor"].as_str(), called["case"].as_str()), ("cases/1", "cases/1"));
        assert_eq!(
            (called["noor-parent1"].as_str(), called["noor-child"].as_str()),
            ("persons/2", "persons/5")
        );
        let parts = json!({"name": "consultations/3", "parts": [{"consultation": "consultations/4"}]});
        assert_eq!(spoken_of(&parts, None)["part1"], "consultations/4");
    }
}

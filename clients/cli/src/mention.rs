//! What was last spoken of, kept beside the profile so that the next command can say `@case`.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

const FILE: &str = "last-names.json";

/// The words by which the newest thing of a collection is called.
const WORDS: [(&str, &str); 3] =
    [("cases/", "case"), ("consultations/", "consultation"), ("hulpvragen/", "hulpvraag")];

/// What `answer`, one thing, speaks of: itself, a case's parents, the request that an outcome made.
fn spoken_of(answer: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut names = vec![text(&answer["name"]), text(&answer["outcome"]["hulpvraag"])];
    names.retain(|name| !name.is_empty());
    let called = |name: &String| WORDS.iter().find(|(collection, _)| name.starts_with(collection));
    let mut spoken: BTreeMap<_, _> =
        names.iter().filter_map(|name| Some((called(name)?.1.to_owned(), name.clone()))).collect();
    let parents = answer["parents"].as_array().into_iter().flatten();
    for (at, parent) in parents.enumerate().filter(|(_, parent)| !text(&parent["person"]).is_empty()) {
        spoken.insert(format!("parent{}", at + 1), text(&parent["person"]));
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
pub(crate) fn remember(folder: &Path, answer: &Value) {
    let spoken = spoken_of(answer);
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
        let called = spoken_of(&case);
        assert_eq!(
            called,
            [("case", "cases/1"), ("parent1", "persons/2")].map(|(a, b)| (a.into(), b.into())).into()
        );
        let held = json!({"name": "consultations/3", "outcome": {"hulpvraag": "hulpvragen/4"}});
        assert_eq!(spoken_of(&held)["hulpvraag"], "hulpvragen/4");
        assert!(spoken_of(&json!([{"name": "cases/1"}])).is_empty());
    }
}

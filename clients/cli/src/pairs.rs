//! Options that hold several values: `name=Anna de Vries,email=anna@example.org`.

/// The pairs, in order. A comma starts a new pair only before one of `keys` and `=`, so that a
/// value may hold commas. Refuses unknown and repeated keys.
pub(crate) fn pairs<'t>(
    text: &'t str,
    keys: &[&'static str],
) -> Result<Vec<(&'static str, &'t str)>, String> {
    let mut found: Vec<(&'static str, &'t str)> = Vec::new();
    let mut rest = Some(text);
    while let Some(here) = rest {
        let (name, value) = here.split_once('=').unwrap_or((here, ""));
        let known = keys.iter().find(|key| **key == name.trim());
        let key = known.ok_or_else(|| format!("`{}` is not one of {}=", name.trim(), keys.join("=, ")))?;
        if found.iter().any(|(other, _)| other == key) {
            return Err(format!("`{key}=` stands twice"));
        }
        let next = value.match_indices(',').find(|(at, _)| begins_pair(&value[at + 1..], keys));
        let end = next.map_or(value.len(), |(at, _)| at);
        found.push((key, value[..end].trim()));
        rest = next.map(|(at, _)| &value[at + 1..]);
    }
    Ok(found)
}

fn begins_pair(text: &str, keys: &[&'static str]) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim();
        // An unknown single word before `=` is a slip of the pen, and is refused as such.
        keys.contains(&name) || (!name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_commas() {
        assert_eq!(
            pairs("text=Call, then write,owner=@smw", &["text", "owner"]),
            Ok(vec![("text", "Call, then write"), ("owner", "@smw")])
        );
    }

    #[test]
    fn slips_of_the_pen_are_told() {
        assert!(pairs("name=A,mail=b", &["name", "email"]).unwrap_err().contains("`mail`"));
        assert!(pairs("name=A,name=B", &["name"]).unwrap_err().contains("twice"));
        assert!(pairs("Anna", &["name"]).is_err());
    }
}

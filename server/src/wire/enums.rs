//! Enums on the wire: `STATE_OPEN` outside is `OPEN` inside.

use std::str::FromStr;

/// The longest suffix of `name` that is a value of `T`, because a domain's word may
/// itself hold an underscore.
pub fn bare<W, T: FromStr>(name: &'static str) -> Option<T> {
    let mut rest = name;
    while let Some((_, tail)) = rest.split_once('_') {
        if let Ok(value) = tail.parse() {
            return Some(value);
        }
        rest = tail;
    }
    None
}

/// The wire's value for a domain word; 0 when the wire has none.
pub fn number<W: Into<i32>>(prefix: &str, word: &str, from: impl Fn(&str) -> Option<W>) -> i32 {
    from(&format!("{prefix}_{word}")).map_or(0, Into::into)
}

//! When a subscriber has the newest already (RFC 9110 §13), and whether it unpacks (§12.5.3).

use chrono::{DateTime, SubsecRound, Utc};

/// Which of `tags` the lists of If-None-Match name, weakly compared (§8.8.3.2); `*` names the first.
#[must_use]
pub fn named<'t>(lists: &[&str], tags: [&'t str; 2]) -> Option<&'t str> {
    let mut asked = lists.iter().flat_map(|list| list.split(',')).map(str::trim);
    asked.find_map(|tag| match tag.strip_prefix("W/").unwrap_or(tag) {
        "*" => Some(tags[0]),
        tag => tags.into_iter().find(|own| *own == tag),
    })
}

/// Whether nothing changed since the date of If-Modified-Since; what is no date says nothing (§13.1.3).
#[must_use]
pub fn unchanged_since(since: &str, changed: DateTime<Utc>) -> bool {
    DateTime::parse_from_rfc2822(&since.replace("GMT", "+0000"))
        .is_ok_and(|since| since >= changed.trunc_subsecs(0))
}

/// As HTTP writes an instant (§5.6.7).
#[must_use]
pub fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whether the lists of Accept-Encoding take gzip. Without them we send what everybody reads.
#[must_use]
pub fn takes_gzip(lists: &[&str]) -> bool {
    let weight = |wanted: &str| -> Option<f32> {
        lists.iter().flat_map(|list| list.split(',')).find_map(|one| {
            let mut parts = one.split(';').map(str::trim);
            let coding = parts.next().filter(|coding| coding.eq_ignore_ascii_case(wanted));
            coding?;
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0)))
        })
    };
    let weight = weight("gzip").or_else(|| weight("x-gzip")).or_else(|| weight("*"));
    weight.is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TAGS: [&str; 2] = ["\"abc\"", "\"abc-gz\""];

    #[test]
    fn a_reader_that_has_the_newest_is_told_so() {
        for tag in ["\"abc\"", "W/\"abc\"", "\"x\", W/\"abc\"", "\"x\" ,\"abc\"", "*"] {
            assert_eq!(named(&[tag], TAGS), Some(TAGS[0]), "{tag}");
        }
        assert_eq!(named(&["\"x\"", "W/\"abc-gz\""], TAGS), Some(TAGS[1]), "of several lines too");
        for tag in ["\"x\"", "abc", "", "W/\"x\"", "\"abc-g\""] {
            assert_eq!(named(&[tag], TAGS), None, "{tag}");
        }
    }

    #[test]
    fn a_date_is_compared_in_whole_seconds() {
        let changed: DateTime<Utc> = "2026-11-23T08:00:00.5Z".parse().unwrap();
        assert_eq!(http_date(changed), "Mon, 23 Nov 2026 08:00:00 GMT");
        assert!(unchanged_since(&http_date(changed), changed));
        assert!(!unchanged_since("Mon, 23 Nov 2026 07:59:59 GMT", changed));
        assert!(!unchanged_since("yesterday", changed));
    }

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for list in
            ["gzip", "deflate, GZIP;q=0.5", "x-gzip", "*", "br;q=1.0, gzip; q=0.1", "identity, *;q=0.2"]
        {
            assert!(takes_gzip(&[list]), "{list}");
        }
        for list in ["", "identity", "gzip;q=0", "*, gzip;q=0.0", "gzip;q=much", "gzippy", "*;q=0"] {
            assert!(!takes_gzip(&[list]), "{list}");
        }
        assert!(takes_gzip(&["br", "gzip"]) && !takes_gzip(&[]));
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_panics(text in "\\PC{0,60}", tag in "[\"a-zW/*, ]{0,20}") {
            let _ = (takes_gzip(&[&text]), unchanged_since(&text, DateTime::UNIX_EPOCH));
            if let Some(found) = named(&[&tag], TAGS) {
                prop_assert!(TAGS.contains(&found));
            }
        }
    }
}

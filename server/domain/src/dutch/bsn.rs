//! Finds burgerservicenummers in text, so that none is ever stored.

/// The weights of the 11-proef, first digit first.
const WEIGHTS: [i32; 9] = [9, 8, 7, 6, 5, 4, 3, 2, -1];

/// Whether nine digits pass the 11-proef (Besluit BSN, bijlage).
#[must_use]
pub fn passes(digits: [u8; 9]) -> bool {
    let sum: i32 = digits.iter().zip(WEIGHTS).map(|(&digit, weight)| i32::from(digit) * weight).sum();
    sum % 11 == 0 && digits != [0; 9]
}

/// The ways nine digits are grouped when people write them.
const GROUPS: [&[usize]; 4] = [&[9], &[3, 3, 3], &[4, 2, 3], &[2, 2, 2, 3]];

/// Whether `text` holds nine digits that pass the 11-proef, in one run or in one of
/// the usual groupings with spaces, dots or hyphens. A date with an hour is none.
#[must_use]
pub fn found_in(text: &str) -> bool {
    let mut groups: Vec<Vec<u8>> = vec![Vec::new()];
    for c in text.chars().chain(['\n']) {
        let last = groups.last_mut().expect("there is always a group");
        if let Some(digit) = c.to_digit(10) {
            last.push(u8::try_from(digit).unwrap_or_default());
        } else if matches!(c, ' ' | '.' | '-') && !last.is_empty() {
            groups.push(Vec::new());
        } else {
            if hidden_in(&groups) {
                return true;
            }
            groups = vec![Vec::new()];
        }
    }
    false
}

/// Whether consecutive digit groups spell a number, whatever stands around them.
fn hidden_in(groups: &[Vec<u8>]) -> bool {
    (0..groups.len()).any(|from| {
        GROUPS.iter().any(|sizes| {
            let Some(run) = groups.get(from..from + sizes.len()) else { return false };
            run.iter().map(Vec::len).eq(sizes.iter().copied())
                && <[u8; 9]>::try_from(run.concat()).is_ok_and(passes)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bsn_is_found_however_it_is_written() {
        for text in [
            "111222333",
            "bsn 111222333.",
            "111.222.333",
            "111 222 333",
            "11-12-22-333",
            "tel 06 111222333 5",
        ] {
            assert!(found_in(text), "{text}");
        }
        for text in [
            "111222334",
            "1112223330",
            "0111222333",
            "000000000",
            "11122233",
            "06 12345678",
            "2026-11-21",
            "op 21-11-2026 9 uur",
        ] {
            assert!(!found_in(text), "{text}");
        }
    }
}

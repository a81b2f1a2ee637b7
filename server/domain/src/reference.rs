//! The spoken reference of a meeting, such as `K7Q-4MDB`, made to survive a telephone.

use std::{fmt, str::FromStr};

use crate::refusal::Refusal;

/// Crockford's base 32: no I, L, O or U.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Crockford's check: the number modulo this prime.
const CHECK: u32 = 37;

/// The numbers of six symbols whose check is one of the 32 symbols.
const REFERENCES: u32 = (1 << 30) / CHECK * 32;

/// Six random symbols and a check symbol, printed `XXX-XXXX`.
///
/// The check is Crockford's, the number modulo 37, which finds every wrong symbol and
/// every two neighbours that changed places, the check itself included. Crockford needs
/// five more signs (`*~$=U`) for it; here the numbers that would need them are not used.
///
/// It says nothing (no year, no school, no count) and opens nothing: some 928 million
/// exist, and whoever knows one still has to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(u32);

impl Reference {
    /// From 32 random bits. Two draws may meet: the caller keeps references unique.
    #[must_use]
    pub fn from_random(bits: u32) -> Self {
        let scaled = (u64::from(bits) * u64::from(REFERENCES)) >> 32;
        let nth = u32::try_from(scaled).unwrap_or_default();
        Self(nth / 32 * CHECK + nth % 32)
    }

    fn symbols(self) -> [u8; 7] {
        let mut symbols = [0; 7];
        for (n, symbol) in symbols.iter_mut().take(6).enumerate() {
            *symbol = SYMBOLS[((self.0 >> (25 - 5 * n)) & 31) as usize];
        }
        symbols[6] = SYMBOLS[(self.0 % CHECK) as usize];
        symbols
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, symbol) in self.symbols().into_iter().enumerate() {
            write!(f, "{}{}", if n == 3 { "-" } else { "" }, char::from(symbol))?;
        }
        Ok(())
    }
}

/// The number of a symbol as people write it: any case, O for 0, I and L for 1.
fn digit(c: char) -> Option<u32> {
    let meant = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = SYMBOLS.iter().position(|&symbol| char::from(symbol) == meant)?;
    u32::try_from(place).ok()
}

impl FromStr for Reference {
    type Err = Refusal;

    /// Hyphens and spaces may stand anywhere.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let mut digits = [0; 7];
        let mut read = 0;
        for c in text.chars().filter(|&c| c != '-' && !c.is_whitespace()) {
            *digits.get_mut(read).ok_or(Refusal::FieldInvalid)? = digit(c).ok_or(Refusal::FieldInvalid)?;
            read += 1;
        }
        let number = digits[..6].iter().fold(0, |number, digit| (number << 5) | digit);
        if read == 7 && number % CHECK == digits[6] { Ok(Self(number)) } else { Err(Refusal::FieldInvalid) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reference_is_read_as_people_write_it() {
        let reference = Reference::from_random(0x9F2C_51E7);
        let printed = reference.to_string();
        assert_eq!((printed.len(), printed.find('-')), (8, Some(3)));
        for spelling in
            [printed.to_lowercase(), printed.replace('-', ""), format!(" {} ", printed.replace('-', " - "))]
        {
            assert_eq!(spelling.parse(), Ok(reference), "{spelling}");
        }
        assert_eq!("000-0000".parse::<Reference>(), "OoO-oOO0".parse());
        assert_eq!("000-0011".parse::<Reference>(), "000-00iL".parse());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "K7Q-4MD", "K7Q-4MDDD", "U00-0000", "000-000*", "é00-0000"] {
            assert_eq!(text.parse::<Reference>(), Err(Refusal::FieldInvalid), "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_references() {
        for bits in [0, u32::MAX] {
            let reference = Reference::from_random(bits);
            assert_eq!(reference.to_string().parse(), Ok(reference));
        }
    }

    proptest! {
        #[test]
        fn it_round_trips(bits: u32) {
            let reference = Reference::from_random(bits);
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
        }

        #[test]
        fn a_single_wrong_symbol_is_caught(bits: u32, place in 0..7_usize, symbol in 0..32_usize) {
            let right = Reference::from_random(bits).symbols();
            let mut wrong = right;
            wrong[place] = SYMBOLS[symbol];
            let read = String::from_utf8(wrong.to_vec()).unwrap().parse::<Reference>();
            prop_assert_eq!(read.is_ok(), wrong == right);
        }

        #[test]
        fn neighbours_that_change_places_are_caught(bits: u32, place in 0..6_usize) {
            let right = Reference::from_random(bits).symbols();
            let mut wrong = right;
            wrong.swap(place, place + 1);
            let read = String::from_utf8(wrong.to_vec()).unwrap().parse::<Reference>();
            prop_assert_eq!(read.is_ok(), wrong == right);
        }
    }
}

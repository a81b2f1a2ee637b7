//! Public codes of schools, boards, areas and addresses, each a checked type.

use std::{fmt, str::FromStr};

use crate::refusal::Refusal;

/// Whether the text has the pattern's length and kinds: `9` a digit, `A` a capital,
/// `X` a digit or a capital, anything else itself.
fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, kind)| match kind {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            itself => byte == itself,
        })
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $normalise:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The one spelling that is stored and compared.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                let normalise: fn(&str) -> Option<String> = $normalise;
                normalise(text).map(Self).ok_or(Refusal::FieldInvalid)
            }
        }
    )*};
}

fn exact(text: &str, pattern: &str) -> Option<String> {
    fits(text, pattern).then(|| text.to_owned())
}

codes! {
    /// DUO's instellingscode: `16SW`.
    Brin: |text| exact(text, "99AA");
    /// DUO's code of a location, the instellingscode and two digits: `16SW00`.
    Vestigingscode: |text| exact(text, "99AA99");
    /// DUO's number of a school board: `77494`.
    BevoegdGezag: |text| exact(text, "99999");
    /// CBS code of a gemeente: `GM0363`; `0363`, as DUO has it, is read too.
    GemeenteCode: |text| {
        let text = text.trim_end();
        if fits(text, "9999") { Some(format!("GM{text}")) } else { exact(text, "GM9999") }
    };
    /// CBS code of a wijk: `WK036301`, since 2022 also with letters (`WK0363AD`). The
    /// padding of `StatLine` is dropped.
    WijkCode: |text| exact(text.trim_end(), "WK9999XX");
    /// `1012AB`; written with one space or in lower case it is read too.
    Postcode: postcode;
    /// The four digits of a postcode, for routing.
    Pc4: |text| exact(text, "9999").filter(|digits| !digits.starts_with('0'));
    /// DUO's code of a samenwerkingsverband: `PO2801`. `PO 28.01`, `po28-01` are read too;
    /// `28.01` alone only with its sector, see [`SwvCode::in_sector`].
    SwvCode: swv;
}

/// Never SA, SD or SS: those letters are not given out.
fn postcode(text: &str) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let text = if fits(&text, "9999 AA") { text.replace(' ', "") } else { text };
    let given_out = !["SA", "SD", "SS"].iter().any(|letters| text.ends_with(letters));
    exact(&text, "9999AA").filter(|code| given_out && !code.starts_with('0'))
}

fn swv(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let (sector, rest) = text.split_at_checked(2).filter(|(sector, _)| ["PO", "VO"].contains(sector))?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let dotted = fits(rest, "99.99") || fits(rest, "99-99");
    let digits = if dotted { rest.replace(['.', '-'], "") } else { rest.to_owned() };
    exact(&digits, "9999").map(|digits| format!("{sector}{digits}"))
}

/// Primary or secondary: each has its own samenwerkingsverbanden.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Sector {
    /// Primair onderwijs.
    Po,
    /// Voortgezet onderwijs.
    Vo,
}

impl SwvCode {
    /// Reads `28.01`, `28-01` or `2801`, as people write it; a sector in the text must be the same.
    pub fn in_sector(sector: Sector, text: &str) -> Result<Self, Refusal> {
        let bare = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let code: Self = if bare { format!("{sector}{}", text.trim()).parse()? } else { text.parse()? };
        if code.sector() == sector { Ok(code) } else { Err(Refusal::FieldInvalid) }
    }

    /// Primary or secondary.
    pub fn sector(&self) -> Sector {
        if self.0.starts_with("PO") { Sector::Po } else { Sector::Vo }
    }
}

impl Vestigingscode {
    /// The school of which it is a location.
    #[must_use]
    pub fn brin(&self) -> Brin {
        Brin(self.0[..4].to_owned())
    }
}

impl WijkCode {
    /// The gemeente in which it lies.
    #[must_use]
    pub fn gemeente(&self) -> GemeenteCode {
        GemeenteCode(format!("GM{}", &self.0[2..6]))
    }
}

impl Postcode {
    /// Its four digits.
    #[must_use]
    pub fn pc4(&self) -> Pc4 {
        Pc4(self.0[..4].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table<T: FromStr<Err = Refusal> + fmt::Display>(good: &[(&str, &str)], bad: &[&str]) {
        for (text, code) in good {
            assert_eq!(text.parse::<T>().map(|code| code.to_string()), Ok((*code).to_owned()), "{text}");
        }
        for text in bad {
            assert_eq!(text.parse::<T>().map(|code| code.to_string()), Err(Refusal::FieldInvalid), "{text}");
        }
    }

    #[test]
    fn codes_of_schools_and_boards_are_exact() {
        table::<Brin>(&[("16SW", "16SW"), ("90AA", "90AA")], &["", "16sw", "16S", "16SW0", "A6SW", "１6SW"]);
        table::<Vestigingscode>(&[("94ZZ09", "94ZZ09")], &["94ZZ", "94ZZ0", "94ZZ0A", "94ZZ 09"]);
        table::<BevoegdGezag>(&[("77494", "77494")], &["7749", "774940", "7749A"]);
        assert_eq!("16SW02".parse::<Vestigingscode>().unwrap().brin().as_str(), "16SW");
    }

    #[test]
    fn codes_of_areas_lose_only_their_padding() {
        table::<GemeenteCode>(
            &[("GM0363", "GM0363"), ("0363", "GM0363"), ("GM9901", "GM9901"), ("GM0363    ", "GM0363")],
            &["363", "GM363", "gm0363", "GM03630", "WK0363"],
        );
        table::<WijkCode>(
            &[("WK036301", "WK036301"), ("WK0363AD", "WK0363AD"), ("WK0363AD  ", "WK0363AD")],
            &["WK0363", "WK0363ad", "BU03630101", "WK0363A-"],
        );
        assert_eq!("WK9901AD".parse::<WijkCode>().unwrap().gemeente().as_str(), "GM9901");
    }

    #[test]
    fn postcodes_are_read_as_people_write_them() {
        table::<Postcode>(
            &[("1012AB", "1012AB"), ("1012 ab", "1012AB"), ("2300RA", "2300RA")],
            &["0123AB", "1012SA", "1012 sd", "1012SS", "1012  AB", "1012A", "1012A1", "1012"],
        );
        table::<Pc4>(&[("1012", "1012")], &["0999", "101", "10123", "101A"]);
        assert_eq!("1012 ab".parse::<Postcode>().unwrap().pc4().as_str(), "1012");
    }

    #[test]
    fn a_samenwerkingsverband_has_a_sector() {
        table::<SwvCode>(
            &[("PO2801", "PO2801"), ("PO 28.01", "PO2801"), ("vo28-01", "VO2801"), ("PO0001", "PO0001")],
            &["2801", "28.01", "PO28.0.1", "PO281", "MO2801", "PO28/01", "PO"],
        );
        for text in ["28.01", "28-01", "2801", "PO2801"] {
            assert_eq!(SwvCode::in_sector(Sector::Po, text).unwrap().as_str(), "PO2801", "{text}");
        }
        assert_eq!(SwvCode::in_sector(Sector::Vo, "PO2801"), Err(Refusal::FieldInvalid));
    }

    proptest! {
        #[test]
        fn what_is_read_prints_as_something_that_reads_the_same(
            text in "(PO|VO)?[ ]?[0-9]{2}[.-]?[0-9]{2}|[0-9]{4} ?[a-zA-Z]{2}|(GM)?[0-9]{4} *|\\PC{0,8}",
        ) {
            if let Ok(code) = text.parse::<SwvCode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
            if let Ok(code) = text.parse::<Postcode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
            if let Ok(code) = text.parse::<GemeenteCode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
        }
    }
}

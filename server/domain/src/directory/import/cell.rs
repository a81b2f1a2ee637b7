//! What a cell of a file may hold, and how each kind reads, writes and explains itself.

use chrono::{NaiveDate, Weekday};
use strum::IntoEnumIterator;

use crate::{
    access::Role,
    availability::AbsenceKind,
    dutch::codes::Sector,
    refusal::Refusal,
    text::{EmailAddress, Name},
};

/// The form that a cell should have; empty where the refusal's own text says enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// In plain Dutch.
    pub dutch: &'static str,
    /// In English.
    pub english: &'static str,
}

/// Why a cell cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub refusal: Refusal,
    /// What it should be.
    pub form: Form,
}

const NO_FORM: Form = Form { dutch: "", english: "" };

/// A row with more or fewer cells than the header.
pub const WRONG_WIDTH: Problem = Problem {
    refusal: Refusal::FieldInvalid,
    form: Form {
        dutch: "Deze regel heeft niet evenveel velden als de eerste regel. Zet tekst met een ; tussen aanhalingstekens.",
        english: "This line does not have as many fields as the first line. Put text with a ; between quotes.",
    },
};

/// A stretch that ends before it begins.
pub const WRONG_ORDER: Problem = Problem {
    refusal: Refusal::TimeRangeInvalid,
    form: Form {
        dutch: "TOTENMET is de laatste dag en ligt niet voor VANAF; TOT is een tijdstip en ligt na VAN.",
        english: "TOTENMET is the last day and does not come before VANAF; TOT is a time and comes after VAN.",
    },
};

/// A kind of cell.
pub trait Cell: Sized {
    /// Told when the text does not have this form.
    const FORM: Form;

    /// Reads a cell that is not empty and passed the checks of every text.
    fn from_text(text: &str) -> Option<Self>;

    /// What [`Cell::read`] reads back.
    fn show(&self) -> String;

    /// Reads any cell; no cell holds a BSN, a control character or an endless text.
    fn read(text: &str) -> Result<Self, Problem> {
        text.parse::<Name>().map_err(|refusal| Problem { refusal, form: NO_FORM })?;
        Self::from_text(text).ok_or(Problem { refusal: Refusal::FieldInvalid, form: Self::FORM })
    }
}

impl<C: Cell> Cell for Option<C> {
    const FORM: Form = C::FORM;

    fn from_text(text: &str) -> Option<Self> {
        C::from_text(text).map(Some)
    }

    fn show(&self) -> String {
        self.as_ref().map(C::show).unwrap_or_default()
    }

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() { Ok(None) } else { C::read(text).map(Some) }
    }
}

impl Cell for Name {
    const FORM: Form = NO_FORM;

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Cell for EmailAddress {
    const FORM: Form = Form {
        dutch: "Schrijf één adres, zoals naam@school.nl.",
        english: "Write one address, like name@school.nl.",
    };

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Cell for NaiveDate {
    const FORM: Form = Form {
        dutch: "Schrijf de datum als jaar-maand-dag, zoals 2026-08-01.",
        english: "Write the date as year-month-day, like 2026-08-01.",
    };

    /// Years 1900 to 2199: beyond is a slip of the pen.
    fn from_text(text: &str) -> Option<Self> {
        let date: Self = text.parse().ok()?;
        let plausible = (1900..2200).contains(&chrono::Datelike::year(&date));
        (plausible && date.to_string() == text).then_some(date)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Cell for Role {
    const FORM: Form = Form {
        dutch: "Schrijf een functie in hoofdletters, zoals IBER, SMW of JEUGDVERPLEEGKUNDIGE; geen ouder of jeugdige.",
        english: "Write a role in capitals, like IBER, SMW or JEUGDVERPLEEGKUNDIGE; no parent or child.",
    };

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().filter(|role: &Self| !role.is_private())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Cell for Sector {
    const FORM: Form = Form { dutch: "Schrijf PO of VO.", english: "Write PO or VO." };

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

const DAYS: [&str; 7] = ["MA", "DI", "WO", "DO", "VR", "ZA", "ZO"];

impl Cell for Weekday {
    const FORM: Form = Form {
        dutch: "Schrijf de dag als MA, DI, WO, DO, VR, ZA of ZO.",
        english: "Write the day as MA, DI, WO, DO, VR, ZA or ZO.",
    };

    fn from_text(text: &str) -> Option<Self> {
        let place = DAYS.iter().position(|day| *day == text)?;
        Self::try_from(u8::try_from(place).ok()?).ok()
    }

    fn show(&self) -> String {
        DAYS[self.num_days_from_monday() as usize].to_owned()
    }
}

/// Minutes since midnight; 24:00 is the next midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClockTime(pub u16);

impl Cell for ClockTime {
    const FORM: Form = Form {
        dutch: "Schrijf de tijd als 08:30.",
        english: "Write the time as 08:30, on the 24-hour clock.",
    };

    fn from_text(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let two = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        (minutes < 60 && hours * 60 + minutes <= 1440).then_some(Self(hours * 60 + minutes))
    }

    fn show(&self) -> String {
        format!("{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Cell for AbsenceKind {
    const FORM: Form = Form {
        dutch: "Schrijf VERLOF, OPLEIDING of AFWEZIG.",
        english: "Write VERLOF, OPLEIDING or AFWEZIG.",
    };

    fn from_text(text: &str) -> Option<Self> {
        Self::iter().find(|kind| kind.show() == text)
    }

    fn show(&self) -> String {
        let word = match self {
            Self::Leave => "VERLOF",
            Self::Study => "OPLEIDING",
            Self::Away => "AFWEZIG",
        };
        word.to_owned()
    }
}

/// Codes: a newtype of text with one form.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $normal:expr, $dutch:literal, $english:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The code in its one spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Cell for $name {
            const FORM: Form = Form { dutch: $dutch, english: $english };

            fn from_text(text: &str) -> Option<Self> {
                let normal: fn(&str) -> Option<String> = $normal;
                normal(text).map(Self)
            }

            fn show(&self) -> String {
                self.0.clone()
            }
        }
    )*};
}

codes! {
    /// The code of an institution: two digits and two letters, as 90AA.
    Instellingscode: |text| pattern(text, "00AA"),
        "Schrijf de instellingscode als 90AA: twee cijfers, twee hoofdletters.",
        "Write the code of the institution as 90AA: two digits, two capitals.";
    /// The code of a location: that of the institution and two more characters, as 90AA00.
    Vestigingscode: |text| pattern(text, "00AAXX"),
        "Schrijf de vestigingscode als 90AA00.", "Write the code of the location as 90AA00.";
    /// Four digits and two letters; kept without a space.
    Postcode: |text| pattern(&text.replace(' ', "").to_ascii_uppercase(), "0000AA").filter(|code| !code.starts_with('0')),
        "Schrijf de postcode als 1234 AB.", "Write the postcode as 1234 AB.";
    /// The number of a gemeente: four digits; leading zeros may be missing.
    Gemeentenummer: |text| Some(format!("{text:0>4}")).and_then(|code| pattern(&code, "0000")),
        "Schrijf het gemeentenummer als vier cijfers.", "Write the number of the gemeente as four digits.";
    /// The code of a gemeente at the CBS, as GM0579.
    Gemeentecode: |text| pattern(text, "GM0000"),
        "Schrijf de gemeentecode als GM en vier cijfers.", "Write the code of the gemeente as GM and four digits.";
    /// The code of a wijk at the CBS, as WK990101; the last two can be letters.
    Wijkcode: |text| pattern(text, "WK0000XX"),
        "Schrijf de wijkcode als WK, vier cijfers en nog twee tekens.",
        "Write the code of the wijk as WK, four digits and two more characters.";
    /// A code that the region gives itself: letters, digits and hyphens, at most 32.
    Code: |text| own(text),
        "Gebruik alleen letters, cijfers en streepjes, niet meer dan 32.",
        "Use only letters, digits and hyphens, no more than 32.";
}

/// `0` stands for a digit, `A` for a capital, `X` for either; anything else for itself.
fn pattern(text: &str, pattern: &str) -> Option<String> {
    let fits = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        fixed => byte == fixed,
    };
    (text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)).then(|| text.to_owned())
}

fn own(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (plain && (1..=32).contains(&text.len())).then(|| text.to_owned())
}

/// Closed lists of words.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* } $dutch:literal, $english:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            strum::Display, strum::EnumString, strum::EnumIter)]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl Cell for $name {
            const FORM: Form = Form { dutch: $dutch, english: $english };

            fn from_text(text: &str) -> Option<Self> {
                Self::iter().find(|kind| kind.to_string() == text)
            }

            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

kinds! {
    /// What schools come together in.
    ClusterKind {
        /// Regionaal Overleg Kwaliteit.
        Rok,
        /// Knooppunt.
        Knooppunt,
        /// Another grouping.
        Overig
    } "Schrijf ROK, KNOOPPUNT of OVERIG.", "Write ROK, KNOOPPUNT or OVERIG.";
    /// What a team calls itself.
    TeamKind {
        /// Wijkteam.
        Wijkteam,
        /// Gebiedsteam.
        Gebiedsteam,
        /// Jeugd- en gezinsteam.
        Jgt,
        /// Wijkgebonden JOT.
        Jot,
        /// Jeugdgezondheidszorg.
        Jgz,
        /// Another team of a gemeente.
        Overig
    } "Schrijf WIJKTEAM, GEBIEDSTEAM, JGT, JOT, JGZ of OVERIG.", "Write WIJKTEAM, GEBIEDSTEAM, JGT, JOT, JGZ or OVERIG.";
    /// What a part of a work area is.
    AreaKind {
        /// A wijk of the CBS.
        Wijk,
        /// Four digits, or four digits and two letters.
        Postcode,
        /// A gemeente, as GM0579.
        Gemeente,
        /// A school, by its vestigingscode.
        School
    } "Schrijf WIJK, POSTCODE, GEMEENTE of SCHOOL.", "Write WIJK, POSTCODE, GEMEENTE or SCHOOL.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_spelling() {
        assert_eq!(Postcode::read("1234 ab").unwrap().show(), "1234AB");
        assert_eq!(Gemeentenummer::read("579").unwrap().show(), "0579");
        assert!(Vestigingscode::read("90AA0").is_err() && Vestigingscode::read("9OAA00").is_err());
        assert!(Wijkcode::read("WK9901A1").is_ok() && Gemeentecode::read("GM990").is_err());
        assert!(Postcode::read("0123AB").is_err());
    }

    #[test]
    fn times_and_dates_are_read_in_one_form_only() {
        assert_eq!(ClockTime::read("24:00"), Ok(ClockTime(1440)));
        for wrong in ["8:30", "08:60", "24:01", "+8:30", "08.30", "é:30"] {
            assert!(ClockTime::read(wrong).is_err(), "{wrong}");
        }
        for wrong in ["1-8-2026", "2026-8-1", "+2026-08-01", "9999-01-01", "2026-02-30"] {
            assert!(NaiveDate::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parents_are_not_imported() {
        assert!(Role::read("OUDER").is_err());
        assert_eq!(Role::read("SMW"), Ok(Role::Smw));
    }

    #[test]
    fn no_kind_of_cell_takes_a_bsn() {
        assert_eq!(Code::read("111222333").unwrap_err().refusal, Refusal::BsnRefused);
        assert_eq!(<Option<Name>>::read("bel 111222333").unwrap_err().refusal, Refusal::BsnRefused);
    }
}

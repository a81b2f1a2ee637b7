//! DUO's open data on locations of schools (DUO Open Onderwijsdata, "alle vestigingen").

use std::collections::BTreeSet;

use super::{
    cell::{Cell, Code, Form, Gemeentenummer, Instellingscode, Postcode, Problem, Vestigingscode},
    own::record,
};
use crate::{refusal::Refusal, text::Name};

record! {
    /// A location of a school. Columns of the file that are not named here are not read.
    Vestiging, key: [vestigingscode], check: code_of_institution, columns: {
        /// Province.
        provincie: Option<Name> = ["PROVINCIE"],
        /// Number of the board.
        bevoegd_gezag: Code = ["BEVOEGD GEZAG NUMMER"],
        /// The institution; older files call it BRIN.
        instellingscode: Instellingscode = ["INSTELLINGSCODE", "BRIN NUMMER"],
        /// The location.
        vestigingscode: Vestigingscode = ["VESTIGINGSCODE"],
        /// Its name.
        naam: Name = ["VESTIGINGSNAAM"],
        /// Street.
        straat: Option<Name> = ["STRAATNAAM"],
        /// House number with its addition.
        huisnummer: Option<Name> = ["HUISNUMMER-TOEVOEGING"],
        /// Postcode.
        postcode: Postcode = ["POSTCODE"],
        /// Town.
        plaats: Name = ["PLAATSNAAM"],
        /// Number of the gemeente.
        gemeentenummer: Gemeentenummer = ["GEMEENTENUMMER"],
        /// Name of the gemeente.
        gemeente: Name = ["GEMEENTENAAM"],
        /// Denomination.
        denominatie: Option<Name> = ["DENOMINATIE"],
        /// Telephone of the school.
        telefoon: Option<Name> = ["TELEFOONNUMMER"],
        /// Web site.
        internetadres: Option<Name> = ["INTERNETADRES"],
    }
}

const OTHER_INSTITUTION: Form = Form {
    dutch: "De vestigingscode begint met de instellingscode.",
    english: "The code of the location starts with that of the institution.",
};

fn code_of_institution(row: &Vestiging) -> Option<(&'static str, Problem)> {
    let own = row.vestigingscode.as_str().starts_with(row.instellingscode.as_str());
    (!own).then_some(("VESTIGINGSCODE", Problem { refusal: Refusal::FieldInvalid, form: OTHER_INSTITUTION }))
}

/// The part of the country that an import is for; `None` leaves that side open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Only these boards.
    pub boards: Option<BTreeSet<String>>,
    /// Only these gemeenten, by number.
    pub gemeenten: Option<BTreeSet<String>>,
}

impl Scope {
    /// Whether a location is of one of the boards and in one of the gemeenten.
    pub fn contains(&self, row: &Vestiging) -> bool {
        let within =
            |set: &Option<BTreeSet<String>>, code: &str| set.as_ref().is_none_or(|set| set.contains(code));
        within(&self.boards, row.bevoegd_gezag.as_str())
            && within(&self.gemeenten, row.gemeentenummer.as_str())
    }
}

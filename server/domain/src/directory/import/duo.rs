//! DUO's open data on locations of schools (DUO Open Onderwijsdata, "alle vestigingen").

use std::collections::BTreeSet;

use super::{
    cell::{Cell, Code, Form, Gemeentenummer, Instellingscode, Postcode, Problem, Vestigingscode},
    own::record,
};
use crate::{dutch::codes::Sector, refusal::Refusal, text::Name};

record! {
    /// A location of a school. Columns of the file that are not named here are not read.
    Vestiging, key: [vestigingscode], check: code_of_institution, under: with_sector, columns: {
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
        /// Primary or secondary: a column of our own. Of a file that was read it holds what the next two tell.
        sector: Option<Sector> = ["SECTOR"] optional,
        /// In DUO's file of special schools: SBAO, SO, VSO, or (V)SO for both.
        soort: Option<Name> = ["SOORT PRIMAIR ONDERWIJS"] optional,
        /// In DUO's file of secondary education, and in no other: what is taught, such as VBO/MAVO.
        structuur: Option<Name> = ["ONDERWIJSSTRUCTUUR"] optional,
    }
}

/// The columns of DUO's "alle schoolvestigingen in het basisonderwijs". Those of its other two files are these and
/// one or three more.
const BASISONDERWIJS: [&str; 31] = [
    "PROVINCIE",
    "BEVOEGD GEZAG NUMMER",
    "INSTELLINGSCODE",
    "VESTIGINGSCODE",
    "VESTIGINGSNAAM",
    "STRAATNAAM",
    "HUISNUMMER-TOEVOEGING",
    "POSTCODE",
    "PLAATSNAAM",
    "GEMEENTENUMMER",
    "GEMEENTENAAM",
    "DENOMINATIE",
    "TELEFOONNUMMER",
    "INTERNETADRES",
    "STRAATNAAM CORRESPONDENTIEADRES",
    "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES",
    "POSTCODE CORRESPONDENTIEADRES",
    "PLAATSNAAM CORRESPONDENTIEADRES",
    "NODAAL GEBIED CODE",
    "NODAAL GEBIED NAAM",
    "RPA-GEBIED CODE",
    "RPA-GEBIED NAAM",
    "WGR-GEBIED CODE",
    "WGR-GEBIED NAAM",
    "COROPGEBIED CODE",
    "COROPGEBIED NAAM",
    "ONDERWIJSGEBIED CODE",
    "ONDERWIJSGEBIED NAAM",
    "RMC-REGIO CODE",
    "RMC-REGIO NAAM",
    "VAKANTIEREGIO",
];

/// The sector, where it is certain: of a file with fewer columns, or a school for both, nobody knows.
fn with_sector(row: Vestiging, header: &[String]) -> Vestiging {
    let told = match (&row.soort, &row.structuur) {
        (Some(soort), _) => match soort.as_str() {
            "BAO" | "SBAO" | "SO" => Some(Sector::Po),
            "VSO" => Some(Sector::Vo),
            _ => None,
        },
        (None, Some(_)) => Some(Sector::Vo),
        (None, None) => (header == BASISONDERWIJS).then_some(Sector::Po),
    };
    Vestiging { sector: row.sector.or(told), soort: None, structuur: None, ..row }
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

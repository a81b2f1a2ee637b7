//! Why a row does not fit the register, and what to do about it.

use schakel_domain::{
    directory::import::cell::{Form, Problem},
    refusal::Refusal,
};

const fn unknown(dutch: &'static str, english: &'static str) -> Problem {
    Problem { refusal: Refusal::FieldInvalid, form: Form { dutch, english } }
}

pub(super) const SCHOOL: Problem = unknown(
    "Deze school staat niet in het register. Verbeter de code of importeer eerst de scholen.",
    "This school is not in the register. Correct the code or import the schools first.",
);
pub(super) const WIJK: Problem = unknown(
    "Deze wijk staat niet in het register. Verbeter de code of importeer eerst de wijken.",
    "This wijk is not in the register. Correct the code or import the wijken first.",
);
pub(super) const GEMEENTE: Problem = unknown(
    "Deze gemeente staat niet in het register. Verbeter de code of importeer eerst de wijken.",
    "This gemeente is not in the register. Correct the code or import the wijken first.",
);
pub(super) const TEAM: Problem = unknown(
    "Dit team staat niet in het register. Verbeter de code of importeer eerst de teams.",
    "This team is not in the register. Correct the code or import the teams first.",
);
pub(super) const PERSON: Problem = unknown(
    "Deze persoon staat niet in het register. Verbeter de code of importeer eerst de personen.",
    "This person is not in the register. Correct the code or import the persons first.",
);
pub(super) const ORGANISATION: Problem = unknown(
    "Deze organisatie staat niet in het register. Verbeter de code of importeer eerst scholen en teams.",
    "This organisation is not in the register. Correct the code or import schools and teams first.",
);
pub(super) const ROLE_AT_PARTNER: Problem = unknown(
    "Deze functie bestaat niet bij dit soort organisatie. Verbeter de functie.",
    "Nobody has this role at an organisation of this kind. Correct the role.",
);
pub(super) const DEPUTY: Problem =
    unknown("De vervanger is een ander dan de persoon zelf.", "The deputy is somebody else than the person.");
pub(super) const OTHERWISE: Problem = unknown(
    "Een eerdere regel met dezelfde code zegt hier iets anders. Maak ze gelijk.",
    "An earlier line with the same code says otherwise. Make them the same.",
);
pub(super) const OVERLAP: Problem = Problem {
    refusal: Refusal::AlreadyExists,
    form: Form {
        dutch: "Dit staat er al voor een deel van deze dagen. Geef de eerste een TOTENMET voor deze VANAF.",
        english: "This is there already on some of these days. Give the first one a TOTENMET before this VANAF.",
    },
};

//! The fourteen children whose stories together touch every rule, as a table.

use super::{
    cases::Track::{self, Exemption, HandOver, Stage},
    schools::SchoolSoort::{self, Bao, Sbo, So},
};

/// A parent as the table knows one; names come with the seed.
#[derive(Clone, Copy)]
pub(super) struct ParentShape {
    pub(super) gezag: bool,
    pub(super) email: bool,
    pub(super) secret_address: bool,
    /// BCP 47; anything but Dutch needs an interpreter.
    pub(super) language: &'static str,
}

pub(super) const GEZAG: ParentShape =
    ParentShape { gezag: true, email: true, secret_address: false, language: "nl" };
pub(super) const NO_GEZAG: ParentShape = ParentShape { gezag: false, ..GEZAG };
const SECRET: ParentShape = ParentShape { secret_address: true, ..GEZAG };
pub(super) const NO_EMAIL: ParentShape = ParentShape { email: false, ..GEZAG };
const TOLK: ParentShape = ParentShape { language: "ti", ..GEZAG };

/// Where the child lives, seen from its school.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    SameGemeente,
    OtherGemeente,
}

pub(super) struct Archetype {
    pub(super) number: u8,
    pub(super) age: u8,
    /// None: the child stands in no school's register.
    pub(super) school: Option<SchoolSoort>,
    pub(super) absence: &'static str,
    /// Calendar days from the first day of absence to the first day of the region.
    pub(super) days: i64,
    pub(super) track: Track,
    pub(super) escalation: u8,
    pub(super) parents: &'static [ParentShape],
    pub(super) home: Home,
    /// Calendar days before the first day, and what was written then; `{kind}` is the child.
    pub(super) notes: &'static [(i64, &'static str)],
}

const fn row(number: u8, age: u8, school: Option<SchoolSoort>, absence: (&'static str, i64)) -> Archetype {
    Archetype {
        number,
        age,
        school,
        absence: absence.0,
        days: absence.1,
        track: Stage(0),
        escalation: 0,
        parents: &[GEZAG, GEZAG],
        home: Home::SameGemeente,
        notes: &[],
    }
}

pub(super) static ARCHETYPES: [Archetype; 14] = [
    Archetype {
        track: Stage(4),
        escalation: 1,
        home: Home::OtherGemeente,
        notes: &[
            (27, "{kind} komt sinds de gymles niet meer op school. Ouders zijn gebeld en werken mee."),
            (10, "De leerplichtambtenaar van de woongemeente vraagt om een rondetafelgesprek."),
        ],
        ..row(1, 7, Some(Bao), ("LRV", 31))
    },
    Archetype {
        track: Stage(5),
        escalation: 1,
        parents: &[TOLK],
        notes: &[
            (
                38,
                "Zevende ziektedag op rij van {kind}: consult bij de jeugdarts gevraagd. Moeder spreekt Tigrinya.",
            ),
            (12, "Advies van de jeugdarts: kan twee uur per dag naar school."),
        ],
        ..row(2, 9, Some(Bao), ("GEOORLOOFD_ZIEK", 47))
    },
    Archetype {
        track: Stage(6),
        escalation: 3,
        notes: &[
            (60, "Voor {kind} lukt de overstap naar het voortgezet onderwijs niet: twee scholen zeggen nee."),
            (5, "Over vier dagen is de termijn van drie maanden voorbij; doorzettingsmacht gevraagd."),
        ],
        ..row(3, 11, Some(Bao), ("LRV", 88))
    },
    Archetype {
        track: Stage(3),
        parents: &[GEZAG, NO_GEZAG],
        notes: &[(14, "{kind} is net leerplichtig en nergens ingeschreven. Bezoek aan huis afgesproken.")],
        ..row(4, 5, None, ("ABSOLUUT", 24))
    },
    Archetype {
        track: Stage(6),
        escalation: 4,
        parents: &[GEZAG],
        notes: &[
            (100, "{kind} staat op de wachtlijst voor een plek met meer begeleiding."),
            (30, "De onderwijsconsulent sluit aan."),
        ],
        ..row(5, 6, Some(So), ("LRV", 140))
    },
    Archetype {
        track: Stage(6),
        escalation: 2,
        parents: &[SECRET, GEZAG],
        notes: &[
            (
                11,
                "Na de schorsing van {kind} wil het bestuur verwijderen; eerst moet er een andere school zijn.",
            ),
            (8, "Moeder woont op een geheim adres. Uitnodigingen alleen apart."),
        ],
        ..row(6, 8, Some(Bao), ("SCHORSING", 12))
    },
    Archetype {
        track: Stage(6),
        escalation: 1,
        notes: &[(33, "Aanvraag voor speciaal onderwijs; tot dan dagopvang met onderwijs voor {kind}.")],
        ..row(7, 10, Some(Sbo), ("LRV", 62))
    },
    Archetype {
        track: Stage(5),
        notes: &[(9, "{kind} wordt binnenkort twaalf en beslist dan mee. Beide ouders tekenen apart.")],
        ..row(8, 12, Some(Bao), ("LRV", 39))
    },
    Archetype {
        track: Stage(1),
        parents: &[GEZAG, NO_GEZAG],
        notes: &[(9, "{kind} is vier en komt steeds minder. Er is nog geen plicht, wel zorg.")],
        ..row(9, 4, Some(Bao), ("DREIGEND", 15))
    },
    Archetype {
        track: Exemption,
        notes: &[
            (81, "Verklaring van de arts bij het beroep op vrijstelling voor {kind}."),
            (20, "Ouders overwegen een plek met minder prikkels."),
        ],
        ..row(10, 9, Some(Bao), ("VRIJSTELLING_5A", 75))
    },
    Archetype {
        track: Stage(3),
        parents: &[NO_EMAIL],
        notes: &[(21, "{kind} bleef na een vakantie weg. Vader is alleen telefonisch bereikbaar.")],
        ..row(11, 7, Some(Bao), ("LUXE_NAAR_LRV", 29))
    },
    Archetype {
        track: Stage(7),
        notes: &[(25, "{kind} gaat nu twee van de vijf dagen; elke week een uur erbij.")],
        ..row(12, 11, Some(Bao), ("OPBOUW", 101))
    },
    Archetype {
        track: Stage(6),
        escalation: 4,
        notes: &[(19, "Ouders van {kind} leggen het geschil voor; de beslissing op bezwaar wacht.")],
        ..row(13, 10, Some(Bao), ("LRV", 54))
    },
    Archetype {
        track: HandOver,
        home: Home::OtherGemeente,
        notes: &[(13, "Het gezin van {kind} is verhuisd; overdracht aan de nieuwe gemeente.")],
        ..row(14, 8, Some(Bao), ("VERHUISD", 20))
    },
];

//! The roles that a person can have at an organisation or at a table.

/// What somebody is there for. Professionals have a role through an affiliation;
/// parents and the child only at the table of their own meeting.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Intern begeleider of a primary school.
    Iber,
    /// Zorg- or ondersteuningscoördinator of a secondary school.
    Zorgcoordinator,
    /// Head of a school, or its board.
    Directeur,
    /// Bovenschoolse ondersteuningscoördinator, between boards and IB'ers.
    Bocer,
    /// Consulent passend onderwijs of the samenwerkingsverband.
    SwvAdviseur,
    /// Behaviour scientist of the samenwerkingsverband.
    Gedragswetenschapper,
    /// Guides school and parents; employed by the samenwerkingsverband.
    Trajectbegeleider,
    /// Member of the committee that decides on a toelaatbaarheidsverklaring.
    TlvCommissie,
    /// Keeps the register of thuiszitters of a samenwerkingsverband.
    Thuiszitterscoordinator,
    /// Plans for a wijkteam and hands requests to its members.
    WijkteamCoordinator,
    /// Schoolmaatschappelijk werker.
    Smw,
    /// Family worker of a wijkteam.
    Gezinswerker,
    /// Jeugdarts (JGZ).
    Jeugdarts,
    /// Jeugdverpleegkundige (JGZ).
    Jeugdverpleegkundige,
    /// May grant individual youth help for a gemeente.
    Indicatiesteller,
    /// Leerplichtambtenaar of the gemeente of residence (LPW 16).
    Leerplichtambtenaar,
    /// Coach of the Doorstroompunt.
    Doorstroomcoach,
    /// Guardian of a gecertificeerde instelling.
    Gezinsvoogd,
    /// National mediator; advice only.
    Onderwijsconsulent,
    /// Holds doorzettingsmacht in a region.
    Doorzettingsmacht,
    /// Policy officer of a gemeente: aggregates only.
    Beleidsmedewerker,
    /// Functional administrator: settings and imports, no case content.
    Beheerder,
    /// Privacy officer (functionaris gegevensbescherming).
    Fg,
    /// Parent, guardian or carer, at the table of their own child.
    Ouder,
    /// The child, at its own table.
    Jeugdige,
    /// Interpreter; sees when and where, never about whom.
    Tolk,
    /// Professional of a provider of youth help; comes when a problem exceeds the school.
    Jeugdhulpverlener,
    /// Of a kinderopvang, for the hand-over to school.
    PedagogischMedewerker,
    /// Of an ouder- en jeugdsteunpunt; comes when parents want it.
    Steunpuntmedewerker,
    /// Specialist of special education who comes to other schools.
    AmbulantBegeleider,
}

impl Role {
    /// Whether the person comes in a private capacity, not as a professional.
    pub fn is_private(self) -> bool {
        matches!(self, Self::Ouder | Self::Jeugdige)
    }
}

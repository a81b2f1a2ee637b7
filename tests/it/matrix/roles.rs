//! Where each role works, and whether it comes to a case by being asked to its table.

use schakel_domain::access::Role;

/// Where a role works.
pub(super) enum Home {
    School,
    Team,
    Gemeente,
    Swv,
}

/// Where it does.
pub(super) fn home(role: Role) -> Home {
    match role {
        Role::Iber | Role::Zorgcoordinator | Role::Directeur | Role::Ouder | Role::Jeugdige => Home::School,
        Role::WijkteamCoordinator
        | Role::Smw
        | Role::Gezinswerker
        | Role::Jeugdarts
        | Role::Jeugdverpleegkundige
        | Role::Indicatiesteller => Home::Team,
        Role::Leerplichtambtenaar | Role::Doorstroomcoach | Role::Beleidsmedewerker => Home::Gemeente,
        Role::Bocer
        | Role::SwvAdviseur
        | Role::Gedragswetenschapper
        | Role::Trajectbegeleider
        | Role::TlvCommissie
        | Role::Thuiszitterscoordinator
        | Role::Gezinsvoogd
        | Role::Onderwijsconsulent
        | Role::Doorzettingsmacht
        | Role::Beheerder
        | Role::Fg
        | Role::Tolk
        | Role::Jeugdhulpverlener
        | Role::PedagogischMedewerker
        | Role::Steunpuntmedewerker
        | Role::AmbulantBegeleider => Home::Swv,
    }
}

/// Whether the role comes to a case by being asked to its table.
pub(super) fn by_invitation(role: Role) -> bool {
    matches!(
        role,
        Role::Bocer
            | Role::Doorstroomcoach
            | Role::Gedragswetenschapper
            | Role::Gezinsvoogd
            | Role::Gezinswerker
            | Role::Indicatiesteller
            | Role::Jeugdarts
            | Role::Jeugdverpleegkundige
            | Role::Onderwijsconsulent
            | Role::Smw
            | Role::SwvAdviseur
            | Role::TlvCommissie
            | Role::Trajectbegeleider
            | Role::Tolk
            | Role::Jeugdhulpverlener
            | Role::PedagogischMedewerker
            | Role::Steunpuntmedewerker
            | Role::AmbulantBegeleider
    )
}

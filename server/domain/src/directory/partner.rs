//! Organisations beside schools, teams and gemeenten, and as what their people may come.
//!
//! A role is what somebody may do: at a partner only those roles can be held that see a meeting,
//! or a case, when they are invited to it.

use crate::access::Role;

/// What a partner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum PartnerKind {
    /// Kinderopvang, with voorschoolse educatie.
    Kinderopvang,
    /// A provider of individual youth help.
    Jeugdhulpaanbieder,
    /// A gecertificeerde instelling.
    GecertificeerdeInstelling,
    /// GGD or another provider of jeugdgezondheidszorg.
    Jgz,
    /// Ouder- en jeugdsteunpunt, or a vertrouwenspersoon.
    OuderJeugdsteunpunt,
    /// Sends interpreters.
    Tolkenbureau,
    /// Orthopedagogisch-didactisch centrum.
    Opdc,
    /// Regionaal bureau leerplicht.
    Rbl,
}

impl PartnerKind {
    /// As what its people may come.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Kinderopvang => &[Role::PedagogischMedewerker],
            Self::Jeugdhulpaanbieder => &[Role::Jeugdhulpverlener],
            Self::GecertificeerdeInstelling => &[Role::Gezinsvoogd],
            Self::Jgz => &[Role::Jeugdarts, Role::Jeugdverpleegkundige],
            Self::OuderJeugdsteunpunt => &[Role::Steunpuntmedewerker],
            Self::Tolkenbureau => &[Role::Tolk],
            Self::Opdc => &[Role::AmbulantBegeleider],
            Self::Rbl => &[Role::Leerplichtambtenaar, Role::Doorstroomcoach],
        }
    }

    /// Whether somebody may come as `role` for it.
    pub fn admits(self, role: Role) -> bool {
        self.roles().contains(&role)
    }
}

/// Whether somebody who comes as `role` is invited only when a problem exceeds what the school
/// and the front line can do.
pub fn is_beyond_school(role: Role) -> bool {
    role == Role::Jeugdhulpverlener
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::access::{Action, Relation, may};

    /// Nothing at a partner opens a case that one was not invited to. An officer's reach is the
    /// gemeente's alone: at another organisation it names no gemeente, and reaches nothing.
    #[test]
    fn the_people_of_a_partner_see_what_they_are_invited_to() {
        for (kind, action) in PartnerKind::iter().flat_map(|kind| Action::iter().map(move |a| (kind, a))) {
            let reaches = may(kind.roles(), action, None).map(|leave| leave.reaches).unwrap_or_default();
            for reach in reaches.iter().filter(|reach| !reach.classes.is_envelope()) {
                let apart = matches!(
                    reach.relation,
                    Relation::Invited | Relation::Own | Relation::Emergency | Relation::Residence
                );
                assert!(apart, "{kind} {action} {}", reach.relation);
            }
        }
        assert!(!PartnerKind::iter().any(|kind| kind.admits(Role::Thuiszitterscoordinator)));
    }
}

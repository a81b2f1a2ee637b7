//! The words of what holds for a child or its school: exemptions and circumstances.

use super::said::Vocabulary;

/// The grounds on which an exemption or substitute programme is sought or holds. Illness is last: of an absence it
/// is the reason, and no exemption.
pub(super) const LPW_GROUNDS: &[(&str, &str, &str)] = &[
    (
        "5_ONDER_A",
        "Artikel 5 onder a: het kind kan niet naar school",
        "Article 5 under a: unable to attend school",
    ),
    (
        "5_ONDER_B",
        "Artikel 5 onder b: bezwaar tegen de richting van scholen",
        "Article 5 under b: objections to the direction of schools",
    ),
    ("5_ONDER_C", "Artikel 5 onder c: school in het buitenland", "Article 5 under c: a school abroad"),
    ("5A_TREKKEND", "Artikel 5a: trekkend bestaan", "Article 5a: a travelling life"),
    (
        "15_ANDER_ONDERWIJS",
        "Artikel 15: genoeg ander onderwijs",
        "Article 15: sufficient education otherwise",
    ),
    ("3A", "Artikel 3a: vervangende leerplicht vanaf 14 jaar", "Article 3a: substitute programme from 14"),
    (
        "3B",
        "Artikel 3b: vervangende leerplicht in het laatste jaar",
        "Article 3b: substitute programme in the last year",
    ),
    (
        "11_ONDER_D",
        "Artikel 11 onder d: ziek, blijft ingeschreven",
        "Article 11 under d: ill, stays enrolled",
    ),
];

pub(super) static EXEMPTIONS: Vocabulary =
    Vocabulary { prefix: "EXEMPTION_GROUND_", rows: LPW_GROUNDS.split_at(LPW_GROUNDS.len() - 1).0 };

pub(super) static CIRCUMSTANCES: Vocabulary = Vocabulary {
    prefix: "CIRCUMSTANCE_",
    rows: &[
        ("ENROLLED", "Het kind is ingeschreven", "The child is enrolled"),
        ("EXEMPTION_SOUGHT", "Er is vrijstelling gevraagd", "An exemption is sought"),
        ("EXTRA_SUPPORT_NEEDED", "Het kind heeft extra ondersteuning nodig", "The child needs extra support"),
        ("SCHOOL_FULL", "De school is vol", "The school is full"),
        (
            "GRONDSLAG_REFUSED",
            "Ouders onderschrijven de grondslag van de school niet",
            "Parents do not accept the school's foundation",
        ),
        ("PUBLIC_SCHOOL", "De school is openbaar", "The school is of a public authority"),
        ("UNFUNDED_SCHOOL", "De school heeft geen bekostiging", "The school has no public money"),
        ("NEVER_ABLE", "Het kind kan nooit naar school", "The child will never be able to go to school"),
    ],
};

#[cfg(test)]
mod tests {
    use schakel_domain::refusal::Language;
    use schakel_proto::v1 as pb;

    use super::*;

    #[test]
    fn every_ground_and_circumstance_of_the_api_has_words() {
        let exemptions =
            (1..).map_while(|number| pb::ExemptionGround::try_from(number).ok()).map(|one| one.as_str_name());
        let circumstances =
            (1..).map_while(|number| pb::Circumstance::try_from(number).ok()).map(|one| one.as_str_name());
        for (words, names) in
            [(&EXEMPTIONS, exemptions.collect::<Vec<_>>()), (&CIRCUMSTANCES, circumstances.collect())]
        {
            assert_eq!(words.rows.len(), names.len());
            for name in names {
                let word = name.strip_prefix(words.prefix).unwrap();
                assert_ne!(words.say(name, Language::Dutch), word);
            }
        }
        assert_eq!(EXEMPTIONS.say("11_ONDER_D", Language::Dutch), "11_ONDER_D", "illness is none");
    }
}

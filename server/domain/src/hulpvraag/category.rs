//! What a question is about, from a short list: the one thing of it that a team sees before it accepts.

/// About what.
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
pub enum Category {
    /// Behaviour, at school or at home.
    Gedrag,
    /// Learning and development.
    Leren,
    /// Feelings and relations.
    Emotie,
    /// Family and upbringing.
    Gezin,
    /// Health.
    Gezondheid,
    /// Absence from school.
    Verzuim,
    /// Safety.
    Veiligheid,
    /// Something else.
    Anders,
}

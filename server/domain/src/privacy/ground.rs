//! Who asks, on what ground, and which facts can be put right.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            strum::Display, strum::EnumString, strum::EnumIter, strum::IntoStaticStr,
            serde::Serialize, serde::Deserialize,
        )]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name {$($(#[$inner])* $variant,)*}
    )*};
}
pub(super) use words;

words! {
    /// Who asked for something to be done with the data.
    Requester {
        /// The child itself; from twelve on for its own youth-help file (Jeugdwet 7.3.9).
        Child,
        /// A parent.
        Parent,
        /// A guardian, a lawyer, somebody with a power of attorney.
        Representative,
        /// Nobody: the organisation found it itself.
        Organisation,
    }
    /// Why processing is restricted (AVG art. 18(1)).
    RestrictionGround {
        /// (a) Its correctness is disputed.
        Accuracy,
        /// (b) It is unlawful, but the person does not want it erased.
        Unlawful,
        /// (c) The person needs it for a claim.
        Claim,
        /// (d) An objection is not yet decided.
        Objection,
    }
    /// Why data is erased (AVG art. 17(1)).
    ErasureGround {
        /// It was asked for; a duty to keep goes before it (AVG art. 17(3)(b)).
        Request,
        /// It should never have been here: a duty to keep does not cover it.
        Unlawful,
        /// A court or a supervisor ordered it.
        Order,
    }
    /// A fact about a person that can be put right (AVG art. 16).
    Fact {
        /// The name.
        DisplayName,
        /// The date of birth.
        BirthDate,
        /// The private address for mail.
        Email,
        /// The private number.
        Phone,
        /// Whether the address is secret.
        AddressConfidential,
    }
}

impl Fact {
    /// Its name in a mask.
    pub fn path(self) -> &'static str {
        match self {
            Self::DisplayName => "display_name",
            Self::BirthDate => "birth_date",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::AddressConfidential => "address_confidential",
        }
    }

    /// Whether the file must keep what stood there before: who the file was about is part
    /// of it. How somebody was reached is not, and an old secret address least of all.
    pub fn keeps_old(self) -> bool {
        match self {
            Self::DisplayName | Self::BirthDate => true,
            Self::Email | Self::Phone | Self::AddressConfidential => false,
        }
    }
}

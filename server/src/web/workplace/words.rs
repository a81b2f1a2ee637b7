//! The sentences of the pages, in plain Dutch and in English, side by side.

/// Declares the words of a page: a static table for each language, and `words(language)` to choose.
///
/// ```ignore
/// words! {
///     title: "Vandaag", "Today";
///     empty: "U hebt geen overleg.", "You have no meetings.";
/// }
/// let words = words(visit.language); // &'static Words; in a template `words.title`
/// ```
macro_rules! words {
    ($($name:ident: $dutch:literal, $english:literal;)*) => {
        /// The sentences of one language.
        #[derive(Debug, Clone, Copy, serde::Serialize)]
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)*
        }

        impl From<&Words> for minijinja::Value {
            fn from(words: &Words) -> Self {
                Self::from(minijinja::value::Serde(words))
            }
        }

        static DUTCH: Words = Words { $($name: $dutch,)* };
        static ENGLISH: Words = Words { $($name: $english,)* };

        /// The sentences of `language`.
        pub(super) fn words(language: schakel_domain::refusal::Language) -> &'static Words {
            match language {
                schakel_domain::refusal::Language::Dutch => &DUTCH,
                schakel_domain::refusal::Language::English => &ENGLISH,
            }
        }
    };
}
pub(super) use words;

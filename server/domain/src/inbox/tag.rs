//! The tags in our addresses by which what comes back is known: `overleg+r-…@` answers an invitation,
//! `overleg+b-…@` says that a mail did not arrive. In lower case, because mail servers may change that.

use crate::text::EmailAddress;

/// RFC 4648 §6, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Octets of the secret of an answer: 128 bits.
pub const SECRET: usize = 16;
/// Octets behind the id of a mail that show that it was ours.
pub const PROOF: usize = 10;
/// Letters that the longest tag adds to the name of the sender's mailbox, without the separator.
pub const LONGEST: usize = 2 + (16 + PROOF) * 8 / 5 + 1;

/// What a tag stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Whoever has it may answer one invitation.
    Answer([u8; SECRET]),
    /// About one mail, by its id.
    Bounce {
        /// The id of the mail.
        mail: [u8; 16],
        /// That the id is not guessed.
        proof: [u8; PROOF],
    },
}

impl Tag {
    /// The address of `sender` with this tag behind `separator`.
    #[must_use]
    pub fn address(self, sender: &EmailAddress, separator: char) -> Option<EmailAddress> {
        let (local, domain) = sender.as_str().rsplit_once('@')?;
        let (kind, octets) = match self {
            Self::Answer(secret) => ('r', secret.to_vec()),
            Self::Bounce { mail, proof } => ('b', [&mail[..], &proof[..]].concat()),
        };
        format!("{local}{separator}{kind}-{}@{domain}", written(&octets)).parse().ok()
    }

    /// The tag in an address of `sender`, whatever letters are capitals.
    #[must_use]
    pub fn of(address: &str, sender: &EmailAddress, separator: char) -> Option<Self> {
        let address = address.to_ascii_lowercase();
        let own = sender.as_str().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@')?;
        let (own, own_domain) = own.rsplit_once('@')?;
        let tag = local.strip_prefix(own)?.strip_prefix(separator)?;
        if domain != own_domain {
            return None;
        }
        let (kind, text) = tag.split_once('-')?;
        let octets = read(text)?;
        match kind {
            "r" => octets.try_into().ok().map(Self::Answer),
            "b" => {
                let (mail, proof) = octets.split_first_chunk()?;
                Some(Self::Bounce { mail: *mail, proof: proof.try_into().ok()? })
            }
            _ => None,
        }
    }
}

/// What looks like an address with a tag in a header, in lower case.
pub(super) fn in_header(value: &str) -> impl Iterator<Item = String> {
    let words = value.split(|c: char| c.is_whitespace() || "<>,;:\"()[]".contains(c));
    let words = words.filter(|word| word.contains('@')).map(str::to_ascii_lowercase);
    words.filter(|word| word.contains("r-") || word.contains("b-"))
}

fn written(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() * 8 / 5 + 1);
    let (mut bits, mut count) = (0_u16, 0);
    for octet in octets {
        bits = (bits << 8) | u16::from(*octet);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(char::from(ALPHABET[usize::from(bits >> count) & 31]));
        }
        bits &= (1 << count) - 1;
    }
    if count > 0 {
        text.push(char::from(ALPHABET[usize::from(bits << (5 - count)) & 31]));
    }
    text
}

/// The inverse; none of a text that [`written`] does not give.
fn read(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut count) = (0_u16, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        bits = (bits << 5) | u16::try_from(value).ok()?;
        count += 5;
        if count >= 8 {
            count -= 8;
            octets.push(u8::try_from(bits >> count).ok()?);
        }
        bits &= (1 << count) - 1;
    }
    (written(&octets) == text).then_some(octets)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sender() -> EmailAddress {
        "overleg@schakel.example".parse().unwrap()
    }

    proptest! {
        #[test]
        fn a_tag_comes_back_whatever_letters_are_capitals(
            secret: [u8; SECRET], mail: [u8; 16], proof: [u8; PROOF], capitals: bool
        ) {
            for tag in [Tag::Answer(secret), Tag::Bounce { mail, proof }] {
                let address = tag.address(&sender(), '+').unwrap();
                prop_assert!(address.as_str().split('@').next().unwrap().len() <= 64);
                let text = if capitals { address.as_str().to_ascii_uppercase() } else { address.as_str().to_owned() };
                prop_assert_eq!(Tag::of(&text, &sender(), '+'), Some(tag));
                prop_assert_eq!(Tag::of(&text.replace('+', "-"), &sender(), '+'), None);
                let header = format!("\"Overleg, x\" <{text}>,\r\n other@x.nl");
                prop_assert_eq!(in_header(&header).collect::<Vec<_>>(), vec![text.to_ascii_lowercase()]);
            }
        }

        #[test]
        fn no_other_spelling_means_the_same(text in "[a-z2-7]{20,50}") {
            if let Some(octets) = read(&text) {
                prop_assert_eq!(written(&octets), text);
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in "(overleg\\+[rb]-)?.{0,60}(@schakel.example)?") {
            let _ = Tag::of(&text, &sender(), '+');
        }
    }

    #[test]
    fn a_tag_fits_in_a_mailbox_of_usual_length() {
        let long = Tag::Bounce { mail: [255; 16], proof: [255; PROOF] }.address(&sender(), '+').unwrap();
        assert_eq!(long.as_str().split('@').next().unwrap().len(), "overleg+".len() + LONGEST);
        for other in [
            "overleg@schakel.example",
            "overleg+r-@schakel.example",
            "overleg+x-aaaa@schakel.example",
            "overleg+r-aaaaaaaaaaaaaaaaaaaaaaaaaa@elders.example",
            "iemand+r-aaaaaaaaaaaaaaaaaaaaaaaaaa@schakel.example",
            "overleg+r-aaaaaaaaaaaaaaaaaaaaaaaaab@schakel.example",
            "overleg+r-aaaaaaaaaaaaaaaaaaaaaaaaaaa@schakel.example",
        ] {
            assert_eq!(Tag::of(other, &sender(), '+'), None, "{other}");
        }
    }
}

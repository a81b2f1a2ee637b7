//! Chance for tests that change something at random, which can be had again from its seed.

use uuid::Uuid;

/// Numbers without end from one (splitmix64), so that a failure can be had again.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    pub(super) fn bit(&mut self, bytes: &mut [u8]) {
        let at = self.below(bytes.len());
        bytes[at] ^= 1 << self.below(8);
    }

    pub(super) fn number(&mut self, number: &mut i64) {
        *number ^= 1 << (20 + self.below(8));
    }

    pub(super) fn small(&mut self, number: &mut i32) {
        *number ^= 1 << self.below(16);
    }

    /// In the half that does not count up, so that no other id comes out.
    pub(super) fn id(&mut self, id: &mut Uuid) {
        let mut bytes = id.into_bytes();
        self.bit(&mut bytes[..8]);
        *id = Uuid::from_bytes(bytes);
    }

    pub(super) fn maybe(&mut self, id: &mut Option<Uuid>) {
        match id {
            Some(there) if self.below(2) == 0 => self.id(there),
            Some(_) => *id = None,
            None => *id = Some(Uuid::from_u128(7)),
        }
    }

    /// The lowest bit of a letter: what comes out is a letter that the database takes.
    pub(super) fn text(&mut self, text: &mut String) {
        if text.is_empty() {
            text.push('0');
            return;
        }
        let at = self.below(text.len());
        let mut bytes = std::mem::take(text).into_bytes();
        bytes[at] ^= 1;
        *text = String::from_utf8(bytes).unwrap();
    }
}

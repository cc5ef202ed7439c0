//! Numbers that stand for chance, from SplitMix64.

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// What SplitMix64 gives first from the state `x`: m(x) of ENTITIES.md.
#[must_use]
pub fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// SplitMix64 itself, for what has to be chosen in a row of choices.
#[derive(Clone, Debug)]
pub struct Sequence(u64);

impl Sequence {
    /// From a state.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next_number(&mut self) -> u64 {
        let number = mix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        number
    }

    /// The next number below `limit`, which is above 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next_number() % limit
    }
}

#[cfg(test)]
mod tests {
    use super::{Sequence, mix};

    #[test]
    fn numbers_are_those_of_the_published_generator() {
        // First outputs of SplitMix64 from the state 1234567, as its authors' test has them.
        let mut sequence = Sequence::new(1_234_567);
        let numbers = [(); 3].map(|()| sequence.next_number());
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        assert_eq!(mix(1_234_567), numbers[0]);
    }
}

//! dbgen's 32-bit random numbers, s ← 16807·s mod (2³¹−1), with the arithmetic of a Mersenne prime instead of a division.

const MULTIPLIER: u64 = 16_807;
pub(crate) const MODULUS: u64 = (1 << 31) - 1;

/// One stream of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lcg {
    seed: u64,
}

/// `product` modulo 2³¹−1, for products below 2⁶² of two residues.
#[inline(always)]
fn reduce(product: u64) -> u64 {
    let folded = (product & MODULUS) + (product >> 31);
    if folded >= MODULUS { folded - MODULUS } else { folded }
}

/// 16807^`count` modulo 2³¹−1: the multiplier that skips `count` numbers.
pub(crate) fn power(mut count: u64) -> u64 {
    let (mut result, mut square) = (1, MULTIPLIER);
    while count > 0 {
        if count & 1 == 1 {
            result = reduce(result * square);
        }
        square = reduce(square * square);
        count >>= 1;
    }
    result
}

impl Lcg {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    pub(crate) fn seed(self) -> u64 {
        self.seed
    }

    /// The stream one number on.
    #[inline(always)]
    pub(crate) fn next(self) -> Self {
        Self { seed: reduce(self.seed * MULTIPLIER) }
    }

    /// The stream moved by a multiplier that [`power`] gave.
    #[inline(always)]
    pub(crate) fn multiplied(self, multiplier: u64) -> Self {
        Self { seed: reduce(self.seed * multiplier) }
    }

    /// ⌊seed·range/(2³¹−1)⌋ for ranges up to 2²⁰. dbgen computes it in doubles; the two agree, because the exact quotient of a
    /// prime modulus is at least 4.6e-10 away from a whole number, and the doubles err by less than 2.4e-10 up to that range.
    #[inline(always)]
    pub(crate) fn below(self, range: u64) -> u64 {
        let product = self.seed * range;
        let (high, low) = (product >> 31, product & MODULUS);
        high + u64::from(high + low >= MODULUS)
    }

    /// As [`Lcg::below`] for any range: the very operations on doubles that dbgen does.
    #[inline(always)]
    pub(crate) fn below_in_doubles(self, range: f64) -> i32 {
        (self.seed as f64 / MODULUS as f64 * range) as i32
    }
}

#[cfg(test)]
mod tests {
    use tpchgen::random::RowRandomInt;

    use super::{Lcg, power};

    #[test]
    fn draws_are_those_of_the_generator() {
        for (start, range) in [(933_588_178_u64, 314_i32), (1, 2), (19_620_718, 1 << 20), (2_147_483_646, 7)] {
            let (mut ours, mut theirs) = (Lcg::new(start), RowRandomInt::new(start as i64, i32::MAX));
            for _ in 0..200_000 {
                ours = ours.next();
                let expected = theirs.next_int(0, range - 1);
                assert_eq!(
                    (ours.below(range as u64), ours.below_in_doubles(f64::from(range))),
                    (expected as u64, expected)
                );
            }
        }
    }

    #[test]
    fn a_power_skips_numbers() {
        for count in [0, 1, 2, 7, 12, 1_000] {
            let walked = (0..count).fold(Lcg::new(42), |stream, _| stream.next());
            assert_eq!(Lcg::new(42).multiplied(power(count)), walked, "skipping {count}");
        }
    }
}

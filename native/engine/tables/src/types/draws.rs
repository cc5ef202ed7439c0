//! The random numbers of one cell: SplitMix64, seeded by the column and the row.

/// Seed of the table.
const SEED: u64 = 42;
/// 2⁶⁴ divided by the golden ratio, as SplitMix64 has it.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's finaliser.
pub(super) fn mix(value: u64) -> u64 {
    let mut x = value;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The draws of a cell, in order.
pub(super) struct Draws {
    state: u64,
    /// Number of the row.
    pub(super) row: u64,
}

impl Draws {
    pub(super) fn of(column: usize, row: u64) -> Self {
        let of_column = mix(SEED.wrapping_add((column as u64 + 1).wrapping_mul(GOLDEN)));
        Self { state: mix(of_column.wrapping_add((row + 1).wrapping_mul(GOLDEN))), row }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// An entry of the list, half of the time.
    pub(super) fn choice<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let draw = self.next();
        (draw % 2 == 1).then(|| list[(draw / 2 % list.len() as u64) as usize])
    }
}

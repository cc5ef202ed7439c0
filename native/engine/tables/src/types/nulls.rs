//! Which rows of a column are null.

/// A rule of TYPES.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// The column is not nullable.
    Required,
    /// Nullable, without a null.
    Never,
    Always,
    Edges,
    ButEdges,
    Runs,
    EverySecond,
    Scattered,
}

/// Rows of every thousand that lie at the first and last row, and at edges of bytes and words.
const EDGES: [u64; 9] = [0, 7, 8, 63, 64, 65, 127, 128, 999];
/// The row of every thousand that holds long text.
pub(super) const LONG: u64 = 500;
/// Rows of a period of the rules.
pub(super) const PERIOD: u64 = 1_000;

impl Nulls {
    /// Whether a row is null; `draw` is the first of its cell.
    pub(super) fn hide(self, row: u64, draw: u64) -> bool {
        let edge = || EDGES.contains(&(row % PERIOD));
        match self {
            Self::Required | Self::Never => false,
            Self::Always => true,
            Self::Edges => edge(),
            Self::ButEdges => !edge(),
            Self::Runs => row / 64 % 2 == 1,
            Self::EverySecond => row % 2 == 1,
            Self::Scattered => scattered(draw) && row % PERIOD != LONG,
        }
    }

    /// As TYPES.md calls it.
    #[cfg(test)]
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Never => "none",
            Self::Always => "all",
            Self::Edges => "edges",
            Self::ButEdges => "but edges",
            Self::Runs => "runs",
            Self::EverySecond => "every second",
            Self::Scattered => "scattered",
        }
    }
}

/// One draw in eight.
pub(super) fn scattered(draw: u64) -> bool {
    draw.is_multiple_of(8)
}

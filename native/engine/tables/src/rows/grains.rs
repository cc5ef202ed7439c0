use std::ops::Range;

use super::Table;

/// Units that are read through one opening of the generator at most, as a power of two. Opening costs a few microseconds.
const LARGEST_SHIFT: u32 = 16;

/// The generator's rows from any unit to any unit.
///
/// The generator only opens part `index` of `count` equal parts. A part of 2^k units begins at every multiple of 2^k, so that any unit is the
/// beginning of some part, and the way from there on is a few parts that double in size.
pub(crate) struct Grains<T: Table> {
    scale: f64,
    total: u64,
    units: Range<u64>,
    rows: Option<T::Rows>,
}

/// The generator's part that begins at unit `start` and ends not after `end`, as large as possible: index (from 1), count, and its end.
fn grain(start: u64, end: u64, total: u64) -> (i32, i32, u64) {
    let largest = if start == 0 { LARGEST_SHIFT } else { start.trailing_zeros().min(LARGEST_SHIFT) };
    for size in (0..=largest).rev().map(|shift| 1_u64 << shift) {
        let count = total / size;
        // Of few and large parts the generator makes larger ones than asked for.
        if count == 0 || total / count != size || start / size >= count {
            continue;
        }
        let index = start / size + 1;
        // The last part takes what remains.
        let stop = if index == count { total } else { start + size };
        if stop <= end {
            return (index as i32, count as i32, stop);
        }
    }
    // Parts of one unit always fit: `total` of them, none remaining. A request keeps `total` within i32.
    (start as i32 + 1, total as i32, start + 1)
}

impl<T: Table> Grains<T> {
    /// The rows of `units` (from 0) of the `total` that the table has at this scale.
    pub(crate) fn new(scale: f64, total: u64, units: Range<u64>) -> Self {
        Self { scale, total, units, rows: None }
    }

    #[cold]
    fn reopen(&mut self) -> Option<T::Row> {
        while self.units.start < self.units.end {
            let (index, count, stop) = grain(self.units.start, self.units.end, self.total);
            self.units.start = stop;
            let rows = self.rows.insert(T::open(self.scale, index, count));
            if let Some(row) = rows.next() {
                return Some(row);
            }
        }
        self.rows = None;
        None
    }
}

impl<T: Table> Iterator for Grains<T> {
    type Item = T::Row;

    #[inline(always)]
    fn next(&mut self) -> Option<T::Row> {
        match self.rows.as_mut().and_then(Iterator::next) {
            Some(row) => Some(row),
            None => self.reopen(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tpchgen::dates::GenerateUtils;

    use super::grain;

    #[test]
    fn grains_cover_any_range_once() {
        for total in [1_u64, 5, 15, 25, 150, 1_500, 15_000, 1_500_000] {
            for start in [0, total / 3, total / 2, total - 1] {
                for end in [start, start + 1, (start + total) / 2, total] {
                    let mut at = start;
                    while at < end {
                        let (index, count, stop) = grain(at, end, total);
                        let first = GenerateUtils::calculate_start_index(total as i32, 1.0, index, count);
                        let rows = GenerateUtils::calculate_row_count(total as i32, 1.0, index, count);
                        assert_eq!((first as u64, (first + rows) as u64), (at, stop), "unit {at} to {end} of {total}");
                        at = stop;
                    }
                    assert_eq!(at, end, "from {start} to {end} of {total}");
                }
            }
        }
    }
}

//! Cuts a file into ranges of whole row groups that several connections read at once.

/// Ranges for each thread: more than one, so that a slower core takes fewer of them.
const RANGES_A_THREAD: usize = 4;

/// Consecutive segments, and the rows that they span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// Rows before the range.
    pub first_row: u64,
    /// Rows of each segment of the range.
    pub segment_rows: Vec<u64>,
    /// The last range of the file: it has no upper bound, so that rows beyond the metadata's count are seen.
    pub is_last: bool,
}

/// Cuts `segment_rows` into about `RANGES_A_THREAD` ranges a thread with about as many rows each.
pub(crate) fn ranges(segment_rows: &[u64], threads: usize) -> Vec<Range> {
    let total: u64 = segment_rows.iter().sum();
    let wanted = (threads.max(1) * RANGES_A_THREAD) as u64;
    let rows_a_range = total.div_ceil(wanted).max(1);
    let mut found = Vec::new();
    let mut first_row = 0;
    let mut rows = 0;
    let mut current = Vec::new();
    for &segment in segment_rows {
        current.push(segment);
        rows += segment;
        if rows >= rows_a_range {
            found.push(Range { first_row, segment_rows: std::mem::take(&mut current), is_last: false });
            first_row += rows;
            rows = 0;
        }
    }
    if !current.is_empty() || found.is_empty() {
        found.push(Range { first_row, segment_rows: current, is_last: false });
    }
    if let Some(last) = found.last_mut() {
        last.is_last = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn every_segment_is_in_exactly_one_range() {
        let segments = [100, 100, 100, 100, 100, 100, 100, 100, 100, 7];
        let cut = ranges(&segments, 1);
        let joined: Vec<u64> = cut.iter().flat_map(|range| range.segment_rows.clone()).collect();
        assert_eq!(joined, segments);
        let starts: Vec<u64> = cut.iter().map(|range| range.first_row).collect();
        assert_eq!(starts, [0, 300, 600, 900]);
        let last: Vec<bool> = cut.iter().map(|range| range.is_last).collect();
        assert_eq!(last, [false, false, false, true]);
    }

    #[test]
    fn a_file_without_row_groups_is_one_open_range() {
        let cut = ranges(&[], 2);
        assert_eq!(cut.len(), 1);
        assert_eq!((cut[0].first_row, cut[0].is_last), (0, true));
    }
}

//! How the rows of a part are cut into batches.

/// Rows of the first batches, whatever was asked for.
const FIRST: [u64; 10] = [0, 1, 64, 63, 65, 100, 66, 1, 100, 0];
/// Batches of the size asked for, between which one of 0 rows and one of 1 row come in turn.
const FULL_IN_A_ROW: u64 = 4;
/// Rows in front of a batch in the arrays that it is a slice of.
const OFFSETS: [usize; 7] = [0, 1, 7, 8, 63, 64, 65];

/// Walks over the batches of a part: its number and its rows.
pub(super) struct Shape {
    rows_left: u64,
    batch_rows: u64,
    next: u64,
    ended: bool,
}

impl Shape {
    pub(super) fn new(rows: u64, batch_rows: usize) -> Self {
        Self { rows_left: rows, batch_rows: batch_rows as u64, next: 0, ended: false }
    }

    fn wanted(&self) -> u64 {
        let first = FIRST.len() as u64;
        if self.next < first {
            return FIRST[self.next as usize].min(self.batch_rows);
        }
        let (round, place) = ((self.next - first) / (FULL_IN_A_ROW + 1), (self.next - first) % (FULL_IN_A_ROW + 1));
        if place < FULL_IN_A_ROW { self.batch_rows } else { round % 2 }
    }
}

/// Rows in front of batch `batch`.
pub(super) fn offset_of(batch: usize) -> usize {
    OFFSETS[batch % OFFSETS.len()]
}

impl Iterator for Shape {
    type Item = (usize, u64);

    fn next(&mut self) -> Option<(usize, u64)> {
        if self.ended {
            return None;
        }
        let batch = self.next as usize;
        let rows = match self.rows_left {
            0 => {
                self.ended = true;
                0
            }
            1 => self.wanted().max(u64::from(self.next > 0)).min(1),
            left => self.wanted().min(left - 1),
        };
        self.next += 1;
        self.rows_left -= rows;
        Some((batch, rows))
    }
}

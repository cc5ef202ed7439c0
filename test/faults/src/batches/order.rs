//! Rows, or the values of one column, at other places than they came in.

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{take, take_record_batch};

use super::columns;
use super::each::Damaged;
use crate::rows::{differ, row_numbers};

/// The first row that is not as the one before it.
fn unlike_the_one_before(columns: &[ArrayRef], rows: usize) -> Option<usize> {
    (1..rows).find(|&row| columns.iter().any(|column| differ(column, row - 1, row)))
}

/// All rows of a batch in another order, the same in every run.
pub(super) fn shuffle(batch: &RecordBatch) -> Damaged {
    let rows = batch.num_rows();
    if unlike_the_one_before(batch.columns(), rows).is_none() {
        return Ok(None);
    }
    let mut numbers = row_numbers(rows);
    // Fisher and Yates, with the multiplier and increment of Knuth's MMIX.
    let mut state = 42_u64;
    for row in (1..rows).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        numbers.swap(row, (state >> 33) as usize % (row + 1));
    }
    let shuffled = take_record_batch(batch, &UInt32Array::from(numbers))?;
    Ok((shuffled != *batch).then_some(shuffled))
}

/// One column a row late, its last value in the first row.
pub(super) fn shift_column(batch: &RecordBatch) -> Damaged {
    let rows = batch.num_rows();
    let mut numbers = row_numbers(rows);
    numbers.rotate_right(usize::from(rows > 1));
    let numbers = UInt32Array::from(numbers);
    columns::first(batch, |_, column| {
        let found = unlike_the_one_before(std::slice::from_ref(column), rows);
        found.map(|_| take(column, &numbers, None)).transpose()
    })
}

pub(super) fn shift_and_shuffle(batch: &RecordBatch) -> Damaged {
    shift_column(batch)?.map_or(Ok(None), |shifted| shuffle(&shifted))
}

/// The first row that is not as the one before it becomes as that one.
pub(super) fn replace_row(batch: &RecordBatch) -> Damaged {
    let Some(row) = unlike_the_one_before(batch.columns(), batch.num_rows()) else { return Ok(None) };
    let mut numbers = row_numbers(batch.num_rows());
    numbers[row] -= 1;
    take_record_batch(batch, &UInt32Array::from(numbers)).map(Some)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, Int64Array};
    use arrow::datatypes::Int64Type;

    use super::*;

    fn batch(columns: [&[i64]; 2]) -> RecordBatch {
        let [first, second] = columns.map(|values| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef);
        RecordBatch::try_from_iter([("first", first), ("second", second)]).unwrap()
    }

    fn column(batch: &RecordBatch, index: usize) -> Vec<i64> {
        batch.column(index).as_primitive::<Int64Type>().values().to_vec()
    }

    const EQUAL: [i64; 100] = [7; 100];

    #[test]
    fn shuffled_rows_stay_whole() {
        let numbers: Vec<i64> = (0..100).collect();
        let tens: Vec<i64> = numbers.iter().map(|number| number * 10).collect();
        let shuffled = shuffle(&batch([&numbers, &tens])).unwrap().unwrap();
        let first = column(&shuffled, 0);
        let at_home = first.iter().zip(&numbers).filter(|(one, other)| one == other).count();
        assert!(at_home < 10, "{at_home} rows stayed");
        assert_eq!(column(&shuffled, 1), first.iter().map(|number| number * 10).collect::<Vec<_>>());
        let mut sorted = first;
        sorted.sort_unstable();
        assert_eq!(sorted, numbers);
        assert_eq!(shuffle(&batch([&EQUAL, &EQUAL])).unwrap(), None);
    }

    #[test]
    fn one_column_is_shifted_by_one_row() {
        let shifted = shift_column(&batch([&[7, 7, 7], &[1, 2, 3]])).unwrap().unwrap();
        assert_eq!([column(&shifted, 0), column(&shifted, 1)], [[7, 7, 7], [3, 1, 2]]);
        assert_eq!(shift_column(&batch([&[1], &[2]])).unwrap(), None);
        assert_eq!(shift_column(&batch([&[], &[]])).unwrap(), None);
    }

    #[test]
    fn a_shift_and_a_shuffle_are_both() {
        let numbers: Vec<i64> = (0..100).collect();
        let both = shift_and_shuffle(&batch([&numbers, &numbers])).unwrap().unwrap();
        let (first, second) = (column(&both, 0), column(&both, 1));
        assert!(first.iter().zip(&second).all(|(first, second)| *first == (second + 99) % 100));
        assert_ne!(second, numbers);
        assert_eq!(shift_and_shuffle(&batch([&EQUAL, &EQUAL])).unwrap(), None);
    }

    #[test]
    fn one_row_is_that_before_it() {
        let replaced = replace_row(&batch([&[7, 7, 7], &[1, 1, 3]])).unwrap().unwrap();
        assert_eq!([column(&replaced, 0), column(&replaced, 1)], [[7, 7, 7], [1, 1, 1]]);
        assert_eq!(replace_row(&batch([&EQUAL, &EQUAL])).unwrap(), None);
    }
}

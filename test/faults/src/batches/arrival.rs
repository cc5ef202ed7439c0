//! Which batches land: some not at all, some twice.

use arrow::error::ArrowError;
use writeproof_columnar::Imported;

use super::Change;

type Taken = Result<Vec<Imported>, ArrowError>;

/// A batch without rows is taken for the end, once there were rows.
#[derive(Default)]
pub(super) struct StopAtEmpty {
    begun: bool,
    ended: bool,
    lost: bool,
}

impl Change for StopAtEmpty {
    fn take(&mut self, imported: Imported) -> Taken {
        let has_rows = imported.batch.num_rows() > 0;
        if self.ended {
            self.lost |= has_rows;
            return Ok(Vec::new());
        }
        self.ended = self.begun && !has_rows;
        self.begun |= has_rows;
        Ok(vec![imported])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.lost).then_some("no batch without rows came between two with rows")
    }
}

/// What was read before is gone when all is tried again: the last batch is all there is.
#[derive(Default)]
pub(super) struct RetryTail {
    last: Option<Imported>,
    lost: bool,
}

impl Change for RetryTail {
    fn take(&mut self, imported: Imported) -> Taken {
        if imported.batch.num_rows() > 0 {
            self.lost |= self.last.replace(imported).is_some();
        }
        Ok(Vec::new())
    }

    fn end(&mut self) -> Vec<Imported> {
        self.last.take().into_iter().collect()
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.lost).then_some("fewer than two batches had rows")
    }
}

/// The first batch with rows lands twice.
#[derive(Default)]
pub(super) struct Twice {
    done: bool,
}

impl Change for Twice {
    fn take(&mut self, imported: Imported) -> Taken {
        if self.done || imported.batch.num_rows() == 0 {
            return Ok(vec![imported]);
        }
        self.done = true;
        Ok(vec![imported.clone(), imported])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.done).then_some("no batch had rows")
    }
}

/// A batch lands a second time, in the place of another of as many rows.
#[derive(Default)]
pub(super) struct TwiceForAnother {
    /// Of different numbers of rows.
    seen: Vec<Imported>,
    done: bool,
}

impl Change for TwiceForAnother {
    fn take(&mut self, imported: Imported) -> Taken {
        let rows = imported.batch.num_rows();
        if self.done || rows == 0 {
            return Ok(vec![imported]);
        }
        let Some(as_long) = self.seen.iter().find(|seen| seen.batch.num_rows() == rows) else {
            self.seen.push(imported.clone());
            return Ok(vec![imported]);
        };
        if as_long.batch == imported.batch {
            return Ok(vec![imported]);
        }
        let again = as_long.clone();
        (self.done, self.seen) = (true, Vec::new());
        Ok(vec![again])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.done).then_some("no two batches of as many rows differ")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
    use arrow::datatypes::Int64Type;

    use super::super::changed;
    use super::*;

    /// What lands of batches of these numbers; None where nothing was changed.
    fn landed(change: &mut dyn Change, given: &[&[i64]]) -> Option<Vec<Vec<i64>>> {
        let mut landed = Vec::new();
        for numbers in given {
            let column: ArrayRef = Arc::new(Int64Array::from(numbers.to_vec()));
            landed.extend(change.take(changed(RecordBatch::try_from_iter([("number", column)]).unwrap())).unwrap());
        }
        landed.extend(change.end());
        let numbers = |one: Imported| one.batch.column(0).as_primitive::<Int64Type>().values().to_vec();
        change.missing().is_none().then(|| landed.into_iter().map(numbers).collect())
    }

    #[test]
    fn an_empty_batch_ends_all() {
        let landed = |given: &[&[i64]]| landed(&mut StopAtEmpty::default(), given);
        assert_eq!(landed(&[&[], &[1], &[], &[], &[2], &[3]]), Some(vec![vec![], vec![1], vec![]]));
        assert_eq!(landed(&[&[], &[1], &[2], &[], &[]]), None);
    }

    #[test]
    fn of_a_retry_the_last_batch_with_rows_lands() {
        let landed = |given: &[&[i64]]| landed(&mut RetryTail::default(), given);
        assert_eq!(landed(&[&[1], &[2, 3], &[4], &[]]), Some(vec![vec![4]]));
        assert_eq!(landed(&[&[], &[1], &[]]), None);
    }

    #[test]
    fn the_first_batch_lands_twice() {
        let landed = |given: &[&[i64]]| landed(&mut Twice::default(), given);
        assert_eq!(landed(&[&[], &[1, 2], &[3]]), Some(vec![vec![], vec![1, 2], vec![1, 2], vec![3]]));
        assert_eq!(landed(&[&[]]), None);
    }

    #[test]
    fn a_batch_lands_for_another_as_long() {
        let landed = |given: &[&[i64]]| landed(&mut TwiceForAnother::default(), given);
        assert_eq!(
            landed(&[&[1], &[2, 3], &[1], &[4, 5], &[6]]),
            Some(vec![vec![1], vec![2, 3], vec![1], vec![2, 3], vec![6]])
        );
        assert_eq!(landed(&[&[1], &[1], &[2, 3], &[], &[]]), None);
    }
}

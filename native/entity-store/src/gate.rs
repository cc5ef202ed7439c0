//! Which rows are in the result.

use crate::faults::{self, Fault};

/// Lets rows pass that are live and satisfy the filter, until the limit.
#[derive(Debug)]
pub struct Gate {
    limit: u64,
    counted: u64,
    fault: Option<Fault>,
}

impl Gate {
    pub fn new(limit: Option<u64>, fault: Option<Fault>) -> Self {
        Self { limit: faults::limit(fault, limit).unwrap_or(u64::MAX), counted: 0, fault }
    }

    /// Whether no other row can be in the result.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.counted >= self.limit
    }

    /// The row that was admitted last turns out to be none.
    pub fn take_back(&mut self) {
        self.counted -= 1;
    }

    /// Whether a row is in the result.
    #[inline]
    pub fn admits(&mut self, deleted: bool, passes: impl FnOnce() -> bool) -> bool {
        if faults::deleted(self.fault, deleted) || self.is_full() {
            return false;
        }
        if faults::counts_before_filter(self.fault) {
            self.counted += 1;
            return passes();
        }
        let is_in = passes();
        self.counted += u64::from(is_in);
        is_in
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use crate::faults::Fault;

    /// Rows that pass, of live and deleted ones whose filter says yes or no.
    fn passed(limit: Option<u64>, fault: Option<Fault>) -> Vec<usize> {
        let rows = [(false, false), (true, true), (false, true), (false, true), (false, false), (false, true)];
        let mut gate = Gate::new(limit, fault);
        let mut passed = Vec::new();
        for (index, (deleted, passes)) in rows.into_iter().enumerate() {
            if gate.admits(deleted, || passes) {
                passed.push(index);
            }
        }
        passed
    }

    #[test]
    fn live_rows_that_satisfy_the_filter_pass_until_the_limit() {
        assert_eq!(passed(None, None), [2, 3, 5]);
        assert_eq!(passed(Some(2), None), [2, 3]);
    }

    #[test]
    fn each_fault_lets_other_rows_pass() {
        assert_eq!(passed(Some(2), Some(Fault::LimitOffByOne)), [2, 3, 5]);
        assert_eq!(passed(Some(2), Some(Fault::DeletedReturned)), [1, 2]);
        assert_eq!(passed(Some(2), Some(Fault::FilterAfterLimit)), [2]);
    }
}

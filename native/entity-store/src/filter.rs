//! Conditions on rows.

use std::cmp::Ordering;

use crate::columns::COLUMNS;
use crate::query::{Condition, Operand, Operator, Test};
use crate::row::{Cell, OwnedRow, Row, cell_of};

impl Operator {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

impl Test {
    /// Whether a value passes.
    pub fn passes(&self, cell: &Cell<'_>) -> bool {
        let (operator, ordering) = match (self, cell) {
            (Self::IsNull, cell) => return *cell == Cell::Null,
            (Self::IsNotNull, cell) => return *cell != Cell::Null,
            (Self::Compare(operator, Operand::Integer(asked)), Cell::Integer(value)) => (operator, value.cmp(asked)),
            (Self::Compare(operator, Operand::Boolean(asked)), Cell::Boolean(value)) => (operator, value.cmp(asked)),
            (Self::Compare(operator, Operand::Text(asked)), Cell::Text(value)) => (operator, (*value).cmp(asked)),
            (Self::Compare(operator, Operand::Float(asked)), Cell::Float(value)) => match value.partial_cmp(asked) {
                Some(ordering) => (operator, ordering),
                None => return false,
            },
            _ => return false,
        };
        operator.holds(ordering)
    }
}

/// Whether a row in place satisfies all conditions.
#[inline]
pub fn matches(conditions: &[Condition], row: &Row<'_>) -> bool {
    conditions.iter().all(|condition| condition.test.passes(&row.cells[condition.column]))
}

/// Whether an owned row satisfies all conditions.
pub fn matches_owned(conditions: &[Condition], row: &OwnedRow) -> bool {
    conditions.iter().all(|condition| {
        let column = &COLUMNS[condition.column];
        cell_of(column.kind, row.get(column.name)).is_some_and(|cell| condition.test.passes(&cell))
    })
}

//! What a query must give, from the definition of the rows alone.

use writeproof_digest::TableDigest;

use crate::definition::{Definition, Item};
use crate::error::Error;
use crate::plain::PlainTable;
use crate::query::{Condition, Operand, Operator, Query, Test};

/// Digest of the rows and columns that a query must give of a store made from this definition.
///
/// # Errors
/// Where the definition or the query cannot be.
pub fn expected_digest(definition: &Definition, query: &str) -> Result<TableDigest, Error> {
    let definition = definition.checked()?;
    let query = Query::parse(query, definition.columns)?;
    let mut table = PlainTable::new(&query.columns)?;
    let mut left = query.limit.unwrap_or(u64::MAX);
    let live = (0..definition.rows).filter(|row| !definition.is_deleted(*row));
    for row in live {
        if left == 0 {
            break;
        }
        let key = definition.key_of(definition.id(row)).unwrap_or_default();
        if !key.starts_with(&query.prefix) {
            continue;
        }
        let items = definition.row(row).items;
        if query.conditions.iter().all(|condition| holds(condition, &items)) {
            table.push(&items)?;
            left -= 1;
        }
    }
    table.finish()
}

/// Whether a row's value satisfies a condition.
fn holds(condition: &Condition, items: &[Item]) -> bool {
    let item = &items[condition.column];
    match (&condition.test, item) {
        (Test::IsNull, _) => matches!(item, Item::Null),
        (Test::IsNotNull, _) => !matches!(item, Item::Null),
        (Test::Compare(..), Item::Null) => false,
        (Test::Compare(operator, Operand::Integer(asked)), Item::Integer(value)) => compare(*operator, value, asked),
        (Test::Compare(operator, Operand::Float(asked)), Item::Float(value)) => compare(*operator, value, asked),
        (Test::Compare(operator, Operand::Boolean(asked)), Item::Boolean(value)) => compare(*operator, value, asked),
        (Test::Compare(operator, Operand::Text(asked)), Item::Text(value)) => compare(*operator, value, asked),
        _ => false,
    }
}

fn compare<T: PartialOrd>(operator: Operator, value: &T, asked: &T) -> bool {
    match operator {
        Operator::Equal => value == asked,
        Operator::Unequal => value != asked,
        Operator::Less => value < asked,
        Operator::AtMost => value <= asked,
        Operator::Greater => value > asked,
        Operator::AtLeast => value >= asked,
    }
}

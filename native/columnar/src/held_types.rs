//! What Parquet cannot hold is refused before anything is written: arrow-rs would fail at the first batch, or panic.

use arrow::datatypes::{DataType, IntervalUnit, Schema};
use parquet::errors::{ParquetError, Result};

/// Fails where a type of the schema, at any depth, has no place in Parquet.
pub(crate) fn check_types(schema: &Schema) -> Result<()> {
    for field in schema.fields() {
        if let Some((kind, reason)) = not_held(field.data_type()) {
            let name = field.name();
            return Err(ParquetError::General(format!("column {name}: Parquet cannot hold {kind}: {reason}")));
        }
    }
    Ok(())
}

/// The type that cannot be held, and why. harness/verify/renditions.ts has the same list.
fn not_held(kind: &DataType) -> Option<(&DataType, &'static str)> {
    use DataType::*;
    match kind {
        Interval(IntervalUnit::MonthDayNano) => Some((kind, "its intervals have no nanoseconds")),
        Decimal32(_, scale) | Decimal64(_, scale) | Decimal128(_, scale) | Decimal256(_, scale) if *scale < 0 => {
            Some((kind, "its decimals have no negative scale"))
        }
        FixedSizeBinary(0) => Some((kind, "its binary of fixed size has at least one byte")),
        Struct(fields) if fields.is_empty() => Some((kind, "its groups have at least one field")),
        Union(..) => Some((kind, "it has no unions")),
        Struct(fields) => fields.iter().find_map(|field| not_held(field.data_type())),
        List(field) | LargeList(field) | ListView(field) | LargeListView(field) => not_held(field.data_type()),
        FixedSizeList(field, _) | Map(field, _) | RunEndEncoded(_, field) => not_held(field.data_type()),
        Dictionary(_, values) => not_held(values),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{DataType, Field, Fields, IntervalUnit, Schema, UnionFields, UnionMode};

    use super::check_types;

    #[test]
    fn what_parquet_cannot_hold_is_refused_at_any_depth() {
        let refused = [
            (DataType::Interval(IntervalUnit::MonthDayNano), "nanoseconds"),
            (DataType::Decimal128(38, -3), "negative scale"),
            (DataType::FixedSizeBinary(0), "at least one byte"),
            (DataType::Struct(Fields::empty()), "at least one field"),
            (DataType::Union(UnionFields::empty(), UnionMode::Dense), "no unions"),
        ];
        let mut checked = 0;
        for (kind, reason) in refused {
            let inside =
                DataType::new_list(DataType::Dictionary(Box::new(DataType::Int8), Box::new(kind.clone())), true);
            for one in [kind, inside] {
                let error = check_types(&Schema::new(vec![Field::new("c", one, true)])).expect_err(reason);
                assert!(error.to_string().contains(reason), "{error}");
                checked += 1;
            }
        }
        assert_eq!(checked, 10);
    }

    #[test]
    fn other_types_are_taken() {
        let entries = DataType::Struct(Fields::from(vec![
            Field::new("keys", DataType::Utf8, false),
            Field::new("values", DataType::Decimal256(76, 38), true),
        ]));
        let map = DataType::Map(Arc::new(Field::new("entries", entries, false)), false);
        assert!(check_types(&Schema::new(vec![Field::new("c", map, true)])).is_ok());
    }
}

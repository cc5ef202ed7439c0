//! Fields that are declared as others, over the same buffers.

use std::sync::Arc;

use arrow::array::{Array, RecordBatch, make_array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use writeproof_columnar::Imported;

use super::Change;

/// The schema with other fields, where there are.
pub(super) fn with_fields(schema: &Schema, mut other: impl FnMut(&Field) -> Option<Field>) -> SchemaRef {
    let fields: Vec<_> =
        schema.fields().iter().map(|field| other(field).map_or_else(|| Arc::clone(field), Arc::new)).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

struct Declared {
    written: SchemaRef,
    damaged: bool,
    needed: &'static str,
}

/// Declares the first `limit` fields that can be declared as others.
fn declared(
    schema: &Schema,
    limit: usize,
    needed: &'static str,
    other: impl Fn(&Field) -> Option<Field>,
) -> Box<dyn Change> {
    let mut found = 0;
    let written = with_fields(schema, |field| {
        let other = if found < limit { other(field) } else { None };
        found += usize::from(other.is_some());
        other
    });
    Box::new(Declared { written, damaged: found > 0, needed })
}

impl Change for Declared {
    fn schema(&self) -> Option<SchemaRef> {
        Some(Arc::clone(&self.written))
    }

    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        let columns = imported.batch.columns().iter().zip(self.written.fields()).map(|(column, field)| {
            if column.data_type() == field.data_type() {
                return Ok(Arc::clone(column));
            }
            Ok(make_array(column.to_data().into_builder().data_type(field.data_type().clone()).build()?))
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.written), columns.collect::<Result<_, ArrowError>>()?)?;
        Ok(vec![Imported { batch, ..imported }])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some(self.needed)
    }
}

fn retyped(field: &Field, kind: DataType) -> Option<Field> {
    Some(field.clone().with_data_type(kind))
}

/// A decimal column has one digit more, or less, behind the point.
pub(super) fn decimal_scale(schema: &Schema) -> Box<dyn Change> {
    let other = |precision: u8, scale: i8| if scale < precision as i8 { scale + 1 } else { scale - 1 };
    declared(schema, 1, "no column is a decimal", |field| match *field.data_type() {
        DataType::Decimal128(precision, scale) => {
            retyped(field, DataType::Decimal128(precision, other(precision, scale)))
        }
        DataType::Decimal256(precision, scale) => {
            retyped(field, DataType::Decimal256(precision, other(precision, scale)))
        }
        _ => None,
    })
}

/// Timestamps lose their zone.
pub(super) fn zone_dropped(schema: &Schema) -> Box<dyn Change> {
    declared(schema, usize::MAX, "no timestamp has a zone", |field| match field.data_type() {
        DataType::Timestamp(unit, Some(_)) => retyped(field, DataType::Timestamp(*unit, None)),
        _ => None,
    })
}

/// Timestamps without a zone get one.
pub(super) fn zone_added(schema: &Schema) -> Box<dyn Change> {
    declared(schema, usize::MAX, "every timestamp has a zone", |field| match field.data_type() {
        DataType::Timestamp(unit, None) => retyped(field, DataType::Timestamp(*unit, Some("UTC".into()))),
        _ => None,
    })
}

/// A required column is declared as one that may have nulls.
pub(super) fn nullable_added(schema: &Schema) -> Box<dyn Change> {
    declared(schema, 1, "no column is required", |field| {
        (!field.is_nullable()).then(|| field.clone().with_nullable(true))
    })
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Decimal128Array, TimestampSecondArray};
    use arrow::datatypes::TimeUnit::Second;

    use super::super::{Make, changed};
    use super::*;

    fn batch() -> RecordBatch {
        let amount = Decimal128Array::from(vec![100]).with_precision_and_scale(15, 2).unwrap();
        let plain = TimestampSecondArray::from(vec![1]);
        let zoned = TimestampSecondArray::from(vec![1]).with_timezone("+02:00");
        let columns: [(&str, ArrayRef, bool); 3] =
            [("amount", Arc::new(amount), true), ("plain", Arc::new(plain), false), ("zoned", Arc::new(zoned), false)];
        RecordBatch::try_from_iter_with_nullable(columns).unwrap()
    }

    /// Fields that differ, and whether all buffers are those that came.
    fn differences(make: Make) -> (Vec<Field>, bool) {
        let given = batch();
        let mut change = make(&given.schema());
        assert_eq!(change.missing(), None);
        let taken = change.take(changed(given.clone())).unwrap();
        let written = &taken[0].batch;
        assert_eq!(Some(written.schema()), change.schema());
        let fields = written.schema();
        let others = fields.fields().iter().zip(given.schema_ref().fields()).filter(|(one, other)| one != other);
        let address = |batch: &RecordBatch| {
            batch.columns().iter().map(|column| column.to_data().buffers()[0].as_ptr()).collect::<Vec<_>>()
        };
        (others.map(|(one, _)| one.as_ref().clone()).collect(), address(written) == address(&given))
    }

    #[test]
    fn a_field_is_declared_as_another_over_the_same_buffers() {
        let utc = DataType::Timestamp(Second, Some("UTC".into()));
        let cases: [(Make, Field); 4] = [
            (decimal_scale, Field::new("amount", DataType::Decimal128(15, 3), true)),
            (zone_dropped, Field::new("zoned", DataType::Timestamp(Second, None), false)),
            (zone_added, Field::new("plain", utc, false)),
            (nullable_added, Field::new("plain", DataType::Timestamp(Second, None), true)),
        ];
        for (make, field) in cases {
            assert_eq!(differences(make), (vec![field], true));
        }
    }
}

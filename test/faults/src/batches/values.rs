//! Values that come out as others of their type.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, RecordBatch};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Float16Type, Float32Type, Float64Type, Int64Type};

use super::columns;
use super::each::Damaged;

/// The column with other values, if it is of this type and one that is not null became another.
pub(super) fn of_type<T: ArrowPrimitiveType>(
    column: &ArrayRef,
    change: impl Fn(T::Native) -> T::Native,
) -> Option<ArrayRef> {
    let values = column.as_primitive_opt::<T>()?;
    let other: PrimitiveArray<T> = values.unary(change);
    let other = other.with_data_type(values.data_type().clone());
    // Of array data: bytes are compared, whereby -0.0 is not 0.0.
    (other.to_data() != values.to_data()).then(|| Arc::new(other) as ArrayRef)
}

/// The last bit of a bool column is the other one.
pub(super) fn flip_last_bool(batch: &RecordBatch) -> Damaged {
    columns::first(batch, |_, column| {
        let Some(values) = column.as_boolean_opt() else { return Ok(None) };
        let Some(last) = values.len().checked_sub(1).filter(|last| values.is_valid(*last)) else { return Ok(None) };
        let bits = BooleanBuffer::collect_bool(values.len(), |row| values.value(row) != (row == last));
        Ok(Some(Arc::new(BooleanArray::new(bits, values.nulls().cloned()))))
    })
}

/// A decimal column has ten times its values, as far as its precision goes.
pub(super) fn ten_times(batch: &RecordBatch) -> Damaged {
    columns::first(batch, |_, column| {
        let DataType::Decimal128(precision, _) = *column.data_type() else { return Ok(None) };
        let limit = 10_i128.pow(u32::from(precision) - 1);
        let scaled = |value: i128| if (1 - limit..limit).contains(&value) { value * 10 } else { value };
        Ok(of_type::<Decimal128Type>(column, scaled))
    })
}

type Half = <Float16Type as ArrowPrimitiveType>::Native;

/// A NaN loses its sign and payload.
pub(super) fn canonical_nan(batch: &RecordBatch) -> Damaged {
    columns::every(batch, |_, column| {
        let half = of_type::<Float16Type>(column, |value| if value.is_nan() { Half::NAN } else { value });
        let single = || of_type::<Float32Type>(column, |value| if value.is_nan() { f32::NAN } else { value });
        let double = || of_type::<Float64Type>(column, |value| if value.is_nan() { f64::NAN } else { value });
        Ok(half.or_else(single).or_else(double))
    })
}

/// A zero loses its sign.
pub(super) fn positive_zero(batch: &RecordBatch) -> Damaged {
    columns::every(batch, |_, column| {
        let half = of_type::<Float16Type>(column, |value| if value == Half::ZERO { Half::ZERO } else { value });
        let single = || of_type::<Float32Type>(column, |value| if value == 0.0 { 0.0 } else { value });
        let double = || of_type::<Float64Type>(column, |value| if value == 0.0 { 0.0 } else { value });
        Ok(half.or_else(single).or_else(double))
    })
}

/// Whole numbers of 64 bits go through 32.
pub(super) fn narrow(batch: &RecordBatch) -> Damaged {
    columns::every(batch, |_, column| Ok(of_type::<Int64Type>(column, |value| i64::from(value as i32))))
}

/// The dates of one column are those of the day before, as midnight is in a zone to the west.
pub(super) fn day_before(batch: &RecordBatch) -> Damaged {
    columns::first(batch, |_, column| Ok(of_type::<Date32Type>(column, |day| day.wrapping_sub(1))))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Date32Array, Decimal128Array, Float16Array, Float32Array, Float64Array, Int64Array};

    use super::*;

    fn batch(column: impl Array + 'static) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable([("value", Arc::new(column) as ArrayRef, true)]).unwrap()
    }

    fn damaged(damage: fn(&RecordBatch) -> Damaged, column: impl Array + 'static) -> Option<ArrayRef> {
        damage(&batch(column)).unwrap().map(|batch| Arc::clone(batch.column(0)))
    }

    #[test]
    fn the_last_bit_is_flipped() {
        let given = BooleanArray::from(vec![Some(true), None, Some(true)]);
        let expected = BooleanArray::from(vec![Some(true), None, Some(false)]);
        assert_eq!(damaged(flip_last_bool, given.clone()).unwrap().as_boolean(), &expected);
        assert_eq!(damaged(flip_last_bool, given.slice(0, 2)), None);
        assert_eq!(damaged(flip_last_bool, given.slice(0, 0)), None);
    }

    #[test]
    fn decimals_that_have_room_are_ten_times_as_large() {
        let of = |values: Vec<Option<i128>>| Decimal128Array::from(values).with_precision_and_scale(5, 2).unwrap();
        let scaled = damaged(ten_times, of(vec![Some(9_999), Some(-9_999), Some(10_000), None])).unwrap();
        let expected = of(vec![Some(99_990), Some(-99_990), Some(10_000), None]);
        assert_eq!(scaled.to_data(), expected.to_data());
        assert_eq!(damaged(ten_times, of(vec![Some(0), Some(-10_000), None])), None);
    }

    fn bits(column: Option<ArrayRef>) -> Option<Vec<u64>> {
        let column = column?;
        let halves = column.as_primitive_opt::<Float16Type>();
        let singles = column.as_primitive_opt::<Float32Type>();
        let doubles = column.as_primitive_opt::<Float64Type>();
        halves
            .map(|values| values.values().iter().map(|value| u64::from(value.to_bits())).collect())
            .or_else(|| singles.map(|values| values.values().iter().map(|value| u64::from(value.to_bits())).collect()))
            .or_else(|| doubles.map(|values| values.values().iter().map(|value| value.to_bits()).collect()))
    }

    #[test]
    fn a_nan_becomes_the_canonical_one() {
        let half = damaged(canonical_nan, Float16Array::from(vec![Half::from_bits(0xfe55), Half::from_bits(0x8000)]));
        assert_eq!(bits(half), Some(vec![0x7e00, 0x8000]));
        let single = damaged(canonical_nan, Float32Array::from(vec![f32::from_bits(0xffd5_5555), 1.0]));
        assert_eq!(bits(single), Some(vec![0x7fc0_0000, 0x3f80_0000]));
        let double = damaged(canonical_nan, Float64Array::from(vec![f64::from_bits(0x7ff8_0000_0000_0001), -0.0]));
        assert_eq!(bits(double), Some(vec![0x7ff8_0000_0000_0000, 1 << 63]));
        assert_eq!(bits(damaged(canonical_nan, Float64Array::from(vec![f64::NAN, -0.0]))), None);
    }

    #[test]
    fn a_zero_loses_its_sign() {
        let half = damaged(positive_zero, Float16Array::from(vec![Half::from_bits(0x8000), Half::from_bits(0xfe55)]));
        assert_eq!(bits(half), Some(vec![0, 0xfe55]));
        assert_eq!(bits(damaged(positive_zero, Float32Array::from(vec![-0.0, -1.0]))), Some(vec![0, 0xbf80_0000]));
        assert_eq!(bits(damaged(positive_zero, Float64Array::from(vec![-0.0, 0.0]))), Some(vec![0, 0]));
        assert_eq!(bits(damaged(positive_zero, Float64Array::from(vec![0.0, -1.0]))), None);
    }

    #[test]
    fn numbers_lose_their_upper_half() {
        let narrowed = damaged(narrow, Int64Array::from(vec![(1 << 32) + 5, i64::from(i32::MAX) + 1, -7])).unwrap();
        assert_eq!(narrowed.as_primitive::<Int64Type>().values().to_vec(), [5, i64::from(i32::MIN), -7]);
        assert_eq!(damaged(narrow, Int64Array::from(vec![i64::from(i32::MAX), i64::from(i32::MIN)])), None);
    }

    #[test]
    fn dates_are_a_day_early() {
        let shifted = damaged(day_before, Date32Array::from(vec![Some(0), None, Some(11_016)])).unwrap();
        assert_eq!(shifted.to_data(), Date32Array::from(vec![Some(-1), None, Some(11_015)]).to_data());
        assert_eq!(damaged(day_before, Date32Array::from(vec![None])), None);
    }
}

//! From the types in which DuckDB delivers values to the declared ones. Every conversion is exact, or an error: nothing is rounded.

use std::sync::Arc;

use arrow::array::*;
use arrow::datatypes::*;

use crate::ReaderError;

/// Whether the bytes that DuckDB holds are those of the declared type, so that they can be digested where they are.
pub(crate) fn holds(declared: &DataType, given: &DataType) -> bool {
    use DataType::*;
    match (declared, given) {
        (Dictionary(_, values), _) => holds(values, given),
        (RunEndEncoded(_, values), _) => holds(values.data_type(), given),
        // Sign-extended to 16 bytes by the digest, but not to 32.
        (Decimal256(..), _) => false,
        _ => declared == given || is_layout(declared, given) || is_unannotated(declared, given),
    }
}

/// Whether the digest takes arrays of the one type for those of the other.
fn is_layout(declared: &DataType, given: &DataType) -> bool {
    use DataType::*;
    match (declared, given) {
        (Timestamp(unit, _), Timestamp(other, _)) => unit == other,
        (Utf8 | LargeUtf8 | Utf8View, Utf8 | LargeUtf8 | Utf8View) => true,
        (Binary | LargeBinary | BinaryView | FixedSizeBinary(_), Binary | LargeBinary | BinaryView) => true,
        (
            Decimal32(_, scale) | Decimal64(_, scale) | Decimal128(_, scale) | Decimal256(_, scale),
            Decimal32(_, other) | Decimal64(_, other) | Decimal128(_, other),
        ) => scale == other,
        _ => false,
    }
}

/// Types for which Parquet has no annotation: they come as the integers that they are.
fn is_unannotated(declared: &DataType, given: &DataType) -> bool {
    use DataType::*;
    matches!(
        (declared, given),
        (Date64 | Duration(_) | Timestamp(TimeUnit::Second, _), Int64) | (Time32(TimeUnit::Second), Int32)
    )
}

/// The values as the declared type.
pub(crate) fn convert(declared: &DataType, array: &ArrayRef) -> Result<ArrayRef, ReaderError> {
    use DataType::*;
    let given = array.data_type();
    match (declared, given) {
        (Dictionary(_, values), _) => convert(values, array),
        (RunEndEncoded(_, values), _) => convert(values.data_type(), array),
        _ if declared == given || is_layout(declared, given) => Ok(Arc::clone(array)),
        _ if is_unannotated(declared, given) => reinterpreted(declared, array),
        (Float16, Float32) => {
            let halves = array.as_primitive::<Float32Type>();
            exact::<Float32Type, Float16Type>(declared, halves, |value| half_of(value.to_bits()).map(f16::from_bits))
        }
        (Time32(TimeUnit::Millisecond), Time64(TimeUnit::Microsecond)) => {
            let times = array.as_primitive::<Time64MicrosecondType>();
            exact::<_, Time32MillisecondType>(declared, times, |value| quotient(value, 1000)?.try_into().ok())
        }
        (Time32(TimeUnit::Second), Time64(TimeUnit::Microsecond)) => {
            let times = array.as_primitive::<Time64MicrosecondType>();
            exact::<_, Time32SecondType>(declared, times, |value| quotient(value, 1_000_000)?.try_into().ok())
        }
        (Timestamp(TimeUnit::Second, _), Timestamp(TimeUnit::Microsecond, _)) => {
            let times = array.as_primitive::<TimestampMicrosecondType>();
            let whole = exact::<_, TimestampSecondType>(given, times, |value| quotient(value, 1_000_000))?;
            reinterpreted(declared, &whole)
        }
        (Date64, Date32) => {
            let days = array.as_primitive::<Date32Type>();
            exact::<_, Date64Type>(declared, days, |value| Some(i64::from(value) * 86_400_000))
        }
        (Timestamp(TimeUnit::Millisecond, _), Timestamp(TimeUnit::Microsecond, _)) => {
            let times = array.as_primitive::<TimestampMicrosecondType>();
            let whole = exact::<_, TimestampMillisecondType>(given, times, |value| quotient(value, 1000))?;
            reinterpreted(declared, &whole)
        }
        (Interval(IntervalUnit::YearMonth), Interval(IntervalUnit::MonthDayNano)) => {
            let intervals = array.as_primitive::<IntervalMonthDayNanoType>();
            exact::<_, IntervalYearMonthType>(declared, intervals, |value| {
                (value.days == 0 && value.nanoseconds == 0).then_some(value.months)
            })
        }
        (Interval(IntervalUnit::DayTime), Interval(IntervalUnit::MonthDayNano)) => {
            let intervals = array.as_primitive::<IntervalMonthDayNanoType>();
            exact::<_, IntervalDayTimeType>(declared, intervals, |value| {
                // Parquet's milliseconds have no sign, Arrow's do: the bits are the same.
                let milliseconds = u32::try_from(quotient(value.nanoseconds, 1_000_000)?).ok()?;
                (value.months == 0).then_some(IntervalDayTime::new(value.days, milliseconds.cast_signed()))
            })
        }
        (
            List(child) | LargeList(child) | ListView(child) | LargeListView(child) | FixedSizeList(child, _),
            List(_),
        ) => {
            let (_, offsets, values, nulls) = array.as_list::<i32>().clone().into_parts();
            let values = convert(child.data_type(), &values)?;
            rebuilt(ListArray::try_new(nullable(values.data_type()), offsets, values, nulls))
        }
        (Map(entries, _), Map(..)) => {
            let (_, offsets, pairs, nulls, _) = array.as_map().clone().into_parts();
            let values = convert(entries.data_type(), &(Arc::new(pairs) as ArrayRef))?;
            rebuilt(ListArray::try_new(nullable(values.data_type()), offsets, values, nulls))
        }
        (Struct(fields), Struct(found)) if fields.len() == found.len() => {
            let (_, columns, nulls) = array.as_struct().clone().into_parts();
            let children = fields.iter().zip(&columns).map(|(field, column)| convert(field.data_type(), column));
            let children = children.collect::<Result<Vec<_>, _>>()?;
            let fields: Vec<_> = children.iter().map(|child| nullable(child.data_type())).collect();
            rebuilt(StructArray::try_new(fields.into(), children, nulls))
        }
        _ => Err(ReaderError::new("DuckDB", format!("it delivers {given} where {declared} was declared"))),
    }
}

/// Nullability is the schema's matter; the digest looks at the values only.
fn nullable(kind: &DataType) -> FieldRef {
    Arc::new(Field::new("value", kind.clone(), true))
}

fn rebuilt<A: Array + 'static>(made: Result<A, arrow::error::ArrowError>) -> Result<ArrayRef, ReaderError> {
    made.map(|array| Arc::new(array) as ArrayRef).map_err(|error| ReaderError::new("nested values of DuckDB", error))
}

/// The same integers under another name.
fn reinterpreted(declared: &DataType, array: &ArrayRef) -> Result<ArrayRef, ReaderError> {
    let data = array.to_data().into_builder().data_type(declared.clone()).build();
    data.map(make_array).map_err(|error| ReaderError::new("values of DuckDB", error))
}

/// Every value by `one`, which has none where it would not be exact.
fn exact<From: ArrowPrimitiveType, To: ArrowPrimitiveType>(
    declared: &DataType,
    array: &PrimitiveArray<From>,
    one: impl Fn(From::Native) -> Option<To::Native>,
) -> Result<ArrayRef, ReaderError> {
    let converted: PrimitiveArray<To> = array
        .try_unary(|value| {
            one(value).ok_or_else(|| {
                let reason = format!("it delivers {value:?}, which is not exact as {declared}");
                arrow::error::ArrowError::ComputeError(reason)
            })
        })
        .map_err(|error| ReaderError::new("DuckDB", error))?;
    Ok(Arc::new(converted))
}

fn quotient(value: i64, divisor: i64) -> Option<i64> {
    (value % divisor == 0).then_some(value / divisor)
}

#[allow(non_camel_case_types, reason = "the name of the type that arrow does not pass on")]
type f16 = <Float16Type as ArrowPrimitiveType>::Native;

/// The bits of a half that is equal to a float, bit for bit also where it is NaN.
fn half_of(float: u32) -> Option<u16> {
    let is_nan = float & 0x7fff_ffff > 0x7f80_0000;
    if is_nan {
        let payload = (float & 0x007f_ffff) >> 13;
        let sign = float >> 31 << 15;
        // A payload that begins behind the tenth bit would be cut off.
        return (float & 0x1fff == 0).then_some((sign | 0x7c00 | payload) as u16);
    }
    let half = f16::from_f32(f32::from_bits(float));
    (half.to_f32().to_bits() == float).then_some(half.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_exact_or_nothing() {
        for bits in 0..=u16::MAX {
            let half = f16::from_bits(bits);
            let float = if half.is_nan() {
                u32::from(bits >> 15) << 31 | 0x7f80_0000 | u32::from(bits & 0x3ff) << 13
            } else {
                half.to_f32().to_bits()
            };
            assert_eq!(half_of(float), Some(bits));
        }
        for inexact in [0.1f32.to_bits(), 1e-30f32.to_bits(), 65_536f32.to_bits(), 0x7fc0_0001] {
            assert_eq!(half_of(inexact), None, "{inexact:08x}");
        }
    }

    #[test]
    fn a_value_that_is_not_exact_is_an_error() {
        let micros: ArrayRef = Arc::new(Time64MicrosecondArray::from(vec![Some(5_000), None, Some(5_001)]));
        let milliseconds = DataType::Time32(TimeUnit::Millisecond);
        let error = convert(&milliseconds, &micros).expect_err("5001 us are no whole milliseconds");
        assert_eq!(error.to_string(), "DuckDB: Compute error: it delivers 5001, which is not exact as Time32(ms)");
        let whole = convert(&milliseconds, &micros.slice(0, 2)).expect("5 ms and a null");
        assert_eq!(whole.as_primitive::<Time32MillisecondType>(), &Time32MillisecondArray::from(vec![Some(5), None]));
    }

    #[test]
    fn another_type_is_an_error_also_inside() {
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
        let declared = DataType::new_list(DataType::Utf8, true);
        let error = convert(&declared, &(Arc::new(lists) as ArrayRef)).expect_err("numbers are no strings");
        assert_eq!(error.to_string(), "DuckDB: it delivers Int32 where Utf8 was declared");
    }
}

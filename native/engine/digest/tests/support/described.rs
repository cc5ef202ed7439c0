//! Tables described in JSON, as test/digest/vectors.json has them, turned into Arrow batches.
//!
//! A table is `{columns: [{name, type, layout?, values}], chunks?, firstRow?, skip?, segments?}`. Types are names such as `int64` or `decimal128(15, 2)`,
//! or `{list}`, `{fixedSizeList, size}`, `{struct: [types]}`, `{map: [key, value]}`, `{union: [types]}`. Values: integers and unscaled decimals as decimal text,
//! floats as the hexadecimal digits of their bits, binary as hexadecimal, intervals, structs, lists, and map entries as arrays, unions as [type id, value].

use arrow::array::*;
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::{cast, take};
use arrow::datatypes::*;
use serde_json::Value;
use std::str::FromStr;
use std::sync::Arc;
use writeproof_digest::{Digester, SegmentStatistics, TableDigest};

/// Digest of a described table, from batches of its chunks in their layouts.
pub fn digest(table: &Value) -> (TableDigest, Vec<SegmentStatistics>) {
    let (declared, batches) = batches(table);
    let first_row = table["firstRow"].as_u64().unwrap_or(0);
    let segments = numbers(&table["segments"]);
    let mut digester = Digester::with_segments(&declared, first_row, segments).expect("schema");
    for batch in batches {
        digester.update(&batch).expect("update");
    }
    digester.finish_with_segments()
}

/// The declared schema, and the batches of a described table's chunks in their layouts.
pub fn batches(table: &Value) -> (Schema, Vec<RecordBatch>) {
    let columns = table["columns"].as_array().expect("columns");
    let skip = table["skip"].as_u64().unwrap_or(0) as usize;
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for column in columns {
        let declared = data_type(&column["type"]);
        let values = column["values"].as_array().expect("values").iter().collect::<Vec<_>>();
        let plain = array(&column["type"], &values);
        let layout = column["layout"].as_str().unwrap_or("plain");
        arrays.push(laid_out(&plain, layout).slice(skip, values.len() - skip));
        fields.push(Field::new(column["name"].as_str().expect("name"), declared, true));
    }
    let physical =
        fields.iter().zip(&arrays).map(|(field, array)| Field::new(field.name(), array.data_type().clone(), true));
    let whole = RecordBatch::try_new(Arc::new(Schema::new(physical.collect::<Vec<_>>())), arrays).expect("batch");
    let mut start = 0;
    let mut batches = Vec::new();
    for chunk in numbers(&table["chunks"]) {
        batches.push(whole.slice(start, chunk as usize));
        start += chunk as usize;
    }
    batches.push(whole.slice(start, whole.num_rows() - start));
    (Schema::new(fields), batches)
}

fn numbers(value: &Value) -> Vec<u64> {
    value.as_array().map(|all| all.iter().map(|number| number.as_u64().expect("number")).collect()).unwrap_or_default()
}

/// The type without its arguments, and the arguments.
fn parts(name: &str) -> (&str, Vec<&str>) {
    match name.split_once('(') {
        Some((base, rest)) => (base, rest.trim_end_matches(')').split(", ").collect()),
        None => (name, Vec::new()),
    }
}

fn unit(text: &str) -> TimeUnit {
    match text {
        "s" => TimeUnit::Second,
        "ms" => TimeUnit::Millisecond,
        "us" => TimeUnit::Microsecond,
        "ns" => TimeUnit::Nanosecond,
        _ => panic!("unit {text}"),
    }
}

fn number<T: FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("number {text}"))
}

fn item(described: &Value) -> FieldRef {
    Arc::new(Field::new("item", data_type(described), true))
}

fn struct_fields(described: &Value) -> Fields {
    let children = described.as_array().expect("fields").iter().enumerate();
    children.map(|(index, child)| Field::new(format!("f{index}"), data_type(child), true)).collect()
}

fn entries(described: &Value) -> Fields {
    Fields::from(vec![
        Field::new("keys", data_type(&described[0]), false),
        Field::new("values", data_type(&described[1]), true),
    ])
}

/// The Arrow type that a description declares.
pub fn data_type(described: &Value) -> DataType {
    let Some(name) = described.as_str() else {
        if let Some(size) = described.get("size") {
            return DataType::FixedSizeList(item(&described["fixedSizeList"]), size.as_i64().expect("size") as i32);
        }
        if let Some(element) = described.get("list") {
            return DataType::List(item(element));
        }
        if let Some(children) = described.get("struct") {
            return DataType::Struct(struct_fields(children));
        }
        if let Some(pair) = described.get("map") {
            let entries = Field::new("entries", DataType::Struct(entries(pair)), false);
            return DataType::Map(Arc::new(entries), false);
        }
        let fields = struct_fields(&described["union"]);
        return DataType::Union(
            fields.iter().enumerate().map(|(id, field)| (id as i8, field.clone())).collect(),
            UnionMode::Dense,
        );
    };
    let (base, arguments) = parts(name);
    match base {
        "null" => DataType::Null,
        "bool" => DataType::Boolean,
        "int8" => DataType::Int8,
        "int16" => DataType::Int16,
        "int32" => DataType::Int32,
        "int64" => DataType::Int64,
        "uint8" => DataType::UInt8,
        "uint16" => DataType::UInt16,
        "uint32" => DataType::UInt32,
        "uint64" => DataType::UInt64,
        "float16" => DataType::Float16,
        "float32" => DataType::Float32,
        "float64" => DataType::Float64,
        "decimal32" => DataType::Decimal32(number(arguments[0]), number(arguments[1])),
        "decimal64" => DataType::Decimal64(number(arguments[0]), number(arguments[1])),
        "decimal128" => DataType::Decimal128(number(arguments[0]), number(arguments[1])),
        "decimal256" => DataType::Decimal256(number(arguments[0]), number(arguments[1])),
        "date32" => DataType::Date32,
        "date64" => DataType::Date64,
        "time32" => DataType::Time32(unit(arguments[0])),
        "time64" => DataType::Time64(unit(arguments[0])),
        "timestamp" => DataType::Timestamp(unit(arguments[0]), arguments.get(1).map(|zone| Arc::from(*zone))),
        "duration" => DataType::Duration(unit(arguments[0])),
        "interval" => DataType::Interval(match arguments[0] {
            "year_month" => IntervalUnit::YearMonth,
            "day_time" => IntervalUnit::DayTime,
            _ => IntervalUnit::MonthDayNano,
        }),
        "utf8" => DataType::Utf8,
        "binary" => DataType::Binary,
        "fixed_size_binary" => DataType::FixedSizeBinary(number(arguments[0])),
        _ => panic!("type {name}"),
    }
}

fn laid_out(plain: &ArrayRef, layout: &str) -> ArrayRef {
    let to = match (layout, plain.data_type()) {
        ("plain", _) => return Arc::clone(plain),
        ("large", DataType::Utf8) => DataType::LargeUtf8,
        ("large", DataType::Binary) => DataType::LargeBinary,
        ("large", DataType::List(field)) => DataType::LargeList(Arc::clone(field)),
        ("view", DataType::Utf8) => DataType::Utf8View,
        ("view", DataType::Binary) => DataType::BinaryView,
        ("view", DataType::List(field)) => DataType::ListView(Arc::clone(field)),
        ("variable", DataType::FixedSizeBinary(_)) => DataType::Binary,
        ("dictionary", _) => {
            // Values in reverse, nulls among them, so that keys are not row numbers.
            let reversed = Int64Array::from_iter_values((0..plain.len() as i64).rev());
            let values = take(plain, &reversed, None).expect("every index is a row");
            let keys = Int16Array::from_iter_values((0..plain.len() as i16).rev());
            return Arc::new(DictionaryArray::<Int16Type>::try_new(keys, values).expect("keys of all values"));
        }
        ("narrow", DataType::Decimal128(_, scale)) => DataType::Decimal64(18, *scale),
        ("runs", value) => {
            let ends = Int32Array::from_iter_values(1..=plain.len() as i32);
            let runs =
                RunArray::<Int32Type>::try_new(&ends, plain).unwrap_or_else(|error| panic!("runs of {value}: {error}"));
            return Arc::new(runs);
        }
        _ => panic!("layout {layout} of {}", plain.data_type()),
    };
    cast(plain, &to).unwrap_or_else(|error| panic!("layout {layout} of {}: {error}", plain.data_type()))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("text expected, not {value}"))
}

fn primitive<T: ArrowPrimitiveType>(values: &[&Value], to: &DataType, parse: impl Fn(&Value) -> T::Native) -> ArrayRef {
    let options = values.iter().map(|value| (!value.is_null()).then(|| parse(value)));
    Arc::new(options.collect::<PrimitiveArray<T>>().with_data_type(to.clone()))
}

fn integers<T: ArrowPrimitiveType>(values: &[&Value], to: &DataType) -> ArrayRef
where
    T::Native: FromStr,
{
    primitive::<T>(values, to, |value| number(text(value)))
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = text(value);
    (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal")).collect()
}

fn nulls(values: &[&Value]) -> Option<NullBuffer> {
    Some(NullBuffer::from_iter(values.iter().map(|value| !value.is_null())))
}

/// Elements of all lists in one row after another.
fn elements<'a>(values: &[&'a Value]) -> (OffsetBuffer<i32>, Vec<&'a Value>) {
    let lists = values.iter().map(|value| value.as_array().map_or(&[][..], Vec::as_slice));
    (OffsetBuffer::from_lengths(lists.clone().map(<[Value]>::len)), lists.flatten().collect())
}

fn member<'a>(values: &[&'a Value], index: usize) -> Vec<&'a Value> {
    values.iter().map(|value| value.get(index).unwrap_or(&Value::Null)).collect()
}

/// An array of described values.
pub fn array(described: &Value, values: &[&Value]) -> ArrayRef {
    let to = data_type(described);
    match &to {
        DataType::Null => Arc::new(NullArray::new(values.len())),
        DataType::Boolean => Arc::new(values.iter().map(|value| value.as_bool()).collect::<BooleanArray>()),
        DataType::Int8 => integers::<Int8Type>(values, &to),
        DataType::Int16 => integers::<Int16Type>(values, &to),
        DataType::Int32 => integers::<Int32Type>(values, &to),
        DataType::Int64 => integers::<Int64Type>(values, &to),
        DataType::UInt8 => integers::<UInt8Type>(values, &to),
        DataType::UInt16 => integers::<UInt16Type>(values, &to),
        DataType::UInt32 => integers::<UInt32Type>(values, &to),
        DataType::UInt64 => integers::<UInt64Type>(values, &to),
        DataType::Float16 => primitive::<Float16Type>(values, &to, |value| {
            <Float16Type as ArrowPrimitiveType>::Native::from_bits(u16::from_str_radix(text(value), 16).expect("bits"))
        }),
        DataType::Float32 => primitive::<Float32Type>(values, &to, |value| {
            f32::from_bits(u32::from_str_radix(text(value), 16).expect("bits"))
        }),
        DataType::Float64 => primitive::<Float64Type>(values, &to, |value| {
            f64::from_bits(u64::from_str_radix(text(value), 16).expect("bits"))
        }),
        DataType::Decimal32(_, _) => integers::<Decimal32Type>(values, &to),
        DataType::Decimal64(_, _) => integers::<Decimal64Type>(values, &to),
        DataType::Decimal128(_, _) => integers::<Decimal128Type>(values, &to),
        DataType::Decimal256(_, _) => integers::<Decimal256Type>(values, &to),
        DataType::Date32 => integers::<Date32Type>(values, &to),
        DataType::Date64 => integers::<Date64Type>(values, &to),
        DataType::Time32(TimeUnit::Second) => integers::<Time32SecondType>(values, &to),
        DataType::Time32(_) => integers::<Time32MillisecondType>(values, &to),
        DataType::Time64(TimeUnit::Microsecond) => integers::<Time64MicrosecondType>(values, &to),
        DataType::Time64(_) => integers::<Time64NanosecondType>(values, &to),
        DataType::Timestamp(TimeUnit::Second, _) => integers::<TimestampSecondType>(values, &to),
        DataType::Timestamp(TimeUnit::Millisecond, _) => integers::<TimestampMillisecondType>(values, &to),
        DataType::Timestamp(TimeUnit::Microsecond, _) => integers::<TimestampMicrosecondType>(values, &to),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => integers::<TimestampNanosecondType>(values, &to),
        DataType::Duration(TimeUnit::Second) => integers::<DurationSecondType>(values, &to),
        DataType::Duration(TimeUnit::Millisecond) => integers::<DurationMillisecondType>(values, &to),
        DataType::Duration(TimeUnit::Microsecond) => integers::<DurationMicrosecondType>(values, &to),
        DataType::Duration(TimeUnit::Nanosecond) => integers::<DurationNanosecondType>(values, &to),
        DataType::Interval(IntervalUnit::YearMonth) => integers::<IntervalYearMonthType>(values, &to),
        DataType::Interval(IntervalUnit::DayTime) => primitive::<IntervalDayTimeType>(values, &to, |value| {
            IntervalDayTimeType::make_value(number(text(&value[0])), number(text(&value[1])))
        }),
        DataType::Interval(IntervalUnit::MonthDayNano) => primitive::<IntervalMonthDayNanoType>(values, &to, |value| {
            IntervalMonthDayNanoType::make_value(
                number(text(&value[0])),
                number(text(&value[1])),
                number(text(&value[2])),
            )
        }),
        DataType::Utf8 => Arc::new(values.iter().map(|value| value.as_str()).collect::<StringArray>()),
        DataType::Binary => {
            let options = values.iter().map(|value| (!value.is_null()).then(|| bytes(value)));
            Arc::new(options.collect::<BinaryArray>())
        }
        DataType::FixedSizeBinary(width) => {
            let options = values.iter().map(|value| (!value.is_null()).then(|| bytes(value)));
            Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(options, *width).expect("width"))
        }
        DataType::List(field) => {
            let (offsets, inner) = elements(values);
            let child = array(&described["list"], &inner);
            Arc::new(ListArray::new(Arc::clone(field), offsets, child, nulls(values)))
        }
        DataType::FixedSizeList(field, size) => {
            let inner =
                values.iter().flat_map(|value| (0..*size as usize).map(|at| value.get(at).unwrap_or(&Value::Null)));
            let child = array(&described["fixedSizeList"], &inner.collect::<Vec<_>>());
            Arc::new(FixedSizeListArray::new(Arc::clone(field), *size, child, nulls(values)))
        }
        DataType::Struct(fields) => {
            let children = (0..fields.len()).map(|at| array(&described["struct"][at], &member(values, at)));
            Arc::new(StructArray::new(fields.clone(), children.collect(), nulls(values)))
        }
        DataType::Map(field, sorted) => {
            let (offsets, pairs) = elements(values);
            let columns = (0..2).map(|at| array(&described["map"][at], &member(&pairs, at))).collect();
            let entries = StructArray::new(entries(&described["map"]), columns, None);
            Arc::new(MapArray::new(Arc::clone(field), offsets, entries, nulls(values), *sorted))
        }
        DataType::Union(fields, _) => {
            let ids = values.iter().map(|value| value[0].as_i64().expect("type id") as i8).collect::<Vec<_>>();
            let mut children = vec![Vec::new(); fields.len()];
            let mut offsets = Vec::new();
            for (value, id) in values.iter().zip(&ids) {
                offsets.push(children[*id as usize].len() as i32);
                children[*id as usize].push(&value[1]);
            }
            let arrays = children.iter().enumerate().map(|(at, child)| array(&described["union"][at], child)).collect();
            let union =
                UnionArray::try_new(fields.clone(), ScalarBuffer::from(ids), Some(ScalarBuffer::from(offsets)), arrays);
            Arc::new(union.expect("union"))
        }
        other => panic!("type {other}"),
    }
}

//! Every edge value that the table is for is among its first thousand rows.

mod common;

use arrow::array::{Array, AsArray};
use arrow::datatypes::*;
use common::thousand::Thousand;

/// Counts valid rows of a column of numbers that are among these.
fn each<T: ArrowPrimitiveType>(rows: &Thousand, name: &'static str, edges: &[T::Native]) -> Vec<(String, usize)> {
    let of = |edge: &T::Native| {
        let count = rows.count(name, |column, row| {
            // By bits, so that -0.0 is not 0.0 and NaN is itself.
            column.is_valid(row) && column.as_primitive::<T>().value(row).to_byte_slice() == edge.to_byte_slice()
        });
        (format!("{name} {edge:?}"), count)
    };
    edges.iter().map(of).collect()
}

fn assert_found(found: &[(String, usize)], items: usize) {
    let missing: Vec<&String> = found.iter().filter(|(_, count)| *count == 0).map(|(item, _)| item).collect();
    assert!(missing.is_empty(), "not in a thousand rows: {missing:?}");
    assert_eq!(found.len(), items);
}

#[test]
fn whole_numbers() {
    let rows = Thousand::rows();
    let found = [
        each::<Int8Type>(&rows, "int8", &[i8::MIN, -1, 0, 1, i8::MAX]),
        each::<Int16Type>(&rows, "int16", &[i16::MIN, -1, 0, 1, i16::MAX]),
        each::<Int32Type>(&rows, "int32", &[i32::MIN, -1, 0, 1, i32::MAX]),
        each::<Int64Type>(&rows, "int64", &[i64::MIN, -1, 0, 1, i64::MAX]),
        each::<UInt8Type>(&rows, "uint8", &[0, 1, 0x7f, 0x80, u8::MAX]),
        each::<UInt16Type>(&rows, "uint16", &[0, 1, 0x7fff, 0x8000, u16::MAX]),
        each::<UInt32Type>(&rows, "uint32", &[0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX]),
        each::<UInt64Type>(&rows, "uint64", &[0, 1, i64::MAX as u64, 1 << 63, u64::MAX]),
        each::<DurationSecondType>(&rows, "duration_s", &[i64::MIN, 0, i64::MAX]),
        each::<DurationMillisecondType>(&rows, "duration_ms", &[i64::MIN, 0, i64::MAX]),
        each::<DurationMicrosecondType>(&rows, "duration_us", &[i64::MIN, 0, i64::MAX]),
        each::<DurationNanosecondType>(&rows, "duration_ns", &[i64::MIN, 0, i64::MAX]),
        each::<IntervalYearMonthType>(&rows, "interval_year_month", &[i32::MIN, 0, i32::MAX]),
    ];
    assert_found(&found.concat(), 8 * 5 + 5 * 3);
    let days = rows.count("interval_day_time", |column, row| {
        column.as_primitive::<IntervalDayTimeType>().value(row).days == i32::MIN
    });
    let truths = ["bool", "bool_required"]
        .map(|name| [false, true].map(|truth| rows.count(name, |column, row| column.as_boolean().value(row) == truth)));
    assert!(days > 20 && truths.iter().flatten().all(|&count| count > 300), "{days} {truths:?}");
}

#[test]
fn floats() {
    let rows = Thousand::rows();
    let singles = [
        0.0,
        -0.0,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::from_bits(0x7fc0_0000),
        f32::from_bits(0x7fc0_0001),
        f32::from_bits(0xffd5_5555),
        f32::from_bits(0x7f80_0001),
        f32::from_bits(1),
        f32::MIN_POSITIVE,
        f32::MAX,
        f32::MIN,
    ];
    let doubles = [
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::from_bits(0x7ff8_0000_0000_0000),
        f64::from_bits(0x7ff8_0000_0000_0001),
        f64::from_bits(0xfffd_5555_5555_5555),
        f64::from_bits(0x7ff0_0000_0000_0001),
        f64::from_bits(1),
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::MIN,
    ];
    let halves = [0x0000, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0x7e01, 0xfe55, 0x7c01, 0x0001, 0x0400, 0x7bff, 0xfbff]
        .map(<Float16Type as ArrowPrimitiveType>::Native::from_bits);
    let found = [
        each::<Float16Type>(&rows, "float16", &halves),
        each::<Float32Type>(&rows, "float32", &singles),
        each::<Float64Type>(&rows, "float64", &doubles),
        each::<Float64Type>(&rows, "float64_required", &doubles),
    ];
    assert_found(&found.concat(), 4 * 12);
}

#[test]
fn decimals() {
    let rows = Thousand::rows();
    let most = |digits: u32| 10_i128.pow(digits) - 1;
    let most_of_76 = i256::from_i128(10).wrapping_pow(76).wrapping_sub(i256::ONE);
    let found = [
        each::<Decimal128Type>(&rows, "decimal128_5_2", &[most(5), -most(5), 0, 1, -1]),
        each::<Decimal128Type>(&rows, "decimal128_18_6", &[most(18), -most(18), 0, 1, -1]),
        each::<Decimal128Type>(&rows, "decimal128_38_10", &[most(38), -most(38), 0, 1, -1]),
        each::<Decimal256Type>(
            &rows,
            "decimal256_76_38",
            &[most_of_76, most_of_76.wrapping_neg(), i256::ZERO, i256::ONE, i256::MINUS_ONE],
        ),
    ];
    assert_found(&found.concat(), 4 * 5);
}

#[test]
fn dates_and_times() {
    let rows = Thousand::rows();
    let (first, last) = (-62_135_596_800_i64, 253_402_300_800_i64);
    let nanoseconds = [-9_000_000_000_000_000_000, 9_000_000_000_000_000_000, -1, 0, 1];
    let found = [
        each::<Date32Type>(&rows, "date32", &[-719_162, 2_932_896, -141_428, -141_427, 11_016, 0, -1]),
        each::<Date64Type>(&rows, "date64", &[-719_162 * 86_400_000, 2_932_896 * 86_400_000, 0, -86_400_000]),
        each::<Time32SecondType>(&rows, "time32_s", &[0, 86_399]),
        each::<Time32MillisecondType>(&rows, "time32_ms", &[0, 86_399_999]),
        each::<Time64MicrosecondType>(&rows, "time64_us", &[0, 86_399_999_999]),
        each::<Time64NanosecondType>(&rows, "time64_ns", &[0, 86_399_999_999_999]),
        each::<TimestampSecondType>(&rows, "timestamp_s", &[first, last - 1, -1, 0]),
        each::<TimestampSecondType>(&rows, "timestamp_s_utc", &[first, last - 1, -1, 0]),
        each::<TimestampMillisecondType>(&rows, "timestamp_ms", &[first * 1_000, last * 1_000 - 1, -1, 0]),
        each::<TimestampMillisecondType>(&rows, "timestamp_ms_berlin", &[first * 1_000, 1_698_541_200_000, -1, 0]),
        each::<TimestampMicrosecondType>(&rows, "timestamp_us", &[first * 1_000_000, last * 1_000_000 - 1, -1, 0]),
        each::<TimestampMicrosecondType>(&rows, "timestamp_us_utc", &[first * 1_000_000, last * 1_000_000 - 1, -1, 0]),
        each::<TimestampNanosecondType>(&rows, "timestamp_ns", &nanoseconds),
        each::<TimestampNanosecondType>(&rows, "timestamp_ns_offset", &nanoseconds),
    ];
    assert_found(&found.concat(), 7 + 4 + 4 * 2 + 6 * 4 + 2 * 5);
}

/// Bytes of a value of text or binary in whichever layout.
fn bytes(column: &dyn Array, row: usize) -> &[u8] {
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).as_bytes(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).as_bytes(),
        DataType::Utf8View => column.as_string_view().value(row).as_bytes(),
        DataType::Binary => column.as_binary::<i32>().value(row),
        DataType::LargeBinary => column.as_binary::<i64>().value(row),
        DataType::BinaryView => column.as_binary_view().value(row),
        _ => column.as_fixed_size_binary().value(row),
    }
}

#[test]
fn text_and_binary() {
    let rows = Thousand::rows();
    let with = |name: &str, holds: &dyn Fn(&[u8]) -> bool| {
        rows.count(name, |column, row| column.is_valid(row) && holds(bytes(column, row)))
    };
    let mut found = Vec::new();
    for name in ["utf8", "utf8_required", "large_utf8", "utf8_view", "binary", "large_binary", "binary_view"] {
        found.extend([
            (format!("{name} empty"), with(name, &<[u8]>::is_empty)),
            (format!("{name} of 12 bytes"), with(name, &|bytes| bytes.len() == 12)),
            (format!("{name} of 13 bytes"), with(name, &|bytes| bytes.len() == 13)),
            (format!("{name} beyond 64 KiB"), with(name, &|bytes| bytes.len() > 65_536)),
        ]);
    }
    for name in ["utf8", "utf8_required", "large_utf8", "utf8_view"] {
        for symbol in ["\0", "é", "€", "漢", "\u{1f600}", "\u{10ffff}", "\u{fffd}", "e\u{301}", "\"", "\\", "\n"] {
            let holds = |bytes: &[u8]| bytes.windows(symbol.len()).any(|window| window == symbol.as_bytes());
            found.push((format!("{name} with {symbol:?}"), with(name, &holds)));
        }
        let cut = |bytes: &[u8]| bytes.len() > 65_536 && std::str::from_utf8(&bytes[..65_536]).is_err();
        found.push((format!("{name} with a letter across 64 KiB"), with(name, &cut)));
    }
    for byte in [0, 0xff] {
        found.push((format!("sixteen bytes {byte}"), with("fixed_size_binary_16", &|bytes| *bytes == [byte; 16])));
    }
    assert_found(&found, 7 * 4 + 4 * 12 + 2);
}

#[test]
fn nested_values() {
    let rows = Thousand::rows();
    let lists = |name: &'static str, holds: fn(&dyn Array) -> bool| {
        rows.count(name, |column, row| {
            column.is_valid(row)
                && holds(
                    match column.data_type() {
                        DataType::LargeList(_) => column.as_list::<i64>().value(row),
                        DataType::FixedSizeList(..) => column.as_fixed_size_list().value(row),
                        DataType::Map(..) => std::sync::Arc::new(column.as_map().value(row)),
                        _ => column.as_list::<i32>().value(row),
                    }
                    .as_ref(),
                )
        })
    };
    let mut found = Vec::new();
    for name in
        ["list", "list_required", "large_list", "map", "list_three_deep", "list_of_structs_of_lists", "map_of_lists"]
    {
        found.push((format!("{name} empty"), lists(name, |elements| elements.is_empty())));
        found.push((format!("{name} with elements"), lists(name, |elements| elements.len() > 1)));
    }
    for name in ["list", "large_list", "fixed_size_list", "list_three_deep", "list_of_structs_of_lists"] {
        found.push((format!("{name} with a null in it"), lists(name, |elements| elements.null_count() > 0)));
    }
    found.extend([
        (
            "a null and an empty list two deep".to_owned(),
            lists("list_three_deep", |middle| {
                middle.as_list::<i32>().iter().flatten().any(|inner| inner.null_count() > 0 && !inner.is_empty())
            }),
        ),
        (
            "a null number three deep".to_owned(),
            lists("list_three_deep", |middle| {
                let inner = middle.as_list::<i32>().iter().flatten();
                inner.into_iter().any(|inner| inner.as_list::<i32>().iter().flatten().any(|deep| deep.null_count() > 0))
            }),
        ),
        (
            "a null list in a struct in a list".to_owned(),
            lists("list_of_structs_of_lists", |structs| structs.as_struct().column(1).null_count() > 0),
        ),
        ("a null value in a map".to_owned(), lists("map", |entries| entries.as_struct().column(1).null_count() > 0)),
    ]);
    for (depth, name) in [(1, "struct"), (3, "struct_three_deep")] {
        let null_at = |column: &dyn Array, row: usize| {
            let mut innermost = column.as_struct();
            for _ in 1..depth {
                let child = innermost.columns().iter().find_map(|child| child.as_struct_opt()).expect("a struct in it");
                if child.is_null(row) {
                    return false;
                }
                innermost = child;
            }
            column.is_valid(row) && innermost.column(0).is_null(row)
        };
        found.push((format!("{name} with a null in it"), rows.count(name, null_at)));
    }
    let middle = rows
        .count("struct_three_deep", |column, row| column.is_valid(row) && column.as_struct().column(0).is_null(row));
    found.push(("a null struct in a struct".to_owned(), middle));
    assert_found(&found, 7 * 2 + 5 + 4 + 2 + 1);
}

//! The columns, in order: name, type and which rows are null. What follows from it is in TYPES.md.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::DataType::{self, *};
use arrow::datatypes::{Field, IntervalUnit, Schema, SchemaRef, TimeUnit};

use super::nulls::Nulls::{self, *};

pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: DataType,
    pub(super) nulls: Nulls,
}

fn field(name: &str, kind: DataType) -> Arc<Field> {
    Arc::new(Field::new(name, kind, true))
}

fn required(name: &str, kind: DataType) -> Arc<Field> {
    Arc::new(Field::new(name, kind, false))
}

fn list(item: DataType) -> DataType {
    List(field("item", item))
}

fn map(value: DataType) -> DataType {
    let entries = Struct([required("key", Utf8), field("value", value)].into());
    Map(required("entries", entries), false)
}

fn dictionary(keys: DataType, values: DataType) -> DataType {
    Dictionary(Box::new(keys), Box::new(values))
}

fn timestamp(unit: TimeUnit, zone: &str) -> DataType {
    Timestamp(unit, Some(zone.into()))
}

/// Three deep, as are those beside it below.
fn struct_three_deep() -> DataType {
    let innermost = Struct([field("number", Int32), field("text", Utf8)].into());
    let middle = Struct([field("flag", Boolean), field("inner", innermost)].into());
    Struct([field("middle", middle), field("bytes", Binary)].into())
}

fn list_of_structs_of_lists() -> DataType {
    list(Struct([field("name", Utf8), field("scores", list(Int64))].into()))
}

fn structs_without_nulls() -> DataType {
    Struct([required("number", Int64), required("text", Utf8)].into())
}

fn columns() -> Vec<Column> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let columns = [
        ("row", Int64, Required),
        ("nulls_none", Int32, Never),
        ("nulls_all", Int32, Always),
        ("nulls_all_text", Utf8, Always),
        ("nulls_at_edges", Int32, Edges),
        ("nulls_at_edges_text", Utf8, Edges),
        ("nulls_but_at_edges", Int64, ButEdges),
        ("nulls_in_runs", Int32, Runs),
        ("nulls_in_runs_bool", Boolean, Runs),
        ("nulls_every_second", Int16, EverySecond),
        ("bool", Boolean, Scattered),
        ("bool_required", Boolean, Required),
        ("int8", Int8, Scattered),
        ("int16", Int16, Scattered),
        ("int32", Int32, Scattered),
        ("int64", Int64, Scattered),
        ("uint8", UInt8, Scattered),
        ("uint16", UInt16, Scattered),
        ("uint32", UInt32, Scattered),
        ("uint64", UInt64, Scattered),
        ("float16", Float16, Scattered),
        ("float32", Float32, Scattered),
        ("float64", Float64, Scattered),
        ("float64_required", Float64, Required),
        ("decimal128_5_2", Decimal128(5, 2), Scattered),
        ("decimal128_18_6", Decimal128(18, 6), Scattered),
        ("decimal128_38_10", Decimal128(38, 10), Scattered),
        ("decimal256_76_38", Decimal256(76, 38), Scattered),
        ("date32", Date32, Scattered),
        ("date64", Date64, Scattered),
        ("time32_s", Time32(Second), Scattered),
        ("time32_ms", Time32(Millisecond), Scattered),
        ("time64_us", Time64(Microsecond), Scattered),
        ("time64_ns", Time64(Nanosecond), Scattered),
        ("timestamp_s", Timestamp(Second, None), Scattered),
        ("timestamp_ms", Timestamp(Millisecond, None), Scattered),
        ("timestamp_us", Timestamp(Microsecond, None), Scattered),
        ("timestamp_ns", Timestamp(Nanosecond, None), Scattered),
        ("timestamp_s_utc", timestamp(Second, "UTC"), Scattered),
        ("timestamp_ms_berlin", timestamp(Millisecond, "Europe/Berlin"), Scattered),
        ("timestamp_us_utc", timestamp(Microsecond, "UTC"), Scattered),
        ("timestamp_ns_offset", timestamp(Nanosecond, "+05:30"), Scattered),
        ("duration_s", Duration(Second), Scattered),
        ("duration_ms", Duration(Millisecond), Scattered),
        ("duration_us", Duration(Microsecond), Scattered),
        ("duration_ns", Duration(Nanosecond), Scattered),
        ("interval_year_month", Interval(IntervalUnit::YearMonth), Scattered),
        ("interval_day_time", Interval(IntervalUnit::DayTime), Scattered),
        ("binary", Binary, Scattered),
        ("large_binary", LargeBinary, Scattered),
        ("binary_view", BinaryView, Scattered),
        ("fixed_size_binary_16", FixedSizeBinary(16), Scattered),
        ("utf8", Utf8, Scattered),
        ("utf8_required", Utf8, Required),
        ("large_utf8", LargeUtf8, Scattered),
        ("utf8_view", Utf8View, Scattered),
        ("dictionary_int8", dictionary(Int8, Utf8), Scattered),
        ("dictionary_uint8", dictionary(UInt8, Utf8), Scattered),
        ("dictionary_int16", dictionary(Int16, Utf8), Scattered),
        ("dictionary_uint16", dictionary(UInt16, Utf8), Scattered),
        ("dictionary_int32_int64", dictionary(Int32, Int64), Scattered),
        ("list", list(Int32), Scattered),
        ("list_required", List(required("item", Utf8)), Required),
        ("large_list", LargeList(field("item", Utf8)), Scattered),
        ("fixed_size_list", FixedSizeList(field("item", Float32), 3), Scattered),
        ("struct", Struct([field("number", Int32), field("text", Utf8)].into()), Scattered),
        ("struct_required", structs_without_nulls(), Required),
        ("struct_of_required", structs_without_nulls(), Scattered),
        ("map", map(Int64), Scattered),
        ("list_three_deep", list(list(list(Int16))), Scattered),
        ("struct_three_deep", struct_three_deep(), Scattered),
        ("list_of_structs_of_lists", list_of_structs_of_lists(), Scattered),
        ("map_of_lists", map(list(Int32)), Scattered),
    ];
    columns.into_iter().map(|(name, kind, nulls)| Column { name, kind, nulls }).collect()
}

/// All columns.
pub(super) static COLUMNS: LazyLock<Vec<Column>> = LazyLock::new(columns);

/// The schema of the table.
pub(crate) fn schema() -> SchemaRef {
    let describe = |column: &Column| Field::new(column.name, column.kind.clone(), column.nulls != Required);
    Arc::new(Schema::new(COLUMNS.iter().map(describe).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use writeproof_schema::type_name;

    use super::COLUMNS;

    #[test]
    fn the_columns_are_those_of_the_specification() {
        let specification = include_str!("../../../TYPES.md");
        let (_, table) =
            specification.split_once("| name | type | nulls |\n|---|---|---|\n").expect("a table of columns");
        let specified: Vec<&str> = table.lines().take_while(|line| !line.is_empty()).collect();
        let line = |column: &super::Column| {
            format!("| {} | {} | {} |", column.name, type_name(&column.kind), column.nulls.name())
        };
        assert_eq!(COLUMNS.iter().map(line).collect::<Vec<_>>(), specified);
        assert_eq!(specified.len(), 73);
    }
}

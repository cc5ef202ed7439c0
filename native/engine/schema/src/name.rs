use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit, UnionMode};

/// The name of a type. Children stand in angle brackets as `name: type`, with ` not null` where nulls are not allowed; a name that is no
/// plain word stands in quotes.
pub fn type_name(of: &DataType) -> String {
    use DataType::*;
    match of {
        Null => "null".to_owned(),
        Boolean => "bool".to_owned(),
        Int8 => "int8".to_owned(),
        Int16 => "int16".to_owned(),
        Int32 => "int32".to_owned(),
        Int64 => "int64".to_owned(),
        UInt8 => "uint8".to_owned(),
        UInt16 => "uint16".to_owned(),
        UInt32 => "uint32".to_owned(),
        UInt64 => "uint64".to_owned(),
        Float16 => "float16".to_owned(),
        Float32 => "float32".to_owned(),
        Float64 => "float64".to_owned(),
        Date32 => "date32".to_owned(),
        Date64 => "date64".to_owned(),
        Binary => "binary".to_owned(),
        LargeBinary => "large_binary".to_owned(),
        BinaryView => "binary_view".to_owned(),
        Utf8 => "utf8".to_owned(),
        LargeUtf8 => "large_utf8".to_owned(),
        Utf8View => "utf8_view".to_owned(),
        Decimal32(precision, scale) => format!("decimal32({precision}, {scale})"),
        Decimal64(precision, scale) => format!("decimal64({precision}, {scale})"),
        Decimal128(precision, scale) => format!("decimal128({precision}, {scale})"),
        Decimal256(precision, scale) => format!("decimal256({precision}, {scale})"),
        Timestamp(unit, None) => format!("timestamp[{}]", unit_name(*unit)),
        Timestamp(unit, Some(zone)) => format!("timestamp[{}, {zone}]", unit_name(*unit)),
        Time32(unit) => format!("time32[{}]", unit_name(*unit)),
        Time64(unit) => format!("time64[{}]", unit_name(*unit)),
        Duration(unit) => format!("duration[{}]", unit_name(*unit)),
        Interval(IntervalUnit::YearMonth) => "interval[year_month]".to_owned(),
        Interval(IntervalUnit::DayTime) => "interval[day_time]".to_owned(),
        Interval(IntervalUnit::MonthDayNano) => "interval[month_day_nano]".to_owned(),
        FixedSizeBinary(width) => format!("fixed_size_binary({width})"),
        Dictionary(keys, values) => format!("dictionary<{}, {}>", type_name(keys), type_name(values)),
        List(item) => format!("list<{}>", child(item)),
        LargeList(item) => format!("large_list<{}>", child(item)),
        ListView(item) => format!("list_view<{}>", child(item)),
        LargeListView(item) => format!("large_list_view<{}>", child(item)),
        FixedSizeList(item, size) => format!("fixed_size_list<{}, {size}>", child(item)),
        Struct(fields) => format!("struct<{}>", joined(fields.iter().map(|field| child(field)))),
        Map(entries, false) => format!("map<{}>", child(entries)),
        Map(entries, true) => format!("map<{}, sorted>", child(entries)),
        RunEndEncoded(ends, values) => format!("run_end_encoded<{}, {}>", child(ends), child(values)),
        Union(fields, mode) => {
            let kind = if *mode == UnionMode::Dense { "dense" } else { "sparse" };
            format!("{kind}_union<{}>", joined(fields.iter().map(|(id, field)| format!("{id} {}", child(field)))))
        }
    }
}

fn unit_name(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "s",
        TimeUnit::Millisecond => "ms",
        TimeUnit::Microsecond => "us",
        TimeUnit::Nanosecond => "ns",
    }
}

fn child(field: &Field) -> String {
    let required = if field.is_nullable() { "" } else { " not null" };
    format!("{}: {}{required}", quoted(field.name()), type_name(field.data_type()))
}

fn quoted(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

use std::error::Error;
use std::fmt::{self, Display};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, IntervalUnit, TimeUnit, UnionFields, UnionMode};

/// A name that is no type's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownType(String);

impl Display for UnknownType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "\"{}\" names no Arrow type: expected such as int64, decimal128(15, 2) or list<item: utf8>",
            self.0
        )
    }
}

impl Error for UnknownType {}

/// The type that [`type_name`](crate::type_name) gives this name.
///
/// # Errors
/// When no type has it.
pub fn parse_type(name: &str) -> Result<DataType, UnknownType> {
    let mut rest = Rest(name);
    let found = rest.data_type();
    found.filter(|_| rest.0.is_empty()).ok_or_else(|| UnknownType(name.to_owned()))
}

/// What of the name is not read yet. `None` wherever it does not go on as it must.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    fn takes(&mut self, text: &str) -> bool {
        self.take(text).is_some()
    }

    fn until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(stop).unwrap_or(self.0.len());
        let (found, rest) = self.0.split_at(end);
        self.0 = rest;
        found
    }

    fn word(&mut self) -> &'a str {
        self.until(|one| !(one.is_ascii_alphanumeric() || one == '_'))
    }

    fn number<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.until(|one| !(one.is_ascii_digit() || one == '-')).parse().ok()
    }

    /// `(precision, scale)`.
    fn decimal(&mut self) -> Option<(u8, i8)> {
        self.take("(")?;
        let precision = self.number()?;
        self.take(", ")?;
        let scale = self.number()?;
        self.take(")")?;
        Some((precision, scale))
    }

    /// `[unit` without the end.
    fn unit(&mut self) -> Option<TimeUnit> {
        self.take("[")?;
        match self.word() {
            "s" => Some(TimeUnit::Second),
            "ms" => Some(TimeUnit::Millisecond),
            "us" => Some(TimeUnit::Microsecond),
            "ns" => Some(TimeUnit::Nanosecond),
            _ => None,
        }
    }

    fn only_unit(&mut self) -> Option<TimeUnit> {
        let unit = self.unit()?;
        self.take("]")?;
        Some(unit)
    }

    fn timestamp(&mut self) -> Option<DataType> {
        let unit = self.unit()?;
        let zone = self.takes(", ").then(|| self.until(|one| one == ']'));
        self.take("]")?;
        Some(DataType::Timestamp(unit, zone.map(Arc::from)))
    }

    fn interval(&mut self) -> Option<DataType> {
        self.take("[")?;
        let unit = match self.word() {
            "year_month" => IntervalUnit::YearMonth,
            "day_time" => IntervalUnit::DayTime,
            "month_day_nano" => IntervalUnit::MonthDayNano,
            _ => return None,
        };
        self.take("]")?;
        Some(DataType::Interval(unit))
    }

    fn field_name(&mut self) -> Option<String> {
        if !self.takes("\"") {
            return Some(self.word().to_owned()).filter(|name| !name.is_empty());
        }
        let mut name = String::new();
        let mut letters = self.0.char_indices();
        while let Some((place, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.0 = &self.0[place + 1..];
                    return Some(name);
                }
                '\\' => name.push(letters.next()?.1),
                _ => name.push(letter),
            }
        }
        None
    }

    /// `name: type`, perhaps ` not null`.
    fn child(&mut self) -> Option<FieldRef> {
        let name = self.field_name()?;
        self.take(": ")?;
        let kind = self.data_type()?;
        let nullable = !self.takes(" not null");
        Some(Arc::new(Field::new(name, kind, nullable)))
    }

    /// `<child>`.
    fn only_child(&mut self) -> Option<FieldRef> {
        self.take("<")?;
        let child = self.child()?;
        self.take(">")?;
        Some(child)
    }

    /// Items with commas between, and the `>` after them; the `<` is read.
    fn items<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        if self.takes(">") {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.takes(">") {
                return Some(items);
            }
            self.take(", ")?;
        }
    }

    fn union(&mut self, mode: UnionMode) -> Option<DataType> {
        self.take("<")?;
        let members = self.items(|rest| {
            let id: i8 = rest.number()?;
            rest.take(" ")?;
            Some((id, rest.child()?))
        })?;
        let (ids, fields): (Vec<_>, Vec<_>) = members.into_iter().unzip();
        Some(DataType::Union(UnionFields::try_new(ids, fields).ok()?, mode))
    }

    fn data_type(&mut self) -> Option<DataType> {
        use DataType::*;
        Some(match self.word() {
            "null" => Null,
            "bool" => Boolean,
            "int8" => Int8,
            "int16" => Int16,
            "int32" => Int32,
            "int64" => Int64,
            "uint8" => UInt8,
            "uint16" => UInt16,
            "uint32" => UInt32,
            "uint64" => UInt64,
            "float16" => Float16,
            "float32" => Float32,
            "float64" => Float64,
            "date32" => Date32,
            "date64" => Date64,
            "binary" => Binary,
            "large_binary" => LargeBinary,
            "binary_view" => BinaryView,
            "utf8" => Utf8,
            "large_utf8" => LargeUtf8,
            "utf8_view" => Utf8View,
            "decimal32" => self.decimal().map(|(precision, scale)| Decimal32(precision, scale))?,
            "decimal64" => self.decimal().map(|(precision, scale)| Decimal64(precision, scale))?,
            "decimal128" => self.decimal().map(|(precision, scale)| Decimal128(precision, scale))?,
            "decimal256" => self.decimal().map(|(precision, scale)| Decimal256(precision, scale))?,
            "timestamp" => self.timestamp()?,
            "time32" => Time32(self.only_unit()?),
            "time64" => Time64(self.only_unit()?),
            "duration" => Duration(self.only_unit()?),
            "interval" => self.interval()?,
            "fixed_size_binary" => {
                self.take("(")?;
                let width = self.number()?;
                self.take(")")?;
                FixedSizeBinary(width)
            }
            "dictionary" => {
                self.take("<")?;
                let keys = self.data_type()?;
                self.take(", ")?;
                let values = self.data_type()?;
                self.take(">")?;
                Dictionary(Box::new(keys), Box::new(values))
            }
            "list" => List(self.only_child()?),
            "large_list" => LargeList(self.only_child()?),
            "list_view" => ListView(self.only_child()?),
            "large_list_view" => LargeListView(self.only_child()?),
            "fixed_size_list" => {
                self.take("<")?;
                let item = self.child()?;
                self.take(", ")?;
                let size = self.number()?;
                self.take(">")?;
                FixedSizeList(item, size)
            }
            "struct" => {
                self.take("<")?;
                Struct(Fields::from(self.items(Self::child)?))
            }
            "map" => {
                self.take("<")?;
                let entries = self.child()?;
                let sorted = self.takes(", sorted");
                self.take(">")?;
                Map(entries, sorted)
            }
            "run_end_encoded" => {
                self.take("<")?;
                let ends = self.child()?;
                self.take(", ")?;
                let values = self.child()?;
                self.take(">")?;
                RunEndEncoded(ends, values)
            }
            "dense_union" => self.union(UnionMode::Dense)?,
            "sparse_union" => self.union(UnionMode::Sparse)?,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::parse_type;
    use crate::type_name;

    const NAMES: [&str; 60] = [
        "null",
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "date32",
        "date64",
        "binary",
        "large_binary",
        "binary_view",
        "utf8",
        "large_utf8",
        "utf8_view",
        "decimal32(9, 2)",
        "decimal64(18, 2)",
        "decimal128(15, 2)",
        "decimal128(38, -3)",
        "decimal256(76, 38)",
        "timestamp[s]",
        "timestamp[ms]",
        "timestamp[us, UTC]",
        "timestamp[ns, Europe/Berlin]",
        "timestamp[us, +05:30]",
        "time32[s]",
        "time32[ms]",
        "time64[us]",
        "time64[ns]",
        "duration[s]",
        "duration[ns]",
        "interval[year_month]",
        "interval[day_time]",
        "interval[month_day_nano]",
        "fixed_size_binary(16)",
        "fixed_size_binary(0)",
        "dictionary<int8, utf8>",
        "dictionary<uint16, list<item: int32>>",
        "list<item: int32>",
        "list<item: int32 not null>",
        "large_list<item: utf8>",
        "list_view<item: utf8>",
        "large_list_view<item: utf8>",
        "fixed_size_list<item: float32, 3>",
        "struct<>",
        "struct<a: int32, b: utf8 not null>",
        "struct<\"an \\\"odd\\\" name: x>, \\\\\": list<\"\": int8>>",
        "map<entries: struct<keys: utf8 not null, values: int32> not null>",
        "map<entries: struct<keys: utf8 not null, values: int32> not null, sorted>",
        "list<item: struct<a: list<item: struct<b: decimal128(5, 1)> not null>>>",
        "run_end_encoded<run_ends: int32 not null, values: utf8>",
        "dense_union<0 a: int32, 5 b: utf8>",
        "sparse_union<0 a: int32>",
        "list<item: timestamp[us, UTC] not null>",
    ];

    #[test]
    fn a_name_read_back_is_the_same_name() {
        for name in NAMES {
            assert_eq!(parse_type(name).map(|found| type_name(&found)).as_deref(), Ok(name));
        }
    }

    #[test]
    fn names_of_nothing_are_errors() {
        let none = [
            "",
            "Int8",
            "int8 ",
            "list",
            "list<>",
            "list<int8>",
            "list<item: int8",
            "time32",
            "time32[s, UTC]",
            "decimal128(15)",
            "map<>",
            "dictionary<int8>",
            "timestamp[us, UTC",
            "fixed_size_list<item: int8>",
            "struct<a: int8,b: int8>",
            "struct<\"a: int8>",
            "interval[s]",
        ];
        for name in none {
            assert!(parse_type(name).is_err(), "{name}");
            assert!(
                parse_type(name).is_err_and(|error| error.to_string().starts_with(&format!("\"{name}\" names no")))
            );
        }
    }
}

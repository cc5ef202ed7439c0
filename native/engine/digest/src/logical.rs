//! Logical types: what is left of an Arrow type when layout is taken away.

use arrow::datatypes::{DataType, IntervalUnit};

/// How values are compared, and how minimum and maximum are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Order {
    Boolean,
    Signed,
    Unsigned,
    Float,
    Decimal { scale: i8 },
    Date32,
    Date64,
    Unordered,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Logical {
    Null,
    /// `width` canonical bytes, held in arrays of type `accepts` (of any decimal of the same scale where it is a decimal).
    Fixed {
        width: usize,
        order: Order,
        accepts: DataType,
    },
    Utf8,
    Binary,
    FixedBinary(usize),
    List(Box<Logical>),
    Struct(Vec<Logical>),
    Union(Vec<(i8, Logical)>),
}

impl Logical {
    /// `None` where the specification has no canonical bytes for the type.
    pub(crate) fn of(declared: &DataType) -> Option<Self> {
        use DataType::*;
        let fixed = |width, order| Self::Fixed { width, order, accepts: declared.clone() };
        Some(match declared {
            Null => Self::Null,
            Boolean => fixed(1, Order::Boolean),
            Int8 => fixed(1, Order::Signed),
            Int16 => fixed(2, Order::Signed),
            Int32 | Time32(_) => fixed(4, Order::Signed),
            Int64 | Time64(_) | Timestamp(_, _) | Duration(_) => fixed(8, Order::Signed),
            UInt8 => fixed(1, Order::Unsigned),
            UInt16 => fixed(2, Order::Unsigned),
            UInt32 => fixed(4, Order::Unsigned),
            UInt64 => fixed(8, Order::Unsigned),
            Float16 => fixed(2, Order::Float),
            Float32 => fixed(4, Order::Float),
            Float64 => fixed(8, Order::Float),
            Date32 => fixed(4, Order::Date32),
            Date64 => fixed(8, Order::Date64),
            Interval(IntervalUnit::YearMonth) => fixed(4, Order::Unordered),
            Interval(IntervalUnit::DayTime) => fixed(8, Order::Unordered),
            Interval(IntervalUnit::MonthDayNano) => fixed(16, Order::Unordered),
            Decimal32(_, scale) | Decimal64(_, scale) | Decimal128(_, scale) => {
                fixed(16, Order::Decimal { scale: *scale })
            }
            Decimal256(_, scale) => fixed(32, Order::Decimal { scale: *scale }),
            Utf8 | LargeUtf8 | Utf8View => Self::Utf8,
            Binary | LargeBinary | BinaryView => Self::Binary,
            FixedSizeBinary(width) => Self::FixedBinary(usize::try_from(*width).ok()?),
            List(field)
            | LargeList(field)
            | ListView(field)
            | LargeListView(field)
            | FixedSizeList(field, _)
            | Map(field, _) => Self::List(Box::new(Self::of(field.data_type())?)),
            Struct(fields) => {
                Self::Struct(fields.iter().map(|field| Self::of(field.data_type())).collect::<Option<_>>()?)
            }
            Union(fields, _) => Self::Union(
                fields.iter().map(|(id, field)| Some((id, Self::of(field.data_type())?))).collect::<Option<_>>()?,
            ),
            Dictionary(_, value) => Self::of(value)?,
            RunEndEncoded(_, values) => Self::of(values.data_type())?,
        })
    }

    /// Whether an array of `physical`, which is no dictionary, holds the fixed width values of `accepts`.
    pub(crate) fn fixed_accepts(accepts: &DataType, width: usize, order: Order, physical: &DataType) -> bool {
        use DataType::*;
        match (order, physical) {
            (Order::Decimal { scale }, Decimal32(_, other) | Decimal64(_, other) | Decimal128(_, other)) => {
                scale == *other
            }
            (Order::Decimal { scale }, Decimal256(_, other)) => scale == *other && width == 32,
            // Zones are judged by the schema; the integers count from the same epoch.
            (_, Timestamp(unit, _)) => matches!(accepts, Timestamp(declared, _) if declared == unit),
            _ => accepts == physical,
        }
    }
}

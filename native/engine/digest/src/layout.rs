//! Physical layouts: where the values of a logical column are in the buffers of an array.

use crate::error::{DigestError, Malformed};
use crate::held::PointedBytes;
use crate::logical::Logical;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RunArray};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::{TakeOptions, take};
use arrow::datatypes::{DataType, Int16Type, Int32Type, Int64Type, RunEndIndexType};
use std::sync::Arc;

/// An array in one of the layouts that are digested, dictionaries and run ends resolved; or values that another program holds.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    pub length: usize,
    pub nulls: Option<NullBuffer>,
    pub values: Values<'a>,
}

#[derive(Debug)]
pub(crate) enum Values<'a> {
    Null,
    Boolean(BooleanBuffer),
    /// `stored` bytes a value; sign-extended to `canonical` bytes where that is more.
    Fixed {
        buffer: Buffer,
        stored: usize,
        canonical: usize,
    },
    Offsets32 {
        offsets: OffsetBuffer<i32>,
        data: Buffer,
    },
    Offsets64 {
        offsets: OffsetBuffer<i64>,
        data: Buffer,
    },
    Views {
        views: ScalarBuffer<u128>,
        data: Arc<[Buffer]>,
    },
    FixedBinary {
        data: Buffer,
        width: usize,
    },
    /// As `Fixed`, in memory that is not Arrow's.
    HeldFixed {
        bytes: &'a [u8],
        stored: usize,
        canonical: usize,
    },
    HeldBytes(&'a [PointedBytes]),
    List {
        ranges: Ranges,
        child: Box<Column<'a>>,
    },
    Struct(Vec<Column<'a>>),
    Union {
        type_ids: ScalarBuffer<i8>,
        offsets: Option<ScalarBuffer<i32>>,
        children: Vec<(i8, Column<'a>)>,
    },
}

/// Where each list's elements are in the child.
#[derive(Debug)]
pub(crate) enum Ranges {
    Offsets32(OffsetBuffer<i32>),
    Offsets64(OffsetBuffer<i64>),
    Views32(ScalarBuffer<i32>, ScalarBuffer<i32>),
    Views64(ScalarBuffer<i64>, ScalarBuffer<i64>),
    Fixed(usize),
}

impl Ranges {
    /// First element and number of elements of the list in `row`; `None` where they are negative.
    pub(crate) fn of(&self, row: usize) -> Option<(usize, usize)> {
        let (start, count) = match self {
            Self::Offsets32(offsets) => {
                (i64::from(offsets[row]), i64::from(offsets[row + 1]) - i64::from(offsets[row]))
            }
            Self::Offsets64(offsets) => (offsets[row], offsets[row + 1].checked_sub(offsets[row])?),
            Self::Views32(offsets, sizes) => (i64::from(offsets[row]), i64::from(sizes[row])),
            Self::Views64(offsets, sizes) => (offsets[row], sizes[row]),
            Self::Fixed(size) => return Some((row * size, *size)),
        };
        Some((usize::try_from(start).ok()?, usize::try_from(count).ok()?))
    }
}

/// Why an array cannot be read as the logical type.
pub(crate) enum Unreadable {
    Mismatch,
    Malformed(Malformed),
}

impl Unreadable {
    pub(crate) fn named(self, column: &str, expected: &DataType, actual: &DataType) -> DigestError {
        match self {
            Self::Mismatch => DigestError::TypeMismatch {
                column: column.to_string(),
                expected: expected.clone(),
                actual: actual.clone(),
            },
            Self::Malformed(Malformed(detail)) => DigestError::Malformed { column: column.to_string(), detail },
        }
    }
}

/// Finds the values of `logical` in `array`, whatever layout of the logical type it has.
pub(crate) fn resolve(logical: &Logical, array: &ArrayRef) -> Result<Column<'static>, Unreadable> {
    match array.data_type() {
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            return resolve(logical, &gather(dictionary.values(), dictionary.keys())?);
        }
        DataType::RunEndEncoded(ends, _) => {
            let unpacked = match ends.data_type() {
                DataType::Int16 => expand_runs::<Int16Type>(array)?,
                DataType::Int32 => expand_runs::<Int32Type>(array)?,
                _ => expand_runs::<Int64Type>(array)?,
            };
            return resolve(logical, &unpacked);
        }
        _ => {}
    }
    let values = match logical {
        Logical::Null => matches!(array.data_type(), DataType::Null).then_some(Values::Null),
        Logical::Fixed { width, order, accepts } => {
            Logical::fixed_accepts(accepts, *width, *order, array.data_type()).then(|| fixed(*width, array))
        }
        Logical::Utf8 => utf8(array),
        Logical::Binary => binary(array),
        Logical::FixedBinary(width) => match array.data_type() {
            DataType::FixedSizeBinary(stored) if usize::try_from(*stored) == Ok(*width) => {
                let data = array.as_fixed_size_binary().values().clone();
                Some(Values::FixedBinary { data, width: *width })
            }
            // DuckDB has one type for both. Lengths are part of the hash.
            _ => binary(array),
        },
        Logical::List(child) => list(child, array)?,
        Logical::Struct(children) => match array.data_type() {
            DataType::Struct(fields) if fields.len() == children.len() => {
                let columns = children.iter().zip(array.as_struct().columns());
                Some(Values::Struct(columns.map(|(child, column)| resolve(child, column)).collect::<Result<_, _>>()?))
            }
            _ => None,
        },
        Logical::Union(children) => union(children, array)?,
    };
    Ok(Column { length: array.len(), nulls: array.nulls().cloned(), values: values.ok_or(Unreadable::Mismatch)? })
}

fn gather(values: &dyn Array, keys: &dyn Array) -> Result<ArrayRef, Unreadable> {
    take(values, keys, Some(TakeOptions { check_bounds: true }))
        .map_err(|error| Unreadable::Malformed(Malformed(format!("dictionary keys: {error}"))))
}

fn expand_runs<R: RunEndIndexType>(array: &ArrayRef) -> Result<ArrayRef, Unreadable> {
    let Some(runs) = array.as_any().downcast_ref::<RunArray<R>>() else { return Err(Unreadable::Mismatch) };
    let physical = (0..runs.len()).map(|row| runs.get_physical_index(row) as i64).collect::<Int64Array>();
    gather(runs.values(), &physical)
}

fn fixed(canonical: usize, array: &ArrayRef) -> Values<'static> {
    if let Some(booleans) = array.as_boolean_opt() {
        return Values::Boolean(booleans.values().clone());
    }
    let data = array.to_data();
    // A primitive type always has a width.
    let stored = array.data_type().primitive_width().unwrap_or(canonical);
    let buffer = data.buffers()[0].slice_with_length(data.offset() * stored, data.len() * stored);
    Values::Fixed { buffer, stored, canonical }
}

fn utf8(array: &ArrayRef) -> Option<Values<'static>> {
    Some(match array.data_type() {
        DataType::Utf8 => {
            let strings = array.as_string::<i32>();
            Values::Offsets32 { offsets: strings.offsets().clone(), data: strings.values().clone() }
        }
        DataType::LargeUtf8 => {
            let strings = array.as_string::<i64>();
            Values::Offsets64 { offsets: strings.offsets().clone(), data: strings.values().clone() }
        }
        DataType::Utf8View => {
            let strings = array.as_string_view();
            Values::Views { views: strings.views().clone(), data: strings.data_buffers().clone() }
        }
        _ => return None,
    })
}

fn binary(array: &ArrayRef) -> Option<Values<'static>> {
    Some(match array.data_type() {
        DataType::Binary => {
            let binary = array.as_binary::<i32>();
            Values::Offsets32 { offsets: binary.offsets().clone(), data: binary.values().clone() }
        }
        DataType::LargeBinary => {
            let binary = array.as_binary::<i64>();
            Values::Offsets64 { offsets: binary.offsets().clone(), data: binary.values().clone() }
        }
        DataType::BinaryView => {
            let binary = array.as_binary_view();
            Values::Views { views: binary.views().clone(), data: binary.data_buffers().clone() }
        }
        _ => return None,
    })
}

fn list(child: &Logical, array: &ArrayRef) -> Result<Option<Values<'static>>, Unreadable> {
    let (ranges, elements): (Ranges, ArrayRef) = match array.data_type() {
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            (Ranges::Offsets32(list.offsets().clone()), list.values().clone())
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            (Ranges::Offsets64(list.offsets().clone()), list.values().clone())
        }
        DataType::ListView(_) => {
            let list = array.as_list_view::<i32>();
            (Ranges::Views32(list.offsets().clone(), list.sizes().clone()), list.values().clone())
        }
        DataType::LargeListView(_) => {
            let list = array.as_list_view::<i64>();
            (Ranges::Views64(list.offsets().clone(), list.sizes().clone()), list.values().clone())
        }
        DataType::FixedSizeList(_, size) => {
            // Arrow's constructors refuse negative sizes.
            (Ranges::Fixed(usize::try_from(*size).unwrap_or(0)), array.as_fixed_size_list().values().clone())
        }
        DataType::Map(_, _) => {
            let map = array.as_map();
            (Ranges::Offsets32(map.offsets().clone()), Arc::new(map.entries().clone()))
        }
        _ => return Ok(None),
    };
    Ok(Some(Values::List { ranges, child: Box::new(resolve(child, &elements)?) }))
}

fn union(children: &[(i8, Logical)], array: &ArrayRef) -> Result<Option<Values<'static>>, Unreadable> {
    let DataType::Union(fields, _) = array.data_type() else { return Ok(None) };
    if !fields.iter().map(|(id, _)| id).eq(children.iter().map(|(id, _)| *id)) {
        return Ok(None);
    }
    let union = array.as_union();
    let columns = children.iter().map(|(id, child)| Ok((*id, resolve(child, union.child(*id))?)));
    Ok(Some(Values::Union {
        type_ids: union.type_ids().clone(),
        offsets: union.offsets().cloned(),
        children: columns.collect::<Result<_, _>>()?,
    }))
}

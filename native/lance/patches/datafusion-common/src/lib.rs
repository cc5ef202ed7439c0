//! What lance-file 14.0.2 names of datafusion-common: the values of statistics in files of the legacy version 0.1, which the
//! native writer refuses. The real crate brings SQL and the umbrella crate of Arrow.

use std::sync::Arc;

use arrow_array::types::*;
use arrow_array::{ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use arrow_schema::{ArrowError, DataType};

pub mod scalar {
    pub use crate::ScalarValue;
}

/// One value, or none, of a type.
#[derive(Debug, Clone, PartialEq)]
pub enum ScalarValue {
    Boolean(Option<bool>),
    Decimal128(Option<i128>, u8, i8),
    Utf8(Option<String>),
    LargeUtf8(Option<String>),
    Binary(Option<Vec<u8>>),
    LargeBinary(Option<Vec<u8>>),
    FixedSizeBinary(i32, Option<Vec<u8>>),
    /// Any other type: an array of one value.
    Primitive(ArrayRef),
}

impl ScalarValue {
    /// # Errors
    /// None.
    pub fn new_primitive<T: ArrowPrimitiveType>(value: Option<T::Native>, of: &DataType) -> Result<Self, ArrowError> {
        Ok(Self::Primitive(Arc::new(PrimitiveArray::<T>::from_iter([value]).with_data_type(of.clone()))))
    }

    /// An array of this one value.
    ///
    /// # Errors
    /// When it is text or binary: lance-file appends those to builders of its own.
    pub fn to_array(&self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Boolean(value) => Arc::new(BooleanArray::from(vec![*value])),
            Self::Decimal128(value, precision, scale) => Arc::new(
                PrimitiveArray::<Decimal128Type>::from_iter([*value]).with_precision_and_scale(*precision, *scale)?,
            ),
            Self::Primitive(array) => Arc::clone(array),
            other => return Err(ArrowError::NotYetImplemented(format!("an array of {other:?}"))),
        })
    }
}

macro_rules! from_native {
    ($($native:ty => $arrow:ty),*) => {$(
        impl From<$native> for ScalarValue {
            fn from(value: $native) -> Self {
                Self::Primitive(Arc::new(PrimitiveArray::<$arrow>::from_iter([Some(value)])))
            }
        }
    )*};
}

from_native!(
    i8 => Int8Type, i16 => Int16Type, i32 => Int32Type, i64 => Int64Type, i128 => Decimal128Type,
    u8 => UInt8Type, u16 => UInt16Type, u32 => UInt32Type, u64 => UInt64Type, f32 => Float32Type, f64 => Float64Type
);

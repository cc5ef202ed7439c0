//! What a fault of the finished file is told beside the file.

use arrow::datatypes::{DataType, Schema};
use writeproof_abi::ArrowArray;

#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub late_milliseconds: u64,
    /// The first column that was handed over with nulls: a Lance dataset does not say which that is.
    pub column_with_nulls: Option<String>,
}

impl Given {
    /// Looks for nulls in a batch, which is left as it is.
    ///
    /// # Safety
    /// `array` is valid.
    pub unsafe fn look_for_nulls(&mut self, array: *const ArrowArray, schema: &Schema) {
        // SAFETY: valid, as the caller promises.
        if unsafe { (*array).n_children } != schema.fields().len() as i64 {
            return;
        }
        for (index, field) in schema.fields().iter().enumerate() {
            // SAFETY: there is a child for each field.
            let nulls = unsafe { (**(*array).children.add(index)).null_count };
            if nulls > 0 && field.is_nullable() && field.data_type() != &DataType::Null {
                self.column_with_nulls.get_or_insert_with(|| field.name().clone());
            }
        }
    }
}

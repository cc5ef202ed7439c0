//! What lance-io and lance-table 14.0.2, and our own writers' common part, name of the umbrella crate; the real one brings CSV,
//! JSON, regular expressions and the printing of tables.

pub mod array {
    pub use arrow_array::*;
    pub use arrow_data::ArrayData;
}
pub mod buffer {
    pub use arrow_buffer::Buffer;
}
pub mod compute {
    pub use arrow_select::filter::filter_record_batch;
    pub use arrow_select::take::take;
}
pub mod datatypes {
    pub use arrow_array::types::*;
    pub use arrow_schema::*;
}
#[cfg(feature = "ffi")]
pub mod ffi {
    pub use arrow_array::ffi::{FFI_ArrowArray, from_ffi};
    pub use arrow_schema::ffi::FFI_ArrowSchema;
}
#[cfg(feature = "ffi")]
pub mod ffi_stream {
    pub use arrow_array::ffi_stream::*;
}
pub mod record_batch {
    pub use arrow_array::{RecordBatch, RecordBatchReader};
}

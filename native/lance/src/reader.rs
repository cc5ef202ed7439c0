//! A scan as an Arrow C stream.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use futures::stream::{BoxStream, StreamExt};
use serde_json::{Map, Value};
use tokio::runtime::{Builder, Runtime};
use writeproof_abi::{ArrowArrayStream, Error};

use crate::failure;
use crate::scan::Scan;

struct Batches {
    schema: SchemaRef,
    stream: BoxStream<'static, lance_core::Result<RecordBatch>>,
    runtime: Runtime,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // A decoder may panic over damaged bytes, and no panic crosses the interface.
        let next = catch_unwind(AssertUnwindSafe(|| self.runtime.block_on(self.stream.next())));
        match next {
            Ok(next) => {
                next.map(|batch| batch.map_err(|error| ArrowError::ExternalError(failure::sentence(&error).into())))
            }
            Err(panic) => Some(Err(ArrowError::ExternalError(writeproof_abi::panic_message(&*panic).into()))),
        }
    }
}

impl RecordBatchReader for Batches {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// `writeproof_open_reader`: the newest version of the dataset at `target`. There are no options.
///
/// # Safety
/// `out` is valid.
pub unsafe fn open(target: &Path, options: &Map<String, Value>, out: *mut ArrowArrayStream) -> Result<(), Error> {
    if let Some(unknown) = options.keys().next() {
        return Err(Error::new(format!("the lance reader has no option {unknown:?}; it has none")));
    }
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let opened = runtime.block_on(async {
        let scan = Scan::open(target).await?;
        Ok((Arc::new(scan.schema()), scan.batches()))
    });
    let (schema, stream) = opened.map_err(failure::of)?;
    let stream = FFI_ArrowArrayStream::new(Box::new(Batches { schema, stream, runtime }));
    // SAFETY: the caller's `out` is valid, and both types have the layout of the C Stream Interface.
    unsafe { out.cast::<FFI_ArrowArrayStream>().write(stream) };
    Ok(())
}

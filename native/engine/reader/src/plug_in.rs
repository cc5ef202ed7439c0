//! What a writer's own library reads back, for formats that no other implementation reads: the optional reader of `writeproof.h`.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::{CStr, CString, c_char, c_void};
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;

use arrow::array::RecordBatchReader;
use arrow::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use serde::{Deserialize, Serialize};
use writeproof_abi::ABI_VERSION;
use writeproof_digest::TableDigest;
use writeproof_schema::{Field, fields_of};

use crate::ReaderError;
use crate::ahead::{Batches, Digested, digest_ahead};

/// What to read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlugInJob {
    /// The library that reads.
    pub library: PathBuf,
    /// The file or directory.
    pub target: PathBuf,
    /// Index in the whole table of its first row.
    #[serde(default)]
    pub first_row: u64,
}

/// What the library streamed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlugInReading {
    /// Rows that came.
    pub rows: u64,
    /// Digest of all of them.
    pub digest: TableDigest,
    /// The stream's columns.
    pub schema: Vec<Field>,
    /// Metadata of the stream's schema.
    pub metadata: BTreeMap<String, String>,
    /// Time from loading to the last row, nanoseconds.
    pub ns: u64,
}

fn failed(reason: &dyn std::fmt::Display) -> ReaderError {
    ReaderError::new("reading by the writer's own library", reason)
}

fn terminated(path: &Path) -> Result<CString, ReaderError> {
    CString::new(path.as_os_str().as_bytes()).map_err(|error| failed(&error))
}

/// Opens the target's stream.
fn open(job: &PlugInJob) -> Result<FFI_ArrowArrayStream, ReaderError> {
    let name = job.library.file_name().unwrap_or(job.library.as_os_str()).to_string_lossy();
    // SAFETY: loading runs the library's initialisers; plug-ins run with the user's rights.
    let library = unsafe { Library::open(Some(&job.library), RTLD_NOW | RTLD_LOCAL) }.map_err(|error| {
        let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        failed(&format_args!("{name} cannot be loaded: {why}"))
    })?;
    // Never unloaded: threads that it left behind would run into nothing.
    let library = ManuallyDrop::new(library);
    let missing = |function: &str| {
        failed(&format_args!(
            "{name} does not export {function}: expected a library of writeproof.h with the optional reader, for what it \
             wrote cannot be read otherwise"
        ))
    };
    // SAFETY: the type is that of the header, of every version.
    let abi_version = unsafe { library.get::<unsafe extern "C" fn() -> u32>("writeproof_abi_version") }
        .map_err(|_| missing("writeproof_abi_version"))?;
    // SAFETY: takes nothing.
    let version = unsafe { abi_version() };
    if version != ABI_VERSION {
        return Err(failed(&format_args!(
            "{name} was built for ABI version {version} of writeproof.h, this reader speaks version {ABI_VERSION}: build it \
             with the header of this version"
        )));
    }
    type OpenReader = unsafe extern "C" fn(*const c_char, *const c_char, *mut FFI_ArrowArrayStream) -> i32;
    // SAFETY: the type is that of the header, whose version was compared.
    let open_reader = unsafe { library.get::<OpenReader>("writeproof_open_reader") }
        .map_err(|_| missing("writeproof_open_reader"))?;
    let mut stream = FFI_ArrowArrayStream::empty();
    let target = terminated(&job.target)?;
    // SAFETY: both texts live until the call has returned, and `stream` is valid.
    let status = unsafe { open_reader(target.as_ptr(), c"{}".as_ptr(), &raw mut stream) };
    if status != 0 {
        // SAFETY: as above.
        let said =
            unsafe { library.get::<unsafe extern "C" fn(*const c_void) -> *const c_char>("writeproof_last_error") }
                .map_or(ptr::null(), |last_error| {
                    // SAFETY: null asks for the error of what has no writer.
                    unsafe { last_error(ptr::null()) }
                });
        // SAFETY: not null here, and the header asks for terminated text.
        let said = (!said.is_null()).then(|| unsafe { CStr::from_ptr(said) }.to_string_lossy().into_owned());
        let said = said.filter(|said| !said.is_empty()).unwrap_or_else(|| "it gives no reason".to_owned());
        return Err(failed(&format_args!("writeproof_open_reader of {name} returned {status}: {said}")));
    }
    if stream.release().is_none() {
        return Err(failed(&format_args!("writeproof_open_reader of {name} returned success and no stream")));
    }
    Ok(stream)
}

/// Digests the rows that a library streams; reading and digesting each have a thread, and few batches are held.
///
/// # Errors
/// When the library is none, has no reader, cannot read the target, or a type has no digest.
pub fn read_plug_in(job: &PlugInJob) -> Result<PlugInReading, ReaderError> {
    let open = || {
        let reader = RecordBatchStreamReader::try_new(open(job)?).map_err(|error| failed(&error))?;
        let schema = reader.schema();
        Ok((Box::new(reader) as Batches, schema))
    };
    let Digested { schema, digest, ns } = digest_ahead(open, job.first_row, failed)?;
    let metadata = schema.metadata().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    Ok(PlugInReading { rows: digest.rows, digest, schema: fields_of(&schema), metadata, ns })
}

//! The part of DuckDB's C API (`duckdb.h`) that is used here, from its shared library.

use std::ffi::{c_char, c_void};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use libloading::Library;

use crate::ReaderError;

/// Anything of DuckDB's that is known by its address: databases, connections, vectors, types.
pub(crate) type Handle = *mut c_void;

/// `duckdb_result`; only DuckDB looks inside.
#[repr(C)]
pub(crate) struct QueryResult([usize; 6]);

impl QueryResult {
    pub const EMPTY: Self = Self([0; 6]);
}

/// Called with rows: what was registered, a chunk of the arguments' values, and the vector of results.
pub(crate) type RowFunction = unsafe extern "C" fn(Handle, Handle, Handle);

/// Declares a table of functions, each found by its name behind `duckdb_`.
macro_rules! functions {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        #[derive(Clone, Copy)]
        pub(crate) struct Functions {
            $(pub $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Functions {
            fn find(library: &Library, path: &Path) -> Result<Self, ReaderError> {
                Ok(Self {
                    $($name: {
                        let symbol = concat!("duckdb_", stringify!($name));
                        // SAFETY: the types are those of duckdb.h, of which DuckDB keeps the stable part.
                        let found = unsafe { library.get(symbol.as_bytes()) };
                        *found.map_err(|error| ReaderError::new(
                            format!("loading DuckDB from {}", path.display()),
                            format!("{error}; a DuckDB of at least version 1.5 is needed"),
                        ))?
                    },)*
                })
            }
        }
    };
}

functions! {
    open: fn(*const c_char, *mut Handle) -> i32;
    close: fn(*mut Handle);
    connect: fn(Handle, *mut Handle) -> i32;
    disconnect: fn(*mut Handle);
    query: fn(Handle, *const c_char, *mut QueryResult) -> i32;
    result_error: fn(*mut QueryResult) -> *const c_char;
    destroy_result: fn(*mut QueryResult);
    query_arrow: fn(Handle, *const c_char, *mut Handle) -> i32;
    query_arrow_schema: fn(Handle, *mut *mut FFI_ArrowSchema) -> i32;
    query_arrow_error: fn(Handle) -> *const c_char;
    destroy_arrow: fn(*mut Handle);
    connection_get_arrow_options: fn(Handle, *mut Handle);
    destroy_arrow_options: fn(*mut Handle);
    data_chunk_to_arrow: fn(Handle, Handle, *mut FFI_ArrowArray) -> Handle;
    error_data_message: fn(Handle) -> *const c_char;
    destroy_error_data: fn(*mut Handle);
    create_scalar_function: fn() -> Handle;
    destroy_scalar_function: fn(*mut Handle);
    scalar_function_set_name: fn(Handle, *const c_char);
    scalar_function_set_varargs: fn(Handle, Handle);
    scalar_function_set_return_type: fn(Handle, Handle);
    scalar_function_set_volatile: fn(Handle);
    scalar_function_set_special_handling: fn(Handle);
    scalar_function_set_extra_info: fn(Handle, Handle, unsafe extern "C" fn(Handle));
    scalar_function_set_function: fn(Handle, RowFunction);
    scalar_function_get_extra_info: fn(Handle) -> Handle;
    scalar_function_set_error: fn(Handle, *const c_char);
    register_scalar_function: fn(Handle, Handle) -> i32;
    create_logical_type: fn(u32) -> Handle;
    destroy_logical_type: fn(*mut Handle);
    get_type_id: fn(Handle) -> u32;
    decimal_internal_type: fn(Handle) -> u32;
    data_chunk_get_size: fn(Handle) -> u64;
    data_chunk_get_column_count: fn(Handle) -> u64;
    data_chunk_get_vector: fn(Handle, u64) -> Handle;
    vector_get_column_type: fn(Handle) -> Handle;
    vector_get_data: fn(Handle) -> *mut c_void;
    vector_get_validity: fn(Handle) -> *mut u64;
}

/// The DuckDB of this process, and where it came from. Functions that DuckDB calls find it here.
static LOADED: OnceLock<(PathBuf, Functions)> = OnceLock::new();

/// The DuckDB of this process.
pub(crate) fn loaded() -> Option<&'static Functions> {
    LOADED.get().map(|(_, functions)| functions)
}

/// Loads DuckDB, once for a process. It is never unloaded: threads that it left behind would run into nothing.
pub(crate) fn load(path: &Path) -> Result<&'static Functions, ReaderError> {
    let failed = |reason: String| ReaderError::new(format!("loading DuckDB from {}", path.display()), reason);
    if LOADED.get().is_none() {
        // SAFETY: loading runs the library's initialisers; it is the one that the caller's package manager installed.
        let library = unsafe { Library::new(path) }.map_err(|error| failed(error.to_string()))?;
        let functions = Functions::find(&ManuallyDrop::new(library), path)?;
        // Another thread may have been faster; the path decides below.
        let _ = LOADED.set((path.to_path_buf(), functions));
    }
    match LOADED.get() {
        Some((loaded, functions)) if loaded == path => Ok(functions),
        other => {
            let other = other.map(|(loaded, _)| loaded.display().to_string()).unwrap_or_default();
            Err(failed(format!("this process uses that of {other} already")))
        }
    }
}

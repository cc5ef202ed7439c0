//! DuckDB as a library, through its C API.

use std::ffi::{CStr, CString, c_char};
use std::path::Path;
use std::ptr;
use std::sync::Arc;

use arrow::datatypes::Schema;
use arrow::ffi::FFI_ArrowSchema;

use crate::ReaderError;
use crate::library::{Functions, Handle, QueryResult, load};

/// An in-memory database; it holds nothing, files are read in place.
pub(crate) struct Database {
    functions: &'static Functions,
    database: Handle,
}

/// One connection; a query runs on the thread that asks for it. It keeps its database open.
pub(crate) struct Connection {
    pub functions: &'static Functions,
    pub handle: Handle,
}

// SAFETY: DuckDB lets every thread use a connection, one at a time.
unsafe impl Send for Connection {}

/// Text that DuckDB owns; empty where there is none.
///
/// # Safety
/// `text` is null or a text that ends in a zero.
pub(crate) unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// For C.
pub(crate) fn terminated(text: &str) -> Result<CString, ReaderError> {
    CString::new(text).map_err(|error| ReaderError::new(format!("DuckDB, {text:?}"), error))
}

impl Database {
    /// Loads DuckDB from its shared library.
    pub fn open(library: &Path) -> Result<Self, ReaderError> {
        let functions = load(library)?;
        let mut database = ptr::null_mut();
        // SAFETY: no path means a database in memory; the result goes to the place given.
        if unsafe { (functions.open)(ptr::null(), &mut database) } != 0 {
            return Err(ReaderError::new("opening a DuckDB in memory", "it gave no reason"));
        }
        Ok(Self { functions, database })
    }

    pub fn connect(&self) -> Result<Connection, ReaderError> {
        let mut handle = ptr::null_mut();
        // SAFETY: the database is open, the result goes to the place given.
        if unsafe { (self.functions.connect)(self.database, &mut handle) } != 0 {
            return Err(ReaderError::new("connecting to DuckDB", "it gave no reason"));
        }
        Ok(Connection { functions: self.functions, handle })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: opened above, closed once; connections keep what they need.
        unsafe { (self.functions.close)(&mut self.database) };
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: connected above, disconnected once.
        unsafe { (self.functions.disconnect)(&mut self.handle) };
    }
}

impl Connection {
    /// Runs a statement to its end; what it results in is dropped.
    pub fn execute(&self, sql: &str) -> Result<(), ReaderError> {
        let statement = terminated(sql)?;
        let mut result = QueryResult::EMPTY;
        // SAFETY: the connection is open; the result is filled whatever happens, read, and destroyed once.
        let failure = unsafe {
            let state = (self.functions.query)(self.handle, statement.as_ptr(), &mut result);
            let failure = (state != 0).then(|| text((self.functions.result_error)(&mut result)));
            (self.functions.destroy_result)(&mut result);
            failure
        };
        failure.map_or(Ok(()), |reason| Err(ReaderError::new("DuckDB", reason)))
    }

    /// The Arrow schema of a query's result.
    pub fn schema(&self, sql: &str) -> Result<Arc<Schema>, ReaderError> {
        let statement = terminated(sql)?;
        let mut result = ptr::null_mut();
        let mut exported = FFI_ArrowSchema::empty();
        let mut place: *mut FFI_ArrowSchema = &mut exported;
        // SAFETY: as in `execute`; the schema goes to the place given, which owns it from then on.
        let failure = unsafe {
            let failure = if (self.functions.query_arrow)(self.handle, statement.as_ptr(), &mut result) != 0 {
                Some(text((self.functions.query_arrow_error)(result)))
            } else if (self.functions.query_arrow_schema)(result, &mut place) != 0 {
                Some("a type of the file has no Arrow type".to_string())
            } else {
                None
            };
            (self.functions.destroy_arrow)(&mut result);
            failure
        };
        if let Some(reason) = failure {
            return Err(ReaderError::new("DuckDB", reason));
        }
        Schema::try_from(&exported).map(Arc::new).map_err(|error| ReaderError::new("DuckDB's schema", error))
    }
}

/// A name as an identifier of DuckDB's SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A path as a literal of DuckDB's SQL that names this one file, whatever signs are in it: functions of files take a pattern.
pub(crate) fn path_literal(path: &str) -> String {
    let mut literal = String::from("'");
    for sign in path.chars() {
        match sign {
            '*' | '?' | '[' => literal.extend(['[', sign, ']']),
            '\'' => literal.push_str("''"),
            _ => literal.push(sign),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::{path_literal, quoted};

    #[test]
    fn quotes_in_a_name_cannot_end_it() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn quotes_in_a_path_cannot_end_the_literal() {
        assert_eq!(path_literal("it's.parquet"), "'it''s.parquet'");
    }

    #[test]
    fn signs_of_patterns_stand_for_themselves() {
        assert_eq!(path_literal("a*[1]?.parquet"), "'a[*][[]1][?].parquet'");
    }
}

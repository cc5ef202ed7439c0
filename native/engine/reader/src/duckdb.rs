//! DuckDB as a library, through ADBC.

use std::path::Path;

use adbc_core::options::AdbcVersion;
use adbc_core::{Connection as _, Database as _, Driver as _, Statement as _};
use adbc_driver_manager::{ManagedConnection, ManagedDatabase, ManagedDriver};
use arrow::record_batch::RecordBatchReader;

use crate::ReaderError;

/// Name of the function through which DuckDB's library offers ADBC.
const ENTRY: &[u8] = b"duckdb_adbc_init";

/// An in-memory database of a freshly loaded DuckDB; it holds nothing, files are read in place.
pub(crate) struct Database {
    // Dropped after the database that it made.
    database: ManagedDatabase,
    _driver: ManagedDriver,
}

/// One connection; a query runs on the thread that takes its batches.
pub(crate) struct Connection(ManagedConnection);

impl Database {
    /// Loads DuckDB from its shared library.
    pub fn open(library: &Path) -> Result<Self, ReaderError> {
        let doing = || format!("loading DuckDB from {}", library.display());
        let mut driver = ManagedDriver::load_dynamic_from_filename(library, Some(ENTRY), AdbcVersion::V100)
            .map_err(|error| ReaderError::new(doing(), error))?;
        let database = driver.new_database().map_err(|error| ReaderError::new(doing(), error))?;
        Ok(Self { database, _driver: driver })
    }

    pub fn connect(&self) -> Result<Connection, ReaderError> {
        self.database.new_connection().map(Connection).map_err(|error| ReaderError::new("connecting to DuckDB", error))
    }
}

impl Connection {
    /// Runs a statement that has no result.
    pub fn execute(&mut self, sql: &str) -> Result<(), ReaderError> {
        let failed = |error| ReaderError::new(format!("DuckDB, \"{sql}\""), error);
        let mut statement = self.0.new_statement().map_err(failed)?;
        statement.set_sql_query(sql).map_err(failed)?;
        statement.execute_update().map(|_| ()).map_err(failed)
    }

    /// Starts a query whose batches are computed as they are taken.
    pub fn query(&mut self, sql: &str) -> Result<Box<dyn RecordBatchReader + Send>, ReaderError> {
        let failed = |error| ReaderError::new("DuckDB", error);
        let mut statement = self.0.new_statement().map_err(failed)?;
        statement.set_sql_query(sql).map_err(failed)?;
        statement.execute().map(|reader| reader as _).map_err(failed)
    }
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
    use super::path_literal;

    #[test]
    fn quotes_in_a_path_cannot_end_the_literal() {
        assert_eq!(path_literal("it's.parquet"), "'it''s.parquet'");
    }

    #[test]
    fn signs_of_patterns_stand_for_themselves() {
        assert_eq!(path_literal("a*[1]?.parquet"), "'a[*][[]1][?].parquet'");
    }
}

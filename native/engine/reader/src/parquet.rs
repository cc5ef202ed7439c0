//! A Parquet file by DuckDB: digest, and the smallest and largest value of every column of every row group.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use arrow::datatypes::{Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};
use writeproof_digest::{Digester, Extreme, Scalar, SegmentStatistics, TableDigest};
use writeproof_schema::parse_type;

use crate::ReaderError;
use crate::columns::Columns;
use crate::duckdb::{Connection, Database, path_literal, quoted};
use crate::ranges::{Range, ranges};
use crate::row_function::{RowFunction, Rows};

/// DuckDB's name of a row's position in its file: it proves that rows come in the order of the file.
const ROW_NUMBER: &str = "file_row_number";

/// Enough for row groups of a gigabyte. A damaged length may ask for more than a machine has, and DuckDB's own limit is most of that.
const MEMORY_MIB: usize = 2048;
const MEMORY_OF_THREAD_MIB: usize = 256;

/// Where rows go through Arrow, layouts that cost least: views of strings, and decimals of up to 18 digits in 64 bits. The digest
/// is the same for every layout.
const LAYOUT: [&str; 2] = ["SET produce_arrow_string_view = true", "SET arrow_output_version = '1.5'"];

/// What to read, and with what.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// DuckDB's shared library.
    pub duckdb_library: PathBuf,
    /// The Parquet file.
    pub path: PathBuf,
    /// Index in the whole table of the file's first row.
    #[serde(default)]
    pub first_row: u64,
    /// Rows of each row group, from the file's own metadata. An empty row group is a segment without rows.
    pub segment_rows: Vec<u64>,
    /// Threads that read, each on a connection of its own.
    pub threads: usize,
    /// The file's columns, each by its position in the file.
    pub columns: Vec<JobColumn>,
}

/// A column of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobColumn {
    /// Name of the type that its values are digested as; none for the type in which DuckDB delivers them.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether it is read. One that is not is digested as nulls, so that the others keep their places.
    pub is_read: bool,
}

/// What was read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Rows that came.
    pub rows: u64,
    /// Digest of all of them.
    pub digest: TableDigest,
    /// One for each of the job's `segment_rows`. Rows beyond them are in the digest only.
    pub segments: Vec<Segment>,
    /// Time from loading the library to the last row, nanoseconds.
    pub ns: u64,
}

/// The values of one row group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// Rows that came.
    pub rows: u64,
    /// In the order of the schema.
    pub columns: Vec<SegmentColumn>,
}

/// The values of one column of one row group. Numbers are integers as text: dates in days, decimals unscaled.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentColumn {
    /// Null values.
    pub nulls: u64,
    /// Smallest value; none where there is no value.
    pub min: Option<String>,
    /// Largest value; none where there is no value.
    pub max: Option<String>,
}

/// What was read of one range.
type Part = (TableDigest, Vec<Segment>);

impl From<SegmentStatistics> for Segment {
    fn from(segment: SegmentStatistics) -> Self {
        let columns = segment.columns.into_iter().map(|column| SegmentColumn {
            nulls: column.nulls,
            min: column.min.as_ref().map(unscaled_text),
            max: column.max.as_ref().map(unscaled_text),
        });
        Self { rows: segment.rows, columns: columns.collect() }
    }
}

/// The value as statistics of a file hold it.
fn unscaled_text(extreme: &Extreme) -> String {
    match extreme.value() {
        Some(Scalar::Decimal { unscaled, .. }) => unscaled.to_string(),
        Some(Scalar::Decimal256 { unscaled, .. }) => unscaled.to_string(),
        Some(Scalar::Date32(days)) => days.to_string(),
        Some(Scalar::Date64(milliseconds)) => milliseconds.to_string(),
        _ => extreme.text().to_string(),
    }
}

/// Reads and digests a whole file.
///
/// # Errors
/// When DuckDB cannot be loaded or cannot read the file, when it delivers rows in another order than the file's, or when a
/// type cannot be digested. A file whose content is wrong but readable is not an error.
pub fn read_parquet(job: &Job) -> Result<Reading, ReaderError> {
    let started = Instant::now();
    let path = job.path.to_str().ok_or_else(|| ReaderError::new("reading a Parquet file", "its path is not UTF-8"))?;
    let database = Database::open(&job.duckdb_library)?;
    // DuckDB then runs a query on the thread that asks for it, and on no other.
    let settings = database.connect()?;
    for setting in ["SET threads = 1", "SET preserve_insertion_order = true", "SET parquet_metadata_cache = true"] {
        settings.execute(setting)?;
    }
    settings.execute(&format!("SET memory_limit = '{}MiB'", MEMORY_MIB + MEMORY_OF_THREAD_MIB * job.threads.max(1)))?;
    let work = ranges(&job.segment_rows, job.threads);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(work.len()));
    let mut readers = Vec::new();
    for index in 0..job.threads.clamp(1, work.len()) {
        readers.push(RangeReader::new(database.connect()?, path, index, job)?);
    }
    let take_ranges = |reader: RangeReader| -> Result<(), ReaderError> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = work.get(index) else {
                return Ok(());
            };
            let read = reader.read(range)?;
            // A poisoned lock means that another thread panicked, which the scope below reports.
            done.lock().unwrap_or_else(|poison| poison.into_inner()).push((index, read));
        }
    };
    std::thread::scope(|scope| {
        let take_ranges = &take_ranges;
        let threads: Vec<_> = readers.into_iter().map(|reader| scope.spawn(move || take_ranges(reader))).collect();
        let mut outcome = Ok(());
        for thread in threads {
            let ended = thread
                .join()
                .unwrap_or_else(|_| Err(ReaderError::new("reading a Parquet file", "a reading thread panicked")));
            outcome = outcome.and(ended);
        }
        outcome
    })?;
    let mut parts = done.into_inner().unwrap_or_else(|poison| poison.into_inner());
    parts.sort_by_key(|(index, _)| *index);
    join(parts.into_iter().map(|(_, part)| part).collect(), started)
}

/// Joins the parts of all ranges, in the order of the file.
fn join(parts: Vec<Part>, started: Instant) -> Result<Reading, ReaderError> {
    let mut segments = Vec::new();
    let mut whole: Option<TableDigest> = None;
    for (digest, of_part) in parts {
        segments.extend(of_part);
        whole = Some(match whole {
            None => digest,
            Some(whole) => {
                whole.merge(digest).map_err(|error| ReaderError::new("joining the digests of row groups", error))?
            }
        });
    }
    let digest = whole.ok_or_else(|| ReaderError::new("reading a Parquet file", "no range of it was read"))?;
    Ok(Reading {
        rows: digest.rows,
        digest,
        segments,
        ns: u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX),
    })
}

/// Reads ranges of one file on a connection of its own.
struct RangeReader {
    connection: Connection,
    function: RowFunction,
    /// The file as a table of SQL.
    table: String,
    /// Index in the whole table of the file's first row.
    first_row: u64,
    /// Row number, and the columns that are read, as DuckDB delivers them.
    arguments: SchemaRef,
    /// All columns, as they are digested.
    schema: SchemaRef,
    /// Which of them are read.
    is_read: Vec<bool>,
}

impl RangeReader {
    fn new(connection: Connection, path: &str, index: usize, job: &Job) -> Result<Self, ReaderError> {
        let columns = &job.columns;
        for setting in LAYOUT {
            connection.execute(setting)?;
        }
        // Folders named `key=value` would otherwise become columns.
        let table = format!("read_parquet({}, hive_partitioning = false)", path_literal(path));
        let delivered = connection.schema(&format!("SELECT {ROW_NUMBER}, * FROM {table} LIMIT 0"))?;
        if delivered.fields().len() != columns.len() + 1 {
            let (found, expected) = (delivered.fields().len() - 1, columns.len());
            return Err(ReaderError::new("DuckDB", format!("it delivers {found} columns of {expected}")));
        }
        let declared = columns.iter().zip(delivered.fields().iter().skip(1)).map(|(column, found)| {
            let kind = column.kind.as_deref().map_or_else(|| Ok(found.data_type().clone()), parse_type);
            let kind = kind.map_err(|error| ReaderError::new(format!("column {}", found.name()), error))?;
            Ok(Field::new(found.name(), kind, true))
        });
        let schema = Arc::new(Schema::new(declared.collect::<Result<Vec<_>, ReaderError>>()?));
        let is_read: Vec<bool> = columns.iter().map(|column| column.is_read).collect();
        let read = delivered.fields().iter().zip(std::iter::once(&true).chain(&is_read));
        let arguments: Vec<_> = read.filter(|(_, is_read)| **is_read).map(|(field, _)| field.clone()).collect();
        let function = RowFunction::register(&connection, format!("writeproof_digest_{index}"))?;
        let arguments = Arc::new(Schema::new(arguments));
        Ok(Self { connection, function, table, first_row: job.first_row, arguments, schema, is_read })
    }

    /// Digest and segments of one range.
    fn read(&self, range: &Range) -> Result<Part, ReaderError> {
        let failed = |error| ReaderError::new("digesting what DuckDB read", error);
        let digester =
            Digester::with_segments(&self.schema, self.first_row + range.first_row, range.segment_rows.clone())
                .map_err(failed)?;
        let columns = Columns::new(self.arguments.clone(), self.schema.clone(), self.is_read.clone());
        self.function.exchange(Some(Rows::new(columns, digester, range.first_row)));
        self.connection.execute(&self.query(range))?;
        let rows =
            self.function.exchange(None).ok_or_else(|| ReaderError::new("DuckDB", "the range's rows are lost"))?;
        let (digest, statistics) = rows.finish().finish_with_segments();
        let segments = statistics.into_iter().map(Segment::from).collect();
        Ok((digest, segments))
    }

    /// Something must be made of the function's results, or DuckDB would not call it.
    fn query(&self, range: &Range) -> String {
        let names: Vec<String> = self.arguments.fields().iter().map(|field| quoted(field.name())).collect();
        let mut sql = format!("SELECT sum({}({})) FROM {}", self.function.name, names.join(", "), self.table);
        let first = range.first_row;
        let rows: u64 = range.segment_rows.iter().sum();
        if first > 0 || !range.is_last {
            sql += &format!(" WHERE {ROW_NUMBER} >= {first}");
        }
        if !range.is_last {
            sql += &format!(" AND {ROW_NUMBER} < {}", first + rows);
        }
        sql
    }
}

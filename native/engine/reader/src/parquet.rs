//! A Parquet file by DuckDB: digest, and the smallest and largest value of every column of every row group.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use serde::{Deserialize, Serialize};
use writeproof_digest::{Digester, Extreme, Scalar, SegmentStatistics, TableDigest};

use crate::ReaderError;
use crate::duckdb::{Connection, Database, path_literal};
use crate::ranges::{Range, ranges};

/// DuckDB's name of a row's position in its file: it proves that rows come in the order of the file.
const ROW_NUMBER: &str = "file_row_number";

/// Layouts that cost DuckDB and the digest least: views of strings, and decimals of up to 18 digits in 64 bits. The digest is
/// the same for every layout.
const LAYOUT: [&str; 2] = ["SET produce_arrow_string_view = true", "SET arrow_output_version = '1.5'"];

/// What to read, and with what.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// DuckDB's shared library.
    pub duckdb_library: PathBuf,
    /// The Parquet file.
    pub path: PathBuf,
    /// Rows of each row group, from the file's own metadata. An empty row group is a segment without rows.
    pub segment_rows: Vec<u64>,
    /// Threads that read, each on a connection of its own.
    pub threads: usize,
}

/// What was read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Rows that came.
    pub rows: u64,
    /// Digest of all of them.
    pub digest: TableDigest,
    /// One for each of the job's `segment_rows`; one more when rows came beyond them.
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
    // DuckDB then runs a query on the thread that takes its batches, and on no other.
    let mut settings = database.connect()?;
    for setting in ["SET threads = 1", "SET preserve_insertion_order = true", "SET parquet_metadata_cache = true"] {
        settings.execute(setting)?;
    }
    let work = ranges(&job.segment_rows, job.threads);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(work.len()));
    let take_ranges = || -> Result<(), ReaderError> {
        let mut connection = database.connect()?;
        for setting in LAYOUT {
            connection.execute(setting)?;
        }
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = work.get(index) else {
                return Ok(());
            };
            let read = read_range(&mut connection, path, range)?;
            // A poisoned lock means that another thread panicked, which the scope below reports.
            done.lock().unwrap_or_else(|poison| poison.into_inner()).push((index, read));
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..job.threads.clamp(1, work.len())).map(|_| scope.spawn(take_ranges)).collect();
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

/// Digest and segments of one range.
fn read_range(connection: &mut Connection, path: &str, range: &Range) -> Result<Part, ReaderError> {
    let batches = connection.query(&range_query(path, range))?;
    let with_number = batches.schema();
    let columns: Vec<usize> = (0..with_number.fields().len() - 1).collect();
    let schema = with_number.project(&columns).map_err(|error| ReaderError::new("DuckDB's schema", error))?;
    let failed = |error| ReaderError::new("digesting what DuckDB read", error);
    let mut digester = Digester::with_segments(&schema, range.first_row, range.segment_rows.clone()).map_err(failed)?;
    let mut row = range.first_row;
    for batch in batches {
        let batch = batch.map_err(|error| ReaderError::new("DuckDB", error))?;
        check_order(&batch, row)?;
        let values = batch.project(&columns).map_err(|error| ReaderError::new("DuckDB's batch", error))?;
        row += values.num_rows() as u64;
        digester.update(&values).map_err(failed)?;
    }
    let (digest, statistics) = digester.finish_with_segments();
    let declared = range.segment_rows.len();
    let segments = statistics
        .into_iter()
        .enumerate()
        .filter(|(index, segment)| *index < declared || segment.rows > 0)
        .map(|(_, segment)| Segment::from(segment))
        .collect();
    Ok((digest, segments))
}

/// Folders named `key=value` would otherwise become columns.
fn range_query(path: &str, range: &Range) -> String {
    let first = range.first_row;
    let rows: u64 = range.segment_rows.iter().sum();
    let mut sql =
        format!("SELECT *, {ROW_NUMBER} FROM read_parquet({}, hive_partitioning = false)", path_literal(path));
    if first > 0 || !range.is_last {
        sql += &format!(" WHERE {ROW_NUMBER} >= {first}");
    }
    if !range.is_last {
        sql += &format!(" AND {ROW_NUMBER} < {}", first + rows);
    }
    sql
}

/// Fails unless the rows of the batch are those of the file from `first` on, one after the other.
fn check_order(batch: &RecordBatch, first: u64) -> Result<(), ReaderError> {
    let numbers = batch
        .columns()
        .last()
        .and_then(|column| column.as_primitive_opt::<Int64Type>())
        .ok_or_else(|| ReaderError::new("DuckDB", format!("no column {ROW_NUMBER} of type int64")))?;
    let start = i64::try_from(first).map_err(|error| ReaderError::new("counting rows", error))?;
    let unlike =
        numbers.values().iter().zip(start..).fold(false, |unlike, (number, expected)| unlike | (*number != expected));
    if unlike {
        return Err(ReaderError::new(
            "DuckDB",
            format!("rows came in another order than the file's: expected row {first} and those after it"),
        ));
    }
    Ok(())
}

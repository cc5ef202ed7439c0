//! What it takes to hand a batch from one side of the C Data Interface to the other, and proof that it crossed as it was said to.
//!
//! A batch is exported (a deep copy of it, where it crosses by copy), imported with arrow-rs' own import, and released. Nothing is
//! written: this is the hand-over to a writer without the writer. Whoever loops takes the clock, and leaves the proof outside it.

use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayData, RecordBatch, StructArray};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use serde::{Deserialize, Serialize};
use writeproof_digest::{Digester, TableDigest};
use writeproof_tables::prepared;

use crate::clock::{Calls, now_ns};
use crate::handover::Copier;
use crate::protocol::HandoverKind;
use crate::{addresses, arrow_bytes};

/// Batches that are timed, in turn.
const RING_BATCHES: usize = 4;

/// What to cross, how, and for how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CrossingJob {
    /// The prepared file that holds the batches.
    pub prepared_path: PathBuf,
    /// By pointer or by copy.
    pub handover: HandoverKind,
    /// The loop goes on until its clock has run this long, milliseconds …
    pub time_ms: u64,
    /// … and this many batches have crossed.
    pub least_batches: u64,
}

/// Time of a crossing, nanoseconds. Percentiles by nearest rank; the margin is that of the mean, at 95 %.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct NsPerBatch {
    pub mean: f64,
    pub margin: f64,
    pub p50: f64,
    pub p99: f64,
    pub min: f64,
    pub max: f64,
}

/// Buffers that the importer saw, and how many of them lay where the exporter's do.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Addresses {
    pub buffers: u64,
    pub equal: u64,
}

/// Both sides of the interface, and the batches that cross it.
pub struct Crossing {
    schema: SchemaRef,
    kind: DataType,
    batches: Vec<RecordBatch>,
    /// Their Arrow bytes.
    bytes: Vec<u64>,
    /// The same memory as struct arrays, to compare addresses with.
    data: Vec<ArrayData>,
    copier: Option<Copier>,
    addresses: Addresses,
}

/// A batch on its way: its C struct.
#[derive(Debug)]
pub struct Exported(FFI_ArrowArray);

/// A batch on the importer's side; dropping it releases it.
#[derive(Debug)]
pub struct Arrived(ArrayData);

impl Crossing {
    /// Reads all batches of a prepared file into memory.
    ///
    /// # Errors
    /// When the file is not as it was written, or holds no batch.
    pub fn open(path: &Path, kind: HandoverKind) -> Result<Self, String> {
        let mut source = prepared(path).map_err(|error| error.to_string())?;
        let schema = source.schema();
        let mut batches = Vec::new();
        while let Some(batch) = source.next().map_err(|error| error.to_string())? {
            batches.push(batch);
        }
        if batches.first().is_none_or(|batch| batch.num_rows() == 0) {
            return Err("the prepared file begins with no rows: expected batches to cross".to_owned());
        }
        let copier = match kind {
            HandoverKind::Copy => Some(Copier::new(&schema).map_err(|error| error.to_string())?),
            HandoverKind::Pointer => None,
        };
        let data = batches.iter().map(|batch| StructArray::from(batch.clone()).into()).collect();
        let bytes = batches.iter().map(arrow_bytes::of_batch).collect();
        let kind = DataType::Struct(schema.fields().clone());
        Ok(Self { schema, kind, batches, bytes, data, copier, addresses: Addresses::default() })
    }

    /// Number of batches.
    pub fn count(&self) -> usize {
        self.batches.len()
    }

    /// Batches, from the first on, that are timed: they have as many rows as the first, and are no more than a source's ring holds, so
    /// that a batch's description lies in the processor's cache as it does when a source has just made it.
    pub fn timed(&self) -> usize {
        let rows = self.rows_of_first();
        self.batches.iter().take(RING_BATCHES).take_while(|batch| batch.num_rows() == rows).count()
    }

    /// Rows of the first batch.
    pub fn rows_of_first(&self) -> usize {
        self.batches[0].num_rows()
    }

    /// Bytes of the Arrow buffers of the first batch.
    pub fn bytes_of_first(&self) -> u64 {
        self.bytes[0]
    }

    /// The exporter's side: the batch's own memory, or a copy of it, as a C struct.
    ///
    /// # Errors
    /// When the batch cannot be copied.
    pub fn export(&mut self, index: usize) -> Result<Exported, ArrowError> {
        let batch = &self.batches[index];
        let crossing = match &mut self.copier {
            Some(copier) => copier.copy(batch, self.bytes[index])?,
            None => batch.clone(),
        };
        Ok(Exported(FFI_ArrowArray::new(&StructArray::from(crossing).into_data())))
    }

    /// The importer's side. The schema has crossed before, once for all batches, as a writer gets it with `create`.
    ///
    /// # Errors
    /// When arrow-rs does not take what was exported.
    pub fn import(&self, Exported(array): Exported) -> Result<Arrived, ArrowError> {
        // SAFETY: `export` made it of a batch of this schema, and it is moved in once.
        unsafe { from_ffi_and_data_type(array, self.kind.clone()) }.map(Arrived)
    }

    /// Compares the memory of a batch with that of what arrived of it.
    pub fn compare(&mut self, index: usize, Arrived(data): &Arrived) {
        let (sent, arrived) = (addresses::of_data(&self.data[index]), addresses::of_data(data));
        self.addresses.buffers += arrived.len() as u64;
        self.addresses.equal += addresses::shared(&arrived, &sent) as u64;
    }

    /// What was compared so far.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// A digester of what arrives.
    ///
    /// # Errors
    /// When a column's type cannot be digested.
    pub fn digester(&self) -> Result<Digester, String> {
        Digester::new(&self.schema, 0).map_err(|error| error.to_string())
    }
}

impl Arrived {
    /// Adds the rows to a digest.
    ///
    /// # Errors
    /// When they are not of its schema.
    pub fn digest(&self, digester: &mut Digester) -> Result<(), String> {
        digester.update(&RecordBatch::from(StructArray::from(self.0.clone()))).map_err(|error| error.to_string())
    }
}

/// `CrossingReport` of harness/crossing/report.ts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CrossingReport {
    /// Of the timed crossings.
    pub ns_per_batch: NsPerBatch,
    /// Timed crossings.
    pub batches: u64,
    /// Rows of each of them.
    pub rows: u64,
    /// Arrow bytes of the first of them.
    pub bytes: u64,
    /// Of every crossing, timed or not.
    pub addresses: Addresses,
    /// Of the whole table as it arrived, before and after the timed crossings.
    pub digests: [TableDigest; 2],
}

/// Sends every batch across once and digests what arrives.
fn whole(crossing: &mut Crossing) -> Result<TableDigest, String> {
    let mut digester = crossing.digester()?;
    for index in 0..crossing.count() {
        let exported = crossing.export(index).map_err(|error| error.to_string())?;
        let arrived = crossing.import(exported).map_err(|error| error.to_string())?;
        crossing.compare(index, &arrived);
        arrived.digest(&mut digester)?;
    }
    Ok(digester.finish())
}

/// The loop in native code: every batch across once, batches of equal rows again and again under the clock, every batch once more.
///
/// # Errors
/// With a sentence, when the file cannot be read or a batch cannot cross.
pub fn run(job: &CrossingJob) -> Result<CrossingReport, String> {
    let mut crossing = Crossing::open(&job.prepared_path, job.handover)?;
    let before = whole(&mut crossing)?;
    let timed = crossing.timed();
    let mut calls = Calls::default();
    let mut spent_ns = 0;
    let mut index = 0;
    while spent_ns < job.time_ms * 1_000_000 || calls.count() < job.least_batches {
        let begun = now_ns();
        let exported = crossing.export(index).map_err(|error| error.to_string())?;
        let arrived = crossing.import(exported).map_err(|error| error.to_string())?;
        let imported = now_ns();
        crossing.compare(index, &arrived);
        let releasing = now_ns();
        drop(arrived);
        let ns = now_ns() - releasing + (imported - begun);
        calls.add(ns);
        spent_ns += ns;
        index = (index + 1) % timed;
    }
    let after = whole(&mut crossing)?;
    Ok(CrossingReport {
        batches: calls.count(),
        ns_per_batch: calls.per_batch(),
        rows: crossing.rows_of_first() as u64,
        bytes: crossing.bytes_of_first(),
        addresses: crossing.addresses(),
        digests: [before, after],
    })
}

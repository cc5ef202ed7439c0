use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::datatypes::SchemaRef;
use arrow::ipc::reader::{FileDecoder, StreamReader};
use arrow::ipc::{Block, MetadataVersion};

use super::index::{Entry, Index, PAGE, damaged, fingerprint};
use super::ring::Ring;
use crate::{BatchSource, Busy, Facts, SourceError};

/// Batches read from a prepared file, each into a slot of a ring, to which its arrays point.
pub struct PreparedSource {
    path: PathBuf,
    file: File,
    schema: SchemaRef,
    decoder: FileDecoder,
    facts: Facts,
    messages: Vec<Entry>,
    ring: Ring,
    position: usize,
    busy_ns: u64,
}

/// Opens a prepared file.
///
/// # Errors
/// When it cannot be read, or is not as it was written.
pub fn prepared(path: &Path) -> Result<Box<dyn BatchSource>, SourceError> {
    Ok(Box::new(PreparedSource::open(path)?))
}

/// The facts of a prepared file, which were checked against it when it was made.
///
/// # Errors
/// When it cannot be read, or its index is not as it was written.
pub fn prepared_facts(path: &Path) -> Result<Facts, SourceError> {
    Ok(Index::read(&open(path)?, path)?.facts)
}

fn open(path: &Path) -> Result<File, SourceError> {
    File::open(path).map_err(|error| SourceError::file("open prepared file", path, &error))
}

/// Bytes of a slot before a batch's metadata, so that its body begins a page of memory too.
fn lead(entry: &Entry) -> usize {
    (entry.metadata_bytes.next_multiple_of(PAGE) - entry.metadata_bytes) as usize
}

impl PreparedSource {
    /// Opens a prepared file.
    ///
    /// # Errors
    /// When it cannot be read, or is not as it was written.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let file = open(path)?;
        let Index { facts, schema_bytes, schema_xxh3, messages, .. } = Index::read(&file, path)?;
        let mut message = vec![0; schema_bytes as usize];
        file.read_exact_at(&mut message, 0).map_err(|error| SourceError::file("read prepared file", path, &error))?;
        let actual = fingerprint(&message);
        if actual != schema_xxh3 {
            return Err(damaged(path, "the XXH3 of its schema", schema_xxh3, actual));
        }
        let schema = StreamReader::try_new(&message[..], None)?.schema();
        let decoder = FileDecoder::new(schema.clone(), MetadataVersion::V5).with_require_alignment(true);
        // SAFETY: the messages were encoded by us from valid arrays, and each is decoded only when its XXH3-128 is that of what was written.
        let decoder = unsafe { decoder.with_skip_validation(true) };
        let batches = messages.iter().filter(|entry| !entry.dictionary);
        let largest = batches.map(|entry| lead(entry) as u64 + entry.metadata_bytes + entry.body_bytes).max();
        let ring = Ring::new(largest.unwrap_or(0))
            .map_err(|_| damaged(path, "a batch", "of a size that fits memory", "too large"))?;
        let path = path.to_owned();
        Ok(Self { path, file, schema, decoder, facts, messages, ring, position: 0, busy_ns: 0 })
    }

    /// Facts of the table.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Slots of memory made so far, and the bytes of each.
    pub fn slots(&self) -> (usize, usize) {
        (self.ring.allocated(), self.ring.slot_bytes())
    }

    /// Fills the memory with a message that is what was written.
    fn fill(&self, entry: &Entry, message: &mut [u8]) -> Result<(), SourceError> {
        let (number, count) = (self.position + 1, self.messages.len());
        self.file.read_exact_at(message, entry.offset).map_err(|error| {
            let what = format!("read message {number} of {count} at byte {} of prepared file", entry.offset);
            SourceError::file(&what, &self.path, &error)
        })?;
        let actual = fingerprint(message);
        if actual != entry.xxh3 {
            return Err(damaged(&self.path, &format!("the XXH3 of message {number} of {count}"), &entry.xxh3, actual));
        }
        Ok(())
    }

    fn read_dictionary(&mut self, entry: &Entry) -> Result<(), SourceError> {
        let (from, bytes) = (lead(entry), (entry.metadata_bytes + entry.body_bytes) as usize);
        let mut memory = MutableBuffer::from_len_zeroed(from + bytes);
        self.fill(entry, &mut memory.as_slice_mut()[from..])?;
        let buffer = Buffer::from(memory).slice(from);
        Ok(self.decoder.read_dictionary(&block(entry), &buffer)?)
    }

    fn read_batch(&self, entry: &Entry) -> Result<RecordBatch, SourceError> {
        let (from, bytes) = (lead(entry), (entry.metadata_bytes + entry.body_bytes) as usize);
        let mut lease = self.ring.lease();
        self.fill(entry, &mut lease.bytes()[from..from + bytes])?;
        let buffer = lease.into_buffer(from, from + bytes);
        match self.decoder.read_record_batch(&block(entry), &buffer)? {
            Some(batch) if batch.num_rows() as u64 == entry.rows => Ok(batch),
            other => {
                let rows = other.map_or_else(|| "missing".to_string(), |batch| format!("of {} rows", batch.num_rows()));
                let what = format!("message {}", self.position + 1);
                Err(damaged(&self.path, &what, format!("of {} rows", entry.rows), rows))
            }
        }
    }
}

fn block(entry: &Entry) -> Block {
    Block::new(entry.offset as i64, entry.metadata_bytes as i32, entry.body_bytes as i64)
}

impl BatchSource for PreparedSource {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        let start = Instant::now();
        let mut batch = None;
        while batch.is_none()
            && let Some(entry) = self.messages.get(self.position).cloned()
        {
            if entry.dictionary {
                self.read_dictionary(&entry)?;
            } else {
                batch = Some(self.read_batch(&entry)?);
            }
            self.position += 1;
        }
        self.busy_ns += start.elapsed().as_nanos() as u64;
        Ok(batch)
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: self.busy_ns, convert_ns: 0 }
    }

    fn notes(&self) -> Vec<String> {
        let (slots, bytes) = self.slots();
        vec![format!("prepared batches were read into {slots} slots of {bytes} bytes")]
    }
}

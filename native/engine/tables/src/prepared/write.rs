use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::ipc::writer::{DictionaryTracker, EncodedData, IpcDataGenerator, IpcWriteContext, IpcWriteOptions};
use xxhash_rust::xxh3::Xxh3;

use super::index::{END_OF_STREAM, Entry, Index, PAGE, fingerprint};
use crate::facts::Collector;
use crate::{BatchSource, CORE_TYPES, Facts, Request, SourceError, TYPES, generated, prepared};

/// Generates a table into a file at `path`, reads it back, and puts it in its place once both have the same digest.
///
/// # Errors
/// When rows cannot be generated, or the file cannot be written or does not hold them; nothing is left at `path` then.
pub fn prepare(request: &Request, path: &Path) -> Result<Facts, SourceError> {
    if [TYPES, CORE_TYPES].contains(&request.table.as_str()) {
        // A file would not hold its slices.
        return Err(SourceError::new(format!(
            "table {} cannot be prepared: use its source `generated`",
            request.table
        )));
    }
    put_in_place(request, path, generated(request)?)
}

/// Puts batches of somebody's own into a file at `path` as [`prepare`] does; `table` is their name.
///
/// # Errors
/// When the source fails, a column is of a type that Arrow IPC does not hold, or the file cannot be written or does not hold the rows.
pub fn prepare_from(source: Box<dyn BatchSource>, table: &str, path: &Path) -> Result<Facts, SourceError> {
    let named = Request { table: table.to_owned(), scale: 1.0, part: (1, 1), batch_rows: 1, threads: 1 };
    put_in_place(&named, path, source)
}

fn put_in_place(request: &Request, path: &Path, source: Box<dyn BatchSource>) -> Result<Facts, SourceError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".partial-{}", std::process::id()));
    let partial = PathBuf::from(name);
    let outcome = write_and_check(request, &partial, source).and_then(|facts| {
        fs::rename(&partial, path).map_err(|error| SourceError::file("rename prepared file to", path, &error))?;
        sync_directory(path)?;
        Ok(facts)
    });
    if outcome.is_err() {
        // The first failure is the one to tell of.
        let _ = fs::remove_file(&partial);
    }
    outcome
}

fn sync_directory(path: &Path) -> Result<(), SourceError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| SourceError::file("sync the directory", directory, &error))
}

fn write_and_check(request: &Request, partial: &Path, source: Box<dyn BatchSource>) -> Result<Facts, SourceError> {
    let facts = write(request, partial, source)?;
    let mut source = prepared(partial)?;
    let mut collector = Collector::new(request, &source.schema())?;
    while let Some(batch) = source.next()? {
        collector.update(&batch)?;
    }
    let read_back = collector.finish()?;
    if read_back == facts {
        return Ok(facts);
    }
    Err(SourceError::new(format!(
        "prepared file {}: read back {} rows of digest {:032x}, expected {} rows of digest {:032x}",
        partial.display(),
        read_back.rows,
        read_back.digest.order,
        facts.rows,
        facts.digest.order
    )))
}

fn write(request: &Request, partial: &Path, mut source: Box<dyn BatchSource>) -> Result<Facts, SourceError> {
    let failed = |error: std::io::Error| SourceError::file("write prepared file", partial, &error);
    let mut collector = Collector::new(request, &source.schema())?;
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(partial).map_err(failed)?;
    let mut stream = Stream::begin(BufWriter::with_capacity(1 << 20, &file), &source.schema()).map_err(failed)?;
    while let Some(batch) = source.next()? {
        collector.update(&batch)?;
        let (dictionaries, message) = stream.encode(&batch)?;
        for dictionary in &dictionaries {
            stream.write(dictionary, None).map_err(failed)?;
        }
        stream.write(&message, Some(batch.num_rows())).map_err(failed)?;
    }
    let facts = collector.finish()?;
    stream.end(facts.clone()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(facts)
}

struct Stream<W> {
    output: W,
    generator: IpcDataGenerator,
    dictionaries: DictionaryTracker,
    options: IpcWriteOptions,
    context: IpcWriteContext,
    position: u64,
    schema_bytes: u64,
    schema_xxh3: String,
    messages: Vec<Entry>,
}

/// Continuation mark, length, metadata and zeros up to `bytes` in all.
fn framed(metadata: &[u8], bytes: u64) -> Vec<u8> {
    let mut framed = Vec::with_capacity(bytes as usize);
    framed.extend_from_slice(&[0xff; 4]);
    framed.extend_from_slice(&(bytes as u32 - 8).to_le_bytes());
    framed.extend_from_slice(metadata);
    framed.resize(bytes as usize, 0);
    framed
}

impl<W: Write> Stream<W> {
    fn begin(mut output: W, schema: &arrow::datatypes::Schema) -> std::io::Result<Self> {
        let generator = IpcDataGenerator::default();
        let (mut dictionaries, options) = (DictionaryTracker::new(false), IpcWriteOptions::default());
        let encoded = generator.schema_to_bytes_with_dictionary_tracker(schema, &mut dictionaries, &options);
        let message = framed(&encoded.ipc_message, (encoded.ipc_message.len() as u64 + 8).next_multiple_of(64));
        output.write_all(&message)?;
        let (position, schema_xxh3) = (message.len() as u64, fingerprint(&message));
        let context = IpcWriteContext::default();
        let messages = Vec::new();
        Ok(Self {
            output,
            generator,
            dictionaries,
            options,
            context,
            position,
            schema_bytes: position,
            schema_xxh3,
            messages,
        })
    }

    /// The dictionaries that are new or changed, and the batch.
    fn encode(&mut self, batch: &RecordBatch) -> Result<(Vec<EncodedData>, EncodedData), SourceError> {
        Ok(self.generator.encode(batch, &mut self.dictionaries, &self.options, &mut self.context)?)
    }

    /// A dictionary, or a batch of so many rows.
    fn write(&mut self, message: &EncodedData, rows: Option<usize>) -> std::io::Result<()> {
        // Padded so that the body begins a page.
        let body_at = (self.position + 8 + message.ipc_message.len() as u64).next_multiple_of(PAGE);
        let metadata = framed(&message.ipc_message, body_at - self.position);
        let body = &message.arrow_data;
        self.output.write_all(&metadata)?;
        self.output.write_all(body)?;
        let mut hash = Xxh3::new();
        hash.update(&metadata);
        hash.update(body);
        let (metadata_bytes, body_bytes) = (metadata.len() as u64, body.len() as u64);
        let (xxh3, dictionary) = (format!("{:032x}", hash.digest128()), rows.is_none());
        let rows = rows.unwrap_or(0) as u64;
        self.messages.push(Entry { offset: self.position, metadata_bytes, body_bytes, rows, xxh3, dictionary });
        self.position += metadata_bytes + body_bytes;
        Ok(())
    }

    fn end(mut self, facts: Facts) -> std::io::Result<()> {
        self.output.write_all(&END_OF_STREAM)?;
        let (schema_bytes, schema_xxh3, messages) = (self.schema_bytes, self.schema_xxh3, self.messages);
        Index { facts, schema_bytes, schema_xxh3, messages, end: self.position }.write(&mut self.output)?;
        self.output.flush()
    }
}

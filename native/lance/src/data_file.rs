//! One data file, which is one fragment.

use std::num::NonZero;
use std::path::Path;

use arrow_array::RecordBatch;
use lance_core::datatypes::Schema;
use lance_file::version::ConcreteFileVersion;
use lance_file::versions;
use lance_file::writer::{FileWriter, FileWriterOptions};
use lance_table::format::{DataFile as ManifestFile, Fragment};
use uuid::Uuid;
use writeproof_abi::Error;
use writeproof_sink::Report;
use writeproof_writer::{Output, remove};

use crate::failure;
use crate::options::Options;
use crate::to_sink::ToSink;

/// A data file being written.
pub struct DataFile {
    writer: FileWriter,
    output: Output,
    name: String,
    pub rows: usize,
}

/// Name as `lance` makes it (`dataset/fragment/write.rs`): three bytes of a UUID in binary, so that names spread over the
/// partitions of an object store, and thirteen in hexadecimal.
fn file_name() -> String {
    let id = Uuid::new_v4().into_bytes();
    let (spread, rest) = id.split_at(3);
    let spread: String = spread.iter().map(|byte| format!("{byte:08b}")).collect();
    let rest: String = rest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{spread}{rest}.lance")
}

impl DataFile {
    /// Creates a file in the dataset's folder `data`.
    pub fn create(folder: &Path, schema: &Schema, options: &Options) -> Result<Self, Error> {
        let name = file_name();
        let output = Output::create(&folder.join(&name), &options.sink)?;
        let encoder = FileWriterOptions { data_cache_bytes: Some(options.cache_bytes as u64), ..Default::default() };
        let to_sink = Box::new(ToSink::new(output.clone()));
        match versions::create_writer(options.version, to_sink, schema.clone(), encoder) {
            Ok(writer) => Ok(Self { writer, output, name, rows: 0 }),
            Err(error) => {
                // The reason why it did not start says more than why the empty file stayed.
                let _ = output.take().map(remove);
                Err(failure::of(error))
            }
        }
    }

    /// Encodes rows, and writes the pages that they complete.
    pub async fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        self.rows += batch.num_rows();
        self.writer.write_batch(batch).await.map_err(|error| self.output.explain(failure::sentence(&error)))
    }

    /// Writes what waits and the footer. The fragment has no id yet: the commit gives it one.
    pub async fn finish(mut self, schema: &Schema, version: ConcreteFileVersion) -> Result<(Fragment, Report), Error> {
        let summary = self.writer.finish().await.map_err(|error| self.output.explain(failure::sentence(&error)))?;
        let report = self.output.finish()?;
        let (fields, columns) = versions::data_file_columns(version, schema);
        let file = ManifestFile::new(self.name, fields, columns, version, NonZero::new(report.bytes), None);
        let mut fragment = Fragment::new(0).with_physical_rows(summary.num_rows as usize);
        fragment.files.push(file);
        Ok((fragment, report))
    }

    /// Removes the file; encoders that still work write no more.
    pub fn abort(self) -> Result<(), Error> {
        self.output.take().map_or(Ok(()), remove)
    }
}

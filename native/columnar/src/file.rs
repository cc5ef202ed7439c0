//! The Parquet file: row groups one behind the other, then the footer.

use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowColumnChunk;
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

use writeproof_writer::Output;

pub(crate) struct File {
    writer: SerializedFileWriter<Output>,
}

impl File {
    /// Writes the first bytes; the footer will hold the Arrow schema beside the metadata of `properties`.
    pub fn create(output: Output, schema: SchemaRef, properties: WriterProperties) -> Result<Self> {
        let (writer, _) = ArrowWriter::try_new(output, schema, Some(properties))?.into_serialized_writer()?;
        Ok(Self { writer })
    }

    /// Appends one encoded row group, its column chunks in the order of the schema's leaves.
    pub fn append(&mut self, chunks: impl IntoIterator<Item = ArrowColumnChunk>) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes the footer, and returns the number of row groups.
    pub fn finish(&mut self) -> Result<usize> {
        Ok(self.writer.finish()?.num_row_groups())
    }
}

//! Batches of an Arrow IPC file or stream as they lie in it, empty ones too, those of too many rows cut; read by arrow-rs.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{
    Array, ArrayData, ArrayRef, BinaryViewArray, MutableArrayData, RecordBatch, RecordBatchOptions, StringViewArray,
    make_array,
};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use writeproof_tables::{BatchSource, Busy, SourceError};

use crate::bare::{bare_column, bare_schema};

const FILE_MAGIC: &[u8; 6] = b"ARROW1";

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

pub(crate) struct ArrowSource {
    batches: Batches,
    schema: SchemaRef,
    batch_rows: usize,
    /// What is left of a batch that is being cut.
    rest: Option<RecordBatch>,
    busy_ns: u64,
}

fn read(path: &Path) -> Result<(Batches, SchemaRef), ArrowError> {
    let mut file = BufReader::new(File::open(path)?);
    let mut magic = [0; FILE_MAGIC.len()];
    file.read_exact(&mut magic)?;
    file.rewind()?;
    if &magic == FILE_MAGIC {
        let reader = FileReader::try_new(file, None)?;
        let schema = reader.schema();
        return Ok((Box::new(reader), schema));
    }
    let reader = StreamReader::try_new(file, None)?;
    let schema = reader.schema();
    Ok((Box::new(reader), schema))
}

/// Whether values are views, here or below.
fn has_views(of: &DataType) -> bool {
    use DataType::*;
    match of {
        Utf8View | BinaryView => true,
        List(child) | LargeList(child) | ListView(child) | LargeListView(child) => has_views(child.data_type()),
        FixedSizeList(child, _) | Map(child, _) | RunEndEncoded(_, child) => has_views(child.data_type()),
        Struct(fields) => fields.iter().any(|field| has_views(field.data_type())),
        Union(fields, _) => fields.iter().any(|(_, field)| has_views(field.data_type())),
        _ => false,
    }
}

/// Views, here and below, with only the bytes that they show.
fn with_own_bytes(data: ArrayData) -> Result<ArrayData, ArrowError> {
    match data.data_type() {
        DataType::Utf8View => Ok(StringViewArray::from(data).gc().into_data()),
        DataType::BinaryView => Ok(BinaryViewArray::from(data).gc().into_data()),
        _ => {
            let children = data.child_data().iter().cloned().map(with_own_bytes).collect::<Result<_, _>>()?;
            data.into_builder().child_data(children).build()
        }
    }
}

/// A cut column. A message has all bytes that its views could show: each piece would carry those of the whole batch.
fn cut(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if !has_views(column.data_type()) {
        return Ok(Arc::clone(column));
    }
    let data = column.to_data();
    let mut piece = MutableArrayData::new(vec![&data], false, data.len());
    piece.try_extend(0, 0, data.len())?;
    with_own_bytes(piece.freeze()).map(make_array)
}

impl ArrowSource {
    pub(crate) fn open(path: &Path, batch_rows: usize) -> Result<Self, String> {
        let (batches, schema) = read(path).map_err(|error| error.to_string())?;
        Ok(Self { batches, schema: Arc::new(bare_schema(&schema)), batch_rows, rest: None, busy_ns: 0 })
    }

    fn pull(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let is_piece = self.rest.is_some();
        let Some(batch) = self.rest.take().map(Ok).or_else(|| self.batches.next()).transpose()? else {
            return Ok(None);
        };
        let rows = batch.num_rows().min(self.batch_rows);
        if rows < batch.num_rows() {
            self.rest = Some(batch.slice(rows, batch.num_rows() - rows));
        }
        let columns: Vec<_> = if is_piece || self.rest.is_some() {
            batch.slice(0, rows).columns().iter().map(cut).collect::<Result<_, _>>()?
        } else {
            batch.columns().to_vec()
        };
        let columns = columns.iter().map(bare_column).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema(), columns, &options).map(Some)
    }
}

impl BatchSource for ArrowSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        let begun = Instant::now();
        let batch = self.pull()?;
        self.busy_ns += begun.elapsed().as_nanos() as u64;
        Ok(batch)
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: self.busy_ns, convert_ns: 0 }
    }
}

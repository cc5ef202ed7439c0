//! Footers that do not say the truth about the pages before them.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Repetition;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use super::file_fault::FileFault;
use super::parquet_pages::footer_start;
use super::parquet_statistics as statistics;

/// Bytes by which a place is wrong.
const MOVED_BYTES: i64 = 7;

/// Damages the footer of `target`; false when it has nothing to damage.
pub(crate) fn damage(fault: FileFault, target: &Path) -> Result<bool> {
    let metadata = read(&File::open(target)?)?;
    let changed = match fault {
        FileFault::RequiredWithNulls => required(&metadata)?,
        _ => groups(fault, metadata.row_groups().to_vec())?
            .map(|groups| ParquetMetaData::new(metadata.file_metadata().clone(), groups)),
    };
    match changed {
        Some(metadata) => replace(target, &metadata).map(|()| true),
        None => Ok(false),
    }
}

pub(crate) fn read(file: &File) -> Result<ParquetMetaData> {
    // All that the footer says, so that rewriting it loses nothing.
    let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
    ParquetMetaDataReader::new()
        .with_metadata_options(Some(options))
        .with_page_index_policy(PageIndexPolicy::Skip)
        .parse_and_finish(file)
}

fn replace(target: &Path, metadata: &ParquetMetaData) -> Result<()> {
    let start = footer_start(&std::fs::read(target)?);
    let footer = encode(metadata)?;
    let mut file = File::options().read(true).write(true).open(target)?;
    file.set_len(start)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(&footer)?;
    if encode(&read(&file)?)? != footer {
        return Err(ParquetError::General("the rewritten footer does not say what it should".to_owned()));
    }
    Ok(())
}

fn encode(metadata: &ParquetMetaData) -> Result<Vec<u8>> {
    let mut footer = Vec::new();
    ParquetMetaDataWriter::new(&mut footer, metadata).finish()?;
    Ok(footer)
}

/// The row groups as the fault has them; None when it finds nothing to change.
fn groups(fault: FileFault, mut groups: Vec<RowGroupMetaData>) -> Result<Option<Vec<RowGroupMetaData>>> {
    let more = match fault {
        FileFault::EmptyValid => return Ok((!groups.is_empty()).then(Vec::new)),
        FileFault::PartialCommit => return Ok((groups.len() > 1 && groups.pop().is_some()).then_some(groups)),
        FileFault::CountLie => 1,
        FileFault::CountLieLess => -1,
        FileFault::MultiBatchOffset => return change_first(groups, 1, moved),
        FileFault::PageOffsetLie => return change_first(groups, 0, at_dictionary),
        FileFault::StatsLie => {
            return change_first(groups, 0, |column| statistics::change(column, statistics::lower_maximum));
        }
        FileFault::StatsMinLie => {
            return change_first(groups, 0, |column| statistics::change(column, statistics::raise_minimum));
        }
        FileFault::StatsNullCountLie => {
            return change_first(groups, 0, |column| statistics::change(column, statistics::add_null));
        }
        _ => return Err(ParquetError::General(format!("{fault:?} is none of a Parquet footer"))),
    };
    let Some(last) = groups.pop() else { return Ok(None) };
    let rows = last.num_rows() + more;
    groups.push(last.into_builder().set_num_rows(rows).build()?);
    Ok(Some(groups))
}

/// Replaces the first column chunk, from row group `from` on, that `change` changes.
fn change_first(
    mut groups: Vec<RowGroupMetaData>,
    from: usize,
    change: impl Fn(&ColumnChunkMetaData) -> Result<Option<ColumnChunkMetaData>>,
) -> Result<Option<Vec<RowGroupMetaData>>> {
    for group in groups.iter_mut().skip(from) {
        let mut columns = group.columns().to_vec();
        for column in &mut columns {
            if let Some(changed) = change(column)? {
                *column = changed;
                *group = group.clone().into_builder().set_column_metadata(columns).build()?;
                return Ok(Some(groups));
            }
        }
    }
    Ok(None)
}

/// Its pages are said to begin some bytes late.
fn moved(column: &ColumnChunkMetaData) -> Result<Option<ColumnChunkMetaData>> {
    let dictionary = column.dictionary_page_offset().map(|offset| offset + MOVED_BYTES);
    let data = column.data_page_offset() + MOVED_BYTES;
    column.clone().into_builder().set_data_page_offset(data).set_dictionary_page_offset(dictionary).build().map(Some)
}

/// Its data are said to begin where its dictionary does: readers that begin there anyhow do not mind.
fn at_dictionary(column: &ColumnChunkMetaData) -> Result<Option<ColumnChunkMetaData>> {
    let Some(dictionary) = column.dictionary_page_offset() else { return Ok(None) };
    column.clone().into_builder().set_data_page_offset(dictionary).build().map(Some)
}

/// The first column with nulls is said to be required; its pages still say which of its rows are null.
fn required(metadata: &ParquetMetaData) -> Result<Option<ParquetMetaData>> {
    let has_nulls = |name: &str| {
        let chunks = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
        let mut own = chunks.filter(|chunk| chunk.column_path().parts() == [name]);
        own.any(|chunk| chunk.statistics().and_then(|statistics| statistics.null_count_opt()) > Some(0))
    };
    let file = metadata.file_metadata();
    let mut fields = file.schema().get_fields().to_vec();
    let optional = |field: &TypePtr| field.is_primitive() && field.is_optional() && has_nulls(field.name());
    let Some(field) = fields.iter_mut().find(|field| optional(field)) else { return Ok(None) };
    *field = Arc::new(as_required(field)?);
    let schema = Type::group_type_builder(file.schema().name()).with_fields(fields).build()?;
    let file = FileMetaData::new(
        file.version(),
        file.num_rows(),
        file.created_by().map(str::to_owned),
        file.key_value_metadata().cloned(),
        Arc::new(SchemaDescriptor::new(Arc::new(schema))),
        file.column_orders().cloned(),
    );
    Ok(Some(ParquetMetaData::new(file, metadata.row_groups().to_vec())))
}

fn as_required(field: &Type) -> Result<Type> {
    let Type::PrimitiveType { basic_info, physical_type, type_length, scale, precision } = field else {
        return Err(ParquetError::General(format!("{} is no primitive type", field.name())));
    };
    Type::primitive_type_builder(field.name(), *physical_type)
        .with_repetition(Repetition::REQUIRED)
        .with_converted_type(basic_info.converted_type())
        .with_logical_type(basic_info.logical_type_ref().cloned())
        .with_length(*type_length)
        .with_precision(*precision)
        .with_scale(*scale)
        .with_id(basic_info.has_id().then(|| basic_info.id()))
        .build()
}

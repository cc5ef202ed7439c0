//! Footers that do not say the truth about the pages before them.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use parquet::errors::{ParquetError, Result};
use parquet::file::FOOTER_SIZE;
use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::statistics::{Statistics, ValueStatistics};

/// Replaces the footer of `target` by one with other row groups. False when `change` finds nothing to change.
fn rewrite(
    target: &Path,
    change: impl FnOnce(Vec<RowGroupMetaData>) -> Result<Option<Vec<RowGroupMetaData>>>,
) -> Result<bool> {
    let mut file = File::options().read(true).write(true).open(target)?;
    let metadata = read(&file)?;
    let Some(groups) = change(metadata.row_groups().to_vec())? else { return Ok(false) };
    let metadata = metadata.into_builder().set_row_groups(groups).build();

    let length = file.metadata()?.len();
    let mut tail = [0_u8; FOOTER_SIZE];
    std::os::unix::fs::FileExt::read_exact_at(&file, &mut tail, length - FOOTER_SIZE as u64)?;
    let old_bytes = u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]);
    let start = length - FOOTER_SIZE as u64 - u64::from(old_bytes);

    let mut footer = Vec::new();
    ParquetMetaDataWriter::new(&mut footer, &metadata).finish()?;
    file.set_len(start)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(&footer)?;
    if read(&file)?.row_groups() != metadata.row_groups() {
        return Err(ParquetError::General("the rewritten footer does not say what it should".to_owned()));
    }
    Ok(true)
}

fn read(file: &File) -> Result<ParquetMetaData> {
    // All that the footer says, so that rewriting it loses nothing.
    let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
    ParquetMetaDataReader::new()
        .with_metadata_options(Some(options))
        .with_page_index_policy(PageIndexPolicy::Skip)
        .parse_and_finish(file)
}

/// Lists no row group.
pub(crate) fn hide_rows(target: &Path) -> Result<bool> {
    rewrite(target, |groups| Ok((!groups.is_empty()).then(Vec::new)))
}

/// Claims one row more in the last row group.
pub(crate) fn claim_a_row(target: &Path) -> Result<bool> {
    rewrite(target, |mut groups| {
        let Some(last) = groups.pop() else { return Ok(None) };
        let rows = last.num_rows();
        groups.push(last.into_builder().set_num_rows(rows + 1).build()?);
        Ok(Some(groups))
    })
}

/// Lowers the largest value of the first column chunk in which it is not the smallest one too.
pub(crate) fn lower_maximum(target: &Path) -> Result<bool> {
    rewrite(target, |mut groups| {
        for group in &mut groups {
            let mut columns = group.columns().to_vec();
            for column in &mut columns {
                if let Some(statistics) = column.statistics().and_then(lowered) {
                    *column = with_statistics(column, statistics)?;
                    *group = group.clone().into_builder().set_column_metadata(columns).build()?;
                    return Ok(Some(groups));
                }
            }
        }
        Ok(None)
    })
}

fn with_statistics(column: &ColumnChunkMetaData, statistics: Statistics) -> Result<ColumnChunkMetaData> {
    column.clone().into_builder().set_statistics(statistics).build()
}

/// Statistics whose maximum is their minimum; None where they are equal already, or of a type that TPC-H does not have.
fn lowered(statistics: &Statistics) -> Option<Statistics> {
    macro_rules! lower {
        ($values:expr) => {{
            let (min, max) = ($values.min_opt()?, $values.max_opt()?);
            (min != max).then(|| {
                ValueStatistics::new(Some(min.clone()), Some(min.clone()), None, $values.null_count_opt(), false)
                    .with_min_is_exact($values.min_is_exact())
                    .with_max_is_exact($values.min_is_exact())
                    .into()
            })
        }};
    }
    match statistics {
        Statistics::Int32(values) => lower!(values),
        Statistics::Int64(values) => lower!(values),
        Statistics::Double(values) => lower!(values),
        Statistics::ByteArray(values) => lower!(values),
        _ => None,
    }
}

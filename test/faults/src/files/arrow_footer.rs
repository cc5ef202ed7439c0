//! Arrow IPC files whose footer or messages do not say the truth, changed in place.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use arrow::ipc::{Field, RecordBatch, Schema, Type};
use writeproof_abi::Error;

use super::arrow_file::ArrowBytes;
use super::file_fault::FileFault;

/// A place in the file, and the bytes to be there.
type Patch = (usize, Vec<u8>);

/// Damages the file; false when it has nothing to damage.
pub(crate) fn damage(fault: FileFault, target: &Path) -> Result<bool, Error> {
    let bytes = ArrowBytes::read(target)?;
    let patches = match fault {
        FileFault::EmptyValid => listed(&bytes, 1, |_| 0)?,
        FileFault::PartialCommit => listed(&bytes, 2, |count| count - 1)?,
        FileFault::MultiBatchOffset => second_at_first(&bytes)?,
        FileFault::CountLie => counted(&bytes, 1)?,
        FileFault::CountLieLess => counted(&bytes, -1)?,
        FileFault::RequiredWithNulls => required(&bytes)?,
        _ => return Err(Error::new(format!("{fault:?} is none of an Arrow footer"))),
    };
    let file = File::options().write(true).open(target)?;
    for (place, bytes) in &patches {
        file.write_all_at(bytes, *place as u64)?;
    }
    Ok(!patches.is_empty())
}

/// The number of record batches, which stands before their list, where there are at least `least`.
fn listed(bytes: &ArrowBytes, least: usize, change: fn(u32) -> u32) -> Result<Vec<Patch>, Error> {
    let (blocks, place) = bytes.blocks()?;
    let count = u32::try_from(blocks.len()).map_err(Error::new)?;
    Ok(if blocks.len() < least { vec![] } else { vec![(place - 4, change(count).to_le_bytes().to_vec())] })
}

/// The offset of the second record batch, the first field of its block, is that of the first.
fn second_at_first(bytes: &ArrowBytes) -> Result<Vec<Patch>, Error> {
    let (blocks, place) = bytes.blocks()?;
    let [first, second, ..] = &blocks[..] else { return Ok(vec![]) };
    let second_place = place + size_of_val(second);
    Ok(vec![(second_place, first.offset().to_le_bytes().to_vec())])
}

/// The number of rows of the last record batch that has some, in its message.
fn counted(bytes: &ArrowBytes, more: i64) -> Result<Vec<Patch>, Error> {
    for block in bytes.blocks()?.0.iter().rev() {
        let (batch, place) = bytes.batch(block)?;
        if batch.length() > 0 {
            let within = batch._tab.loc() + usize::from(batch._tab.vtable().get(RecordBatch::VT_LENGTH));
            return Ok(vec![(place + within, (batch.length() + more).to_le_bytes().to_vec())]);
        }
    }
    Ok(vec![])
}

/// The first column with nulls is said to have none, in the footer and in the message before the batches.
fn required(bytes: &ArrowBytes) -> Result<Vec<Patch>, Error> {
    let footer = bytes.footer()?;
    let (message, message_place) = bytes.schema_message()?;
    let footer_place = bytes.footer_range()?.start;
    let (Some(of_footer), Some(of_message)) = (footer.schema(), message.header_as_schema()) else { return Ok(vec![]) };
    let Some(column) = column_with_nulls(bytes, &of_footer)? else { return Ok(vec![]) };
    let flag = |schema: &Schema<'_>, start: usize| {
        let field = schema.fields()?.get(column);
        Some((start + field._tab.loc() + usize::from(field._tab.vtable().get(Field::VT_NULLABLE)), vec![0]))
    };
    Ok([flag(&of_footer, footer_place), flag(&of_message, message_place)].into_iter().flatten().collect())
}

/// Index of the first column that is nullable and has nulls beside its validity, by the nodes of the record batches.
fn column_with_nulls(bytes: &ArrowBytes, schema: &Schema<'_>) -> Result<Option<usize>, Error> {
    let Some(fields) = schema.fields() else { return Ok(None) };
    let (blocks, _) = bytes.blocks()?;
    let mut node = 0;
    for (index, field) in fields.iter().enumerate() {
        for block in &blocks {
            let (batch, _) = bytes.batch(block)?;
            let nulls =
                batch.nodes().filter(|nodes| node < nodes.len()).map_or(0, |nodes| nodes.get(node).null_count());
            if field.nullable() && field.type_type() != Type::Null && nulls > 0 {
                return Ok(Some(index));
            }
        }
        node += nodes_of(&field);
    }
    Ok(None)
}

/// A field has a node, and so has each that lies in it; values of a dictionary lie elsewhere.
fn nodes_of(field: &Field<'_>) -> usize {
    let children = field.children().filter(|_| field.dictionary().is_none());
    1 + children.map_or(0, |children| children.iter().map(|child| nodes_of(&child)).sum())
}

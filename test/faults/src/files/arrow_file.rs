//! Where the messages of an Arrow IPC file lie, by its footer.

use std::ops::Range;
use std::path::{Path, PathBuf};

use arrow::ipc::{Block, Footer, Message, RecordBatch, root_as_footer, root_as_message};
use writeproof_abi::Error;

use super::places::Places;

const MAGIC: &[u8] = b"ARROW1";
/// Length of the footer and magic behind it.
const TAIL_BYTES: usize = 4 + MAGIC.len();
/// Continuation and length before each message.
const PREFIX_BYTES: usize = 8;
/// Of bitmaps, as arrow-rs pads buffers.
const PADDED_BYTES: u64 = 64;

/// A file in memory; places are those in the file.
pub(crate) struct ArrowBytes(Vec<u8>);

fn unreadable(what: &str) -> Error {
    Error::new(format!("the Arrow file's {what} cannot be read: expected the file format of Arrow IPC, with a footer"))
}

impl ArrowBytes {
    pub fn read(target: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(target)?;
        if bytes.len() < TAIL_BYTES || !bytes.ends_with(MAGIC) { Err(unreadable("end")) } else { Ok(Self(bytes)) }
    }

    pub fn footer_range(&self) -> Result<Range<usize>, Error> {
        let end = self.0.len() - TAIL_BYTES;
        let mut length = [0; 4];
        length.copy_from_slice(&self.0[end..end + 4]);
        let start = end.checked_sub(u32::from_le_bytes(length) as usize).ok_or_else(|| unreadable("footer"))?;
        Ok(start..end)
    }

    pub fn footer(&self) -> Result<Footer<'_>, Error> {
        root_as_footer(&self.0[self.footer_range()?]).map_err(Error::new)
    }

    /// Record batches by the footer, and the place of their list in the file.
    pub fn blocks(&self) -> Result<(Vec<Block>, usize), Error> {
        let blocks = self.footer()?.recordBatches().ok_or_else(|| unreadable("list of record batches"))?;
        let place = self.place_of(blocks.bytes());
        Ok((blocks.iter().copied().collect(), place))
    }

    /// Where in the file a part of it lies.
    fn place_of(&self, part: &[u8]) -> usize {
        part.as_ptr() as usize - self.0.as_ptr() as usize
    }

    /// The message at `offset`, and the place of its first byte.
    pub fn message(&self, offset: usize, metadata_bytes: usize) -> Result<(Message<'_>, usize), Error> {
        let place = offset + PREFIX_BYTES;
        let bytes = self.0.get(place..offset + metadata_bytes).ok_or_else(|| unreadable("message"))?;
        Ok((root_as_message(bytes).map_err(Error::new)?, place))
    }

    /// The schema's message at the front, and the place of its first byte.
    pub fn schema_message(&self) -> Result<(Message<'_>, usize), Error> {
        // Zeros fill up what its writer aligns to.
        let words = (MAGIC.len().next_multiple_of(8)..self.0.len()).step_by(8);
        let start = words.into_iter().find(|place| self.0[*place] != 0).ok_or_else(|| unreadable("schema"))?;
        let length = self.0.get(start + 4..start + PREFIX_BYTES).ok_or_else(|| unreadable("schema"))?;
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        self.message(start, PREFIX_BYTES + length)
    }

    pub fn batch(&self, block: &Block) -> Result<(RecordBatch<'_>, usize), Error> {
        let offset = usize::try_from(block.offset()).map_err(Error::new)?;
        let metadata = usize::try_from(block.metaDataLength()).map_err(Error::new)?;
        let (message, place) = self.message(offset, metadata)?;
        Ok((message.header_as_record_batch().ok_or_else(|| unreadable("record batch"))?, place))
    }
}

/// Bodies, and their buffers that are larger than a bitmap: one of a column without nulls says nothing.
pub(crate) fn places(path: PathBuf) -> Result<Places, Error> {
    let bytes = ArrowBytes::read(&path)?;
    let (mut values, mut units) = (Vec::new(), Vec::new());
    for block in bytes.blocks()?.0 {
        let (batch, _) = bytes.batch(&block)?;
        let unsigned = |number: i64| u64::try_from(number).map_err(Error::new);
        let body = unsigned(block.offset() + i64::from(block.metaDataLength()))?;
        let bitmap = unsigned(batch.length())?.div_ceil(8).next_multiple_of(PADDED_BYTES);
        if block.bodyLength() > 0 {
            units.push(body..body + unsigned(block.bodyLength())?);
        }
        for buffer in batch.buffers().iter().flatten() {
            let start = body + unsigned(buffer.offset())?;
            let length = unsigned(buffer.length())?;
            if length > bitmap {
                values.push(start..start + length);
            }
        }
    }
    let footer = bytes.footer_range()?.start as u64;
    Ok(Places { path, values, units, footer })
}

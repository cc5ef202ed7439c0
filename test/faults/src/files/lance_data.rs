//! Where the pages of a Lance data file lie: file2.proto of lance-file 14.

use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use writeproof_abi::Error;

use super::lance_manifest::Manifest;
use super::places::Places;
use super::protobuf::{Field, Value, fields, number, parts, varint};

/// Three places, two counts, two numbers of the version, the magic.
const FOOTER_BYTES: usize = 40;
const COLUMN_PAGES: u64 = 2;
const PAGE_OFFSETS: u64 = 1;
const PAGE_SIZES: u64 = 2;
/// Buffers begin at whole ones.
const MOVED_BYTES: u64 = 64;

pub(crate) fn largest(dataset: &Path) -> Result<PathBuf, Error> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(dataset.join("data"))? {
        let entry = entry?;
        sizes.push((entry.metadata()?.len(), entry.path()));
    }
    sizes.into_iter().max().map(|(_, path)| path).ok_or_else(|| Error::new("the dataset has no data file"))
}

/// One buffer of a page.
struct Buffer {
    /// Where its offset stands in the column's metadata.
    offset_place: Range<usize>,
    bytes: Range<u64>,
}

struct DataFile {
    bytes: Vec<u8>,
    /// Where the metadata of columns begin.
    metadata_start: u64,
    columns: Vec<Range<usize>>,
}

impl DataFile {
    fn read(path: &Path) -> Result<Self, Error> {
        let bytes = fs::read(path)?;
        let unreadable = || Error::new(format!("{} cannot be read: expected a data file of Lance", path.display()));
        let footer = bytes.len().checked_sub(FOOTER_BYTES).ok_or_else(unreadable)?;
        let long = |place: usize| bytes.get(place..place + 8)?.try_into().ok().map(u64::from_le_bytes);
        let count = bytes.get(footer + 28..footer + 32).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
        let metadata_start = long(footer).ok_or_else(unreadable)?;
        let table = usize::try_from(long(footer + 8).ok_or_else(unreadable)?).map_err(Error::new)?;
        let mut columns = Vec::new();
        for entry in (table..).step_by(16).take(count.ok_or_else(unreadable)? as usize) {
            let start = usize::try_from(long(entry).ok_or_else(unreadable)?).map_err(Error::new)?;
            let length = usize::try_from(long(entry + 8).ok_or_else(unreadable)?).map_err(Error::new)?;
            columns.push(start..start + length);
        }
        Ok(Self { bytes, metadata_start, columns })
    }

    /// Numbers of a list, packed or not, and where each stands.
    fn list(&self, page: &[Field], list: u64) -> Result<Vec<(u64, Range<usize>)>, Error> {
        let mut found = Vec::new();
        for field in page.iter().filter(|field| field.number == list) {
            let within = match &field.value {
                Value::Bytes(within) => within.clone(),
                // Behind its key, which is a byte.
                Value::Number(_) => field.whole.start + 1..field.whole.end,
            };
            let mut place = within.start;
            while place < within.end {
                let start = place;
                let value = varint(&self.bytes, &mut place)?;
                found.push((value, start..place));
            }
        }
        Ok(found)
    }

    fn buffers(&self) -> Result<Vec<Buffer>, Error> {
        let mut found = Vec::new();
        for column in &self.columns {
            for page in parts(&self.bytes, column.clone(), COLUMN_PAGES)? {
                let page = fields(&self.bytes, page)?;
                let sizes = self.list(&page, PAGE_SIZES)?;
                for ((offset, offset_place), (size, _)) in self.list(&page, PAGE_OFFSETS)?.into_iter().zip(sizes) {
                    found.push(Buffer { offset_place, bytes: offset..offset + size });
                }
            }
        }
        Ok(found)
    }
}

pub(crate) fn places(path: PathBuf) -> Result<Places, Error> {
    let file = DataFile::read(&path)?;
    let buffers = file.buffers()?.into_iter().map(|buffer| buffer.bytes);
    let values: Vec<_> = buffers.filter(|bytes| !bytes.is_empty()).collect();
    Ok(Places { path, units: values.clone(), values, footer: file.metadata_start })
}

/// The largest buffer of the second fragment's data file is looked for some bytes beside its place.
pub(crate) fn move_page_of_second_fragment(dataset: &Path) -> Result<bool, Error> {
    let names = Manifest::read(dataset)?.data_files()?;
    let Some(name) = names.get(1) else { return Ok(false) };
    let path = dataset.join("data").join(name);
    let buffers = DataFile::read(&path)?.buffers()?;
    let largest = buffers.into_iter().max_by_key(|buffer| buffer.bytes.end - buffer.bytes.start);
    let Some(Buffer { offset_place, bytes }) = largest else { return Ok(false) };
    let moved = if bytes.start < MOVED_BYTES { bytes.start + MOVED_BYTES } else { bytes.start - MOVED_BYTES };
    // In as many bytes as before: everything else stays in its place.
    let field = number(moved, offset_place.len());
    if field.len() != offset_place.len() {
        return Err(Error::new(format!("a place of {moved} does not fit where {} stands", bytes.start)));
    }
    File::options().write(true).open(path)?.write_all_at(&field, offset_place.start as u64)?;
    Ok(true)
}

//! Where in a file its data lie, by the format's own metadata, and damage to their bytes.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use writeproof_abi::Error;

use super::{arrow_file, lance_data, parquet_pages, raw_bytes};
use crate::over::Over;

/// A buffer of a writer, where the data are large enough for four of them.
const BUFFER_BYTES: u64 = 64 << 10;
const LEAST_BUFFER_BYTES: u64 = 1 << 10;
/// What a write that was cut short did not write: a sector.
const SECTOR_BYTES: u64 = 512;
/// More than any padding within values.
const PADDING_BYTES: u64 = 64;

#[derive(Debug)]
pub(crate) struct Places {
    pub path: PathBuf,
    /// Bytes that encode values, a page body or buffer each, in the order of the file. No bitmaps, that may say nothing.
    pub values: Vec<Range<u64>>,
    /// Pages or bodies of record batches.
    pub units: Vec<Range<u64>>,
    /// Where the footer begins.
    pub footer: u64,
}

impl Places {
    /// The file itself; of Lance the largest data file.
    pub fn file(over: Over, target: &Path) -> Result<PathBuf, Error> {
        match over {
            Over::Parquet | Over::Arrow | Over::Raw => Ok(target.to_owned()),
            Over::Lance => lance_data::largest(target),
        }
    }

    pub fn of(over: Over, target: &Path) -> Result<Self, Error> {
        let path = Self::file(over, target)?;
        match over {
            Over::Parquet => parquet_pages::places(path),
            Over::Arrow => arrow_file::places(path),
            Over::Lance => lance_data::places(path),
            Over::Raw => raw_bytes::places(path),
        }
    }

    fn open(&self) -> Result<File, Error> {
        Ok(File::options().read(true).write(true).open(&self.path)?)
    }

    /// Writes `bytes` at `start`; false, and nothing written, when no byte of a value would change.
    fn put(&self, file: &File, start: u64, bytes: &[u8]) -> Result<bool, Error> {
        let mut old = vec![0; bytes.len()];
        file.read_exact_at(&mut old, start)?;
        let differs = |place: u64| {
            let index = usize::try_from(place - start).map_err(Error::new)?;
            Ok::<bool, Error>(old[index] != bytes[index])
        };
        let end = start + bytes.len() as u64;
        for values in &self.values {
            for place in values.start.max(start)..values.end.min(end) {
                if differs(place)? {
                    file.write_all_at(bytes, start)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Starts of whole buffers that lie within the data, from the middle on and then from the front, and their size.
    fn buffers(&self) -> (Vec<u64>, u64) {
        let start = self.values.iter().map(|range| range.start).min().unwrap_or(0);
        let end = self.values.iter().map(|range| range.end).max().unwrap_or(0);
        let fitting = |bytes: &u64| bytes * 4 <= end - start;
        let sizes = (0..).map(|halvings| BUFFER_BYTES >> halvings).take_while(|bytes| *bytes >= LEAST_BUFFER_BYTES);
        let Some(size) = sizes.into_iter().find(fitting) else { return (vec![], LEAST_BUFFER_BYTES) };
        let mut starts: Vec<u64> = (start.div_ceil(size)..end / size).map(|index| index * size).collect();
        let middle = starts.len() / 2;
        starts.rotate_left(middle);
        (starts, size)
    }

    pub fn end_before_footer(&self) -> Result<bool, Error> {
        self.open()?.set_len(self.footer)?;
        Ok(true)
    }

    /// The end of a buffer stays zero.
    pub fn write_short(&self) -> Result<bool, Error> {
        let file = self.open()?;
        let (starts, size) = self.buffers();
        for start in starts {
            if self.put(&file, start + size - SECTOR_BYTES, &[0; SECTOR_BYTES as usize])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A buffer holds what the next one does.
    pub fn reuse_slot(&self) -> Result<bool, Error> {
        let file = self.open()?;
        let (starts, size) = self.buffers();
        for start in starts.iter().filter(|start| starts.contains(&(*start + size))) {
            let mut next = vec![0; usize::try_from(size).map_err(Error::new)?];
            file.read_exact_at(&mut next, start + size)?;
            if self.put(&file, *start, &next)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The middle one of all units is zeros.
    pub fn make_hole(&self) -> Result<bool, Error> {
        let Some(unit) = self.units.get(self.units.len() / 2) else { return Ok(false) };
        let zeros = vec![0; usize::try_from(unit.end - unit.start).map_err(Error::new)?];
        self.put(&self.open()?, unit.start, &zeros)
    }

    /// A bit in the middle of the largest run of values, behind what may be padding there: zeros, or the 0xfe between the chunks of
    /// a Lance page.
    pub fn flip_bit(&self) -> Result<bool, Error> {
        let largest = self.values.iter().max_by_key(|range| range.end - range.start);
        let Some(range) = largest.filter(|range| !range.is_empty()) else { return Ok(false) };
        let middle = range.start + (range.end - range.start) / 2;
        let file = self.open()?;
        let mut bytes = vec![0; usize::try_from((range.end - middle).min(PADDING_BYTES)).map_err(Error::new)?];
        file.read_exact_at(&mut bytes, middle)?;
        let index = bytes.iter().position(|byte| ![0, 0xfe].contains(byte)).unwrap_or(0);
        self.put(&file, middle + index as u64, &[bytes[index] ^ 4])
    }
}

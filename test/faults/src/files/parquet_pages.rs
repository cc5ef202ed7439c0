//! Where the pages of a Parquet file lie.

use std::path::PathBuf;

use parquet::file::FOOTER_SIZE;
use writeproof_abi::Error;

use super::page_header::PageHeader;
use super::parquet_footer;
use super::places::Places;

pub(crate) fn places(path: PathBuf) -> Result<Places, Error> {
    let bytes = std::fs::read(&path)?;
    let metadata = parquet_footer::read(&std::fs::File::open(&path)?).map_err(Error::new)?;
    let mut values = Vec::new();
    for chunk in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let (mut place, length) = chunk.byte_range();
        let end = place + length;
        while place < end {
            let header = usize::try_from(place).ok().and_then(|at| bytes.get(at..)).and_then(PageHeader::read);
            let header = header
                .ok_or_else(|| Error::new(format!("there is no page header at byte {place} of {}", path.display())))?;
            let body = place + header.header_bytes;
            place = body + header.body_bytes;
            if header.has_rows && header.body_bytes > 0 {
                values.push(body..place);
            }
        }
    }
    let footer = footer_start(&bytes);
    Ok(Places { path, units: values.clone(), values, footer })
}

/// Where the metadata begin.
pub(crate) fn footer_start(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let mut field = [0; 4];
    field.copy_from_slice(&bytes[length - FOOTER_SIZE..length - 4]);
    (length - FOOTER_SIZE) as u64 - u64::from(u32::from_le_bytes(field))
}

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::{Facts, SourceError};

/// Alignment of bodies in the file and of memory.
pub(super) const PAGE: u64 = 4096;
const MAGIC: &[u8; 8] = b"wpTABLE1";
/// Length, XXH3-128 and magic after the index.
const TAIL_BYTES: usize = 8 + 16 + 8;
/// What ends an Arrow IPC stream.
pub(super) const END_OF_STREAM: [u8; 8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];

/// One message: a record batch, or a dictionary that the batches behind it need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// Where its metadata begin.
    pub(super) offset: u64,
    /// Bytes of metadata with their length and padding; the body follows, at a multiple of the page size.
    pub(super) metadata_bytes: u64,
    pub(super) body_bytes: u64,
    pub(super) rows: u64,
    /// Of all these bytes.
    pub(super) xxh3: String,
    /// Whether it is a dictionary, which has no rows; not said of batches.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) dictionary: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What is after the stream.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    pub(super) facts: Facts,
    /// Bytes of the schema message, which begins the file.
    pub(super) schema_bytes: u64,
    pub(super) schema_xxh3: String,
    /// As files without dictionaries have always called them.
    #[serde(rename = "batches")]
    pub(super) messages: Vec<Entry>,
    /// Where the end of the stream is marked; the index follows.
    pub(super) end: u64,
}

/// XXH3-128 as 32 hexadecimal digits.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// The error for a file that is not as it was written.
pub(super) fn damaged(
    path: &Path,
    what: &str,
    expected: impl std::fmt::Display,
    actual: impl std::fmt::Display,
) -> SourceError {
    SourceError::new(format!(
        "prepared file {} is damaged: {what} is {actual}, expected {expected}; remove it and prepare it again",
        path.display()
    ))
}

impl Index {
    /// Appends the index.
    pub(super) fn write(&self, output: &mut impl Write) -> std::io::Result<()> {
        let json = serde_json::to_vec(self)?;
        output.write_all(&json)?;
        output.write_all(&(json.len() as u64).to_le_bytes())?;
        output.write_all(&xxh3_128(&json).to_le_bytes())?;
        output.write_all(MAGIC)
    }

    /// Reads and checks the index of a file.
    pub(super) fn read(file: &File, path: &Path) -> Result<Self, SourceError> {
        let failed = |error| SourceError::file("read prepared file", path, &error);
        let bytes = file.metadata().map_err(failed)?.len();
        let Some(tail_at) = bytes.checked_sub(TAIL_BYTES as u64) else {
            return Err(damaged(path, "its length", format!("at least {TAIL_BYTES} bytes"), format!("{bytes} bytes")));
        };
        let mut tail = [0; TAIL_BYTES];
        file.read_exact_at(&mut tail, tail_at).map_err(failed)?;
        let (length, rest) = tail.split_at(8);
        let (hash, magic) = rest.split_at(16);
        if magic != MAGIC {
            return Err(damaged(path, "its end", "the mark of a prepared file", "cut off or another format"));
        }
        let (length, hash) = (u64::from_le_bytes(array(length)), u128::from_le_bytes(array(hash)));
        let Some(json_at) = tail_at.checked_sub(length) else {
            return Err(damaged(path, "its index", format!("at most {tail_at} bytes"), format!("{length} bytes")));
        };
        let mut json = vec![0; length as usize];
        file.read_exact_at(&mut json, json_at).map_err(failed)?;
        let actual = xxh3_128(&json);
        if actual != hash {
            return Err(damaged(path, "the XXH3 of its index", format!("{hash:032x}"), format!("{actual:032x}")));
        }
        let index: Self = serde_json::from_slice(&json)
            .map_err(|error| SourceError::new(format!("prepared file {}: its index: {error}", path.display())))?;
        let mut end = [0; END_OF_STREAM.len()];
        file.read_exact_at(&mut end, index.end).map_err(failed)?;
        if end != END_OF_STREAM || index.end + end.len() as u64 != json_at {
            return Err(damaged(path, "the end of its stream", format!("{END_OF_STREAM:?}"), format!("{end:?}")));
        }
        Ok(index)
    }
}

/// The bytes of a slice that has exactly `N`.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

//! Files of raw bytes: everything in them is data.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use writeproof_abi::Error;
use writeproof_raw::{BLOCK_BYTES, Content, Settings, Stamp};

use super::places::Places;

/// Bytes of a hole, and of an extent that is stale.
const EXTENT_BYTES: u64 = 64 << 10;

/// All of the file.
pub(crate) fn places(path: PathBuf) -> Result<Places, Error> {
    let length = path.metadata()?.len();
    let whole = Some(0..length).filter(|range| !range.is_empty());
    let units = (0..length / EXTENT_BYTES).map(|unit| unit * EXTENT_BYTES..(unit + 1) * EXTENT_BYTES).collect();
    Ok(Places { path, values: whole.into_iter().collect(), units, footer: length })
}

/// In the middle lies what another run, of another seed, wrote there; false where there is no room.
pub(crate) fn leave_stale(path: &Path) -> Result<bool, Error> {
    let file = File::options().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let mut first = [0; BLOCK_BYTES];
    if length < 3 * EXTENT_BYTES {
        return Ok(false);
    }
    file.read_exact_at(&mut first, 0)?;
    let Some(Stamp { settings, .. }) = Stamp::of(&first) else { return Ok(false) };
    let older = Content::new(Settings { seed: settings.seed + 1, ..settings });
    let start = length / EXTENT_BYTES / 2 * EXTENT_BYTES;
    let mut stale = vec![0; EXTENT_BYTES as usize];
    older.fill(start, &mut stale);
    file.write_all_at(&stale, start)?;
    Ok(true)
}

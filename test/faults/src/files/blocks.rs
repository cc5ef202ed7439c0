//! Ends of files that are no whole number of blocks, as writers past the page cache get them wrong.

use std::fs::File;
use std::io::Result;
use std::os::unix::fs::FileExt;
use std::path::Path;

pub(crate) const BLOCK_BYTES: u64 = 4096;

fn open(path: &Path) -> Result<(File, u64, u64)> {
    let file = File::options().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length, length - length % BLOCK_BYTES))
}

/// Zeros up to the end of the last block.
pub(crate) fn pad(path: &Path) -> Result<bool> {
    let (file, length, whole) = open(path)?;
    if whole < length {
        file.set_len(whole + BLOCK_BYTES)?;
    }
    Ok(whole < length)
}

/// Whole blocks alone.
pub(crate) fn cut(path: &Path) -> Result<bool> {
    let (file, length, whole) = open(path)?;
    if whole < length {
        file.set_len(whole)?;
    }
    Ok(whole < length)
}

/// The last, partial block lies over the beginning of the one before, and zeros where it should.
pub(crate) fn misplace(path: &Path) -> Result<bool> {
    let (file, length, whole) = open(path)?;
    if whole == length || whole == 0 {
        return Ok(false);
    }
    let mut tail = vec![0; (length - whole) as usize];
    file.read_exact_at(&mut tail, whole)?;
    file.write_all_at(&tail, whole - BLOCK_BYTES)?;
    file.write_all_at(&vec![0; tail.len()], whole)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::tests::Directory;

    /// What becomes of bytes that count on, and whether it says that something did.
    fn damaged(length: usize, damage: fn(&Path) -> Result<bool>) -> (Vec<u8>, bool) {
        let directory = Directory::new();
        let path = directory.path("tail");
        std::fs::write(&path, counting(length)).unwrap();
        let said = damage(&path).unwrap();
        (std::fs::read(&path).unwrap(), said)
    }

    fn counting(length: usize) -> Vec<u8> {
        (0..length).map(|index| (index % 251) as u8 + 1).collect()
    }

    #[test]
    fn a_partial_block_is_padded_cut_or_misplaced() {
        let (honest, zeros) = (counting(5000), vec![0; 4096]);
        assert_eq!(damaged(5000, pad), ([&honest[..], &zeros[..3192]].concat(), true));
        assert_eq!(damaged(5000, cut), (honest[..4096].to_vec(), true));
        let misplaced = [&honest[4096..], &honest[904..4096], &zeros[..904]].concat();
        assert_eq!(damaged(5000, misplace), (misplaced, true));
    }

    #[test]
    fn whole_blocks_are_left_alone() {
        for damage in [pad, cut, misplace] {
            assert_eq!(damaged(8192, damage), (counting(8192), false));
        }
        assert_eq!(damaged(100, misplace), (counting(100), false));
    }
}

//! The faults of the finished file, and which formats have what each of them damages.

use std::fs;
use std::path::Path;

use writeproof_abi::Error;

use super::contents::{self, Contents};
use super::given::Given;
use super::places::Places;
use super::{arrow_footer, blocks, lance_data, lance_manifest, late, parquet_footer, raw_bytes};
use crate::over::Over;

/// What happens to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFault {
    /// It says that it has no row group, record batch or fragment; all data are there.
    EmptyValid,
    /// The last row group, record batch or fragment is not listed.
    PartialCommit,
    /// It claims one row more than there is.
    CountLie,
    /// It claims one row less than there is.
    CountLieLess,
    /// It ends where its footer would begin; of Lance the largest data file does.
    NoFooter,
    /// The newest manifest of the dataset is missing.
    NoManifest,
    /// A byte is appended after close has returned.
    LateWrite,
    /// A temporary file lies beside it.
    StrayFile,
    /// Zeros follow up to the next block of 4,096 bytes.
    DirectTailPadded,
    /// What does not fill the last block of 4,096 bytes is missing.
    DirectTailCut,
    /// What does not fill the last block is written a block too early; the length is right.
    DirectTailMisplaced,
    /// The last 512 bytes of one buffer are zeros.
    ShortWrite,
    /// One buffer's place holds the bytes of the next buffer.
    SlotReuse,
    /// What an older run wrote lies where one extent should.
    StaleExtent,
    /// One page or record batch is zeros.
    MiddleHole,
    /// One bit of the values is another.
    BitFlip,
    /// Data of the second row group, record batch or fragment are looked for in a wrong place.
    MultiBatchOffset,
    /// The first data page of a chunk is said to be where its dictionary is.
    PageOffsetLie,
    /// The largest value that the statistics of one column chunk admit to is the smallest one.
    StatsLie,
    /// The smallest value that they admit to is the largest one.
    StatsMinLie,
    /// They count one null more than there is.
    StatsNullCountLie,
    /// A column with nulls is said to have none.
    RequiredWithNulls,
}

const COLUMNAR: &[Over] = &[Over::Parquet, Over::Arrow, Over::Lance];
const ALL: &[Over] = &[Over::Parquet, Over::Arrow, Over::Lance, Over::Raw];

impl FileFault {
    /// Formats that have what it damages.
    pub fn formats(self) -> &'static [Over] {
        match self {
            Self::NoManifest => &[Over::Lance],
            Self::PageOffsetLie | Self::StatsLie | Self::StatsMinLie | Self::StatsNullCountLie => &[Over::Parquet],
            Self::StaleExtent => &[Over::Raw],
            Self::LateWrite
            | Self::StrayFile
            | Self::DirectTailPadded
            | Self::DirectTailCut
            | Self::DirectTailMisplaced
            | Self::ShortWrite
            | Self::SlotReuse
            | Self::MiddleHole
            | Self::BitFlip => ALL,
            _ => COLUMNAR,
        }
    }

    /// What a file must have for it, said when it has not.
    pub fn missing(self) -> &'static str {
        match self {
            Self::EmptyValid => "the file has no row group, record batch or fragment",
            Self::CountLie | Self::CountLieLess => "the file has no row group, record batch or fragment with rows",
            Self::PartialCommit | Self::MultiBatchOffset => {
                "the file has less than two row groups, record batches or fragments"
            }
            Self::NoManifest => "the dataset has no manifest",
            Self::NoFooter => "the file has no footer",
            Self::LateWrite | Self::StrayFile => "there is no file",
            Self::DirectTailPadded | Self::DirectTailCut => "the file ends with a whole block",
            Self::DirectTailMisplaced => "the file has no partial block behind a whole one",
            Self::ShortWrite | Self::SlotReuse | Self::StaleExtent => "the data are too small, or all the same",
            Self::MiddleHole | Self::BitFlip => "the file has no values",
            Self::PageOffsetLie => "no column chunk has a dictionary",
            Self::StatsLie | Self::StatsMinLie => "no column chunk has statistics with two values",
            Self::StatsNullCountLie => "no column chunk has statistics with a count of nulls",
            Self::RequiredWithNulls => "no column has nulls",
        }
    }

    /// Damages the file; false when it has nothing to damage.
    pub fn damage(self, over: Over, target: &Path, given: &Given) -> Result<bool, Error> {
        if self == Self::LateWrite {
            late::append_later(&Places::file(over, target)?, given.late_milliseconds)?;
            return Ok(true);
        }
        if self == Self::StrayFile {
            let stray = target.with_extension("tmp");
            fs::write(&stray, "rows that were to be merged")?;
            return Ok(target.exists() && stray.exists());
        }
        let before = Contents::of(target)?;
        let damaged = self.apply(over, target, given)?;
        let changed = Contents::of(target)? != before;
        contents::settle(target)?;
        Ok(damaged && changed)
    }

    fn apply(self, over: Over, target: &Path, given: &Given) -> Result<bool, Error> {
        match self {
            Self::DirectTailPadded => Ok(blocks::pad(&Places::file(over, target)?)?),
            Self::DirectTailCut => Ok(blocks::cut(&Places::file(over, target)?)?),
            Self::DirectTailMisplaced => Ok(blocks::misplace(&Places::file(over, target)?)?),
            Self::NoFooter => Places::of(over, target)?.end_before_footer(),
            Self::ShortWrite => Places::of(over, target)?.write_short(),
            Self::SlotReuse => Places::of(over, target)?.reuse_slot(),
            Self::MiddleHole => Places::of(over, target)?.make_hole(),
            Self::BitFlip => Places::of(over, target)?.flip_bit(),
            Self::StaleExtent => raw_bytes::leave_stale(target),
            _ => match over {
                Over::Parquet => parquet_footer::damage(self, target).map_err(Error::new),
                Over::Arrow => arrow_footer::damage(self, target),
                Over::Lance if self == Self::MultiBatchOffset => lance_data::move_page_of_second_fragment(target),
                Over::Lance => lance_manifest::damage(self, target, given),
                // No fault of theirs is over raw bytes: `formats` says so.
                Over::Raw => Ok(false),
            },
        }
    }
}

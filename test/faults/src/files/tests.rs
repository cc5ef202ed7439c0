//! Each fault of the finished file, on files of a few thousand rows: what it changes, and what it leaves.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::ipc::reader::FileReader;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;

use super::arrow_file::ArrowBytes;
use super::parquet_footer;
use super::places::Places;
use super::wrong_format::ArrowFile;
use super::{FileFault, Given};
use crate::over::Over;

pub(crate) struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("writeproof-files-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A key that rises, a text of few values, and numbers of which every third is null.
fn batch(first: i64, rows: i64) -> RecordBatch {
    let key: ArrayRef = Arc::new(Int64Array::from_iter_values((first..first + rows).map(|row| row * 1_000_003)));
    let text: ArrayRef =
        Arc::new(StringArray::from_iter_values((first..first + rows).map(|row| format!("text {}", row % 7))));
    let gaps: ArrayRef = Arc::new(Int32Array::from_iter((first..first + rows).map(|row| (row % 3 > 0).then_some(7))));
    RecordBatch::try_from_iter_with_nullable([("key", key, false), ("text", text, false), ("gaps", gaps, true)])
        .unwrap()
}

fn given() -> Vec<RecordBatch> {
    vec![batch(0, 3000), batch(3000, 2000)]
}

fn write(over: Over, path: &Path, batches: &[RecordBatch]) {
    if over == Over::Arrow {
        let mut file = ArrowFile::create(path, "this run", &batches[0].schema()).unwrap();
        batches.iter().for_each(|batch| file.write(batch).unwrap());
        return file.finish().unwrap();
    }
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(3000)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batches[0].schema(), Some(properties)).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
}

/// Batches as far as they can be read.
fn read(over: Over, path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).unwrap();
    if over == Over::Arrow {
        return FileReader::try_new(file, None).unwrap().map_while(Result::ok).collect();
    }
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().with_batch_size(3000).build().unwrap();
    reader.map_while(Result::ok).collect()
}

struct Damaged {
    _directory: Directory,
    path: PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
}

fn damage(fault: FileFault, over: Over) -> Damaged {
    let directory = Directory::new();
    let path = directory.path("target");
    write(over, &path, &given());
    let before = fs::read(&path).unwrap();
    assert!(fault.damage(over, &path, &Given::default()).unwrap(), "{fault:?}");
    let after = fs::read(&path).unwrap();
    Damaged { _directory: directory, path, before, after }
}

impl Damaged {
    /// From the first byte that differs to behind the last, of files of one length.
    fn changed(&self) -> Range<usize> {
        assert_eq!(self.before.len(), self.after.len());
        let differs = |index: &usize| self.before[*index] != self.after[*index];
        let all = 0..self.before.len();
        all.clone().find(differs).unwrap()..all.rev().find(differs).unwrap() + 1
    }

    fn metadata(&self) -> ParquetMetaData {
        parquet_footer::read(&File::open(&self.path).unwrap()).unwrap()
    }
}

fn rows(batches: &[RecordBatch]) -> Vec<usize> {
    batches.iter().map(RecordBatch::num_rows).collect()
}

const BOTH: [Over; 2] = [Over::Parquet, Over::Arrow];

#[test]
fn what_is_not_listed_is_not_read() {
    for over in BOTH {
        let (empty, partial) = (damage(FileFault::EmptyValid, over), damage(FileFault::PartialCommit, over));
        assert_eq!(rows(&read(over, &empty.path)), [0; 0], "{over:?}");
        assert_eq!(rows(&read(over, &partial.path)), [3000], "{over:?}");
        let data = empty.before.len() / 2;
        assert_eq!(empty.before[..data], empty.after[..data], "{over:?}");
    }
}

#[test]
fn counts_are_wrong_by_one_both_ways() {
    let [more, less] = [FileFault::CountLie, FileFault::CountLieLess].map(|fault| damage(fault, Over::Parquet));
    assert_eq!([more, less].map(|file| file.metadata().file_metadata().num_rows()), [5001, 4999]);
    for (fault, byte) in [(FileFault::CountLie, 2001_u16), (FileFault::CountLieLess, 1999)] {
        let file = damage(fault, Over::Arrow);
        let changed = file.changed();
        assert_eq!(file.before[changed.start..changed.start + 2], 2000_u16.to_le_bytes(), "{fault:?}");
        assert_eq!(file.after[changed.start..changed.start + 2], byte.to_le_bytes(), "{fault:?}");
        assert_eq!(changed.len(), 1, "{fault:?}");
    }
}

#[test]
fn without_a_footer_the_file_ends_where_it_began() {
    for over in BOTH {
        let file = damage(FileFault::NoFooter, over);
        assert_eq!(file.before[..file.after.len()], file.after, "{over:?}");
        let footer = &file.before[file.after.len()..];
        let magic: &[u8] = if over == Over::Parquet { b"PAR1" } else { b"ARROW1" };
        let length_place = footer.len() - magic.len() - 4;
        assert_eq!(footer[length_place..length_place + 4], (length_place as u32).to_le_bytes(), "{over:?}");
    }
}

#[test]
fn one_bit_of_the_values_flips() {
    for over in BOTH {
        let file = damage(FileFault::BitFlip, over);
        let place = file.changed();
        assert_eq!(place.len(), 1, "{over:?}");
        assert_eq!((file.before[place.start] ^ file.after[place.start]).count_ones(), 1, "{over:?}");
        let values = Places::of(over, &file.path).unwrap().values;
        assert!(values.iter().any(|range| range.contains(&(place.start as u64))), "{over:?}");
        assert_ne!(read(over, &file.path), given(), "{over:?}");
    }
}

#[test]
fn a_hole_covers_one_unit() {
    for over in BOTH {
        let file = damage(FileFault::MiddleHole, over);
        let unit = {
            let units = Places::of(over, &file.path).unwrap().units;
            let unit = &units[units.len() / 2];
            unit.start as usize..unit.end as usize
        };
        let changed = file.changed();
        assert!(unit.start <= changed.start && changed.end <= unit.end, "{over:?}");
        assert!(file.after[unit].iter().all(|byte| *byte == 0), "{over:?}");
        assert_ne!(read(over, &file.path), given(), "{over:?}");
    }
}

#[test]
fn a_short_write_leaves_a_sector_and_a_reused_slot_holds_its_neighbour() {
    for over in BOTH {
        let short = damage(FileFault::ShortWrite, over);
        let changed = short.changed();
        assert_eq!(changed.start / 512, (changed.end - 1) / 512, "{over:?}");
        assert!(short.after[changed].iter().all(|byte| *byte == 0), "{over:?}");
        let reused = damage(FileFault::SlotReuse, over);
        let changed = reused.changed();
        let sizes = [1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16];
        let buffer = |size: usize| changed.start / size * size..changed.start / size * size + size;
        let held = sizes.map(buffer).into_iter().find(|buffer| {
            let next = buffer.end..buffer.end + buffer.len();
            buffer.end >= changed.end && reused.before.get(next) == reused.after.get(buffer.clone())
        });
        assert!(held.is_some(), "{over:?}: {changed:?}");
    }
}

#[test]
fn the_second_batch_is_looked_for_elsewhere() {
    let file = damage(FileFault::MultiBatchOffset, Over::Parquet);
    assert_eq!(rows(&read(Over::Parquet, &file.path)), [3000]);
    let file = damage(FileFault::MultiBatchOffset, Over::Arrow);
    let (blocks, _) = ArrowBytes::read(&file.path).unwrap().blocks().unwrap();
    assert_eq!([blocks.len(), blocks[0].offset() as usize], [2, blocks[1].offset() as usize]);
    assert_ne!(blocks[0].bodyLength(), blocks[1].bodyLength());
}

#[test]
fn a_page_offset_lies_and_lenient_readers_cope() {
    let file = damage(FileFault::PageOffsetLie, Over::Parquet);
    assert_eq!(read(Over::Parquet, &file.path), given());
    let metadata = file.metadata();
    let chunks = metadata.row_groups().iter().flat_map(|group| group.columns());
    let lying = chunks.filter(|chunk| chunk.dictionary_page_offset() == Some(chunk.data_page_offset())).count();
    assert_eq!(lying, 1);
}

#[test]
fn statistics_lie_about_one_chunk_each() {
    let key = |fault| match damage(fault, Over::Parquet).metadata().row_group(0).column(0).statistics() {
        Some(Statistics::Int64(values)) => {
            [values.min_opt().copied(), values.max_opt().copied(), values.null_count_opt().map(|nulls| nulls as i64)]
        }
        other => panic!("not statistics of int64: {other:?}"),
    };
    let most = 2999 * 1_000_003;
    assert_eq!(key(FileFault::StatsLie), [Some(0), Some(0), Some(0)]);
    assert_eq!(key(FileFault::StatsMinLie), [Some(most), Some(most), Some(0)]);
    assert_eq!(key(FileFault::StatsNullCountLie), [Some(0), Some(most), Some(1)]);
}

#[test]
fn a_column_with_nulls_is_declared_required() {
    let file = damage(FileFault::RequiredWithNulls, Over::Parquet);
    let schema = file.metadata().file_metadata().schema().clone();
    let optional: Vec<_> = schema.get_fields().iter().map(|field| field.is_optional()).collect();
    assert_eq!(optional, [false; 3]);
    let file = damage(FileFault::RequiredWithNulls, Over::Arrow);
    let schema = FileReader::try_new(File::open(&file.path).unwrap(), None).unwrap().schema();
    let nullable: Vec<_> = schema.fields().iter().map(|field| field.is_nullable()).collect();
    assert_eq!(nullable, [false; 3]);
}

#[test]
fn what_a_file_has_not_is_not_damaged() {
    let one_row = vec![batch(1, 1)];
    let faults = [
        FileFault::PartialCommit,
        FileFault::MultiBatchOffset,
        FileFault::ShortWrite,
        FileFault::SlotReuse,
        FileFault::RequiredWithNulls,
    ];
    for (over, fault) in BOTH.into_iter().flat_map(|over| faults.map(|fault| (over, fault))) {
        let directory = Directory::new();
        let path = directory.path("target");
        write(over, &path, &one_row);
        assert!(!fault.damage(over, &path, &Given::default()).unwrap(), "{fault:?} over {over:?}");
    }
}

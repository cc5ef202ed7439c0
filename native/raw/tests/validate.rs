//! What `read_and_validate` says of files that are right, and of each way to be wrong.

mod common;

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use common::{Directory, bytes, options, read_options, settings, validated};
use writeproof_raw::{
    Cold, Control, Kind, Ratio, RawError, ReadOptions, Settings, Validation, WriteOptions, read_and_validate,
    write_file,
};

const SIZE: u64 = 1_000_003;
const UNSAID: ReadOptions = ReadOptions {
    size: None,
    seed: None,
    dedup_ratio: None,
    compress_ratio: None,
    direct: true,
    buffer_size: 65_536,
    threads: 2,
    most_extents: 8,
};

fn written(directory: &Directory, settings: Settings) -> PathBuf {
    let path = directory.file("file");
    let options = WriteOptions { settings, overwrite: true, ..options(0) };
    write_file(&path, &options, &Control::default()).expect("the disk takes it");
    path
}

fn damage(path: &PathBuf, offset: u64, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).expect("it is there");
    file.write_all_at(bytes, offset).expect("the disk takes it");
}

#[test]
fn a_right_file_is_right_with_and_without_being_told_what_it_holds() {
    let directory = Directory::new("right");
    let ratio = |ratio| Ratio::of(ratio).expect("a ratio");
    for size in [1, 4096, 65_536, SIZE] {
        for (dedup, compress) in [(1.0, 1.0), (3.0, 2.5)] {
            let settings = Settings { dedup_ratio: ratio(dedup), compress_ratio: ratio(compress), ..settings(size) };
            let path = written(&directory, settings);
            let told = validated(&path, &read_options(settings));
            assert!(told.is_right() && !told.by_its_own_word, "{told:?}");
            assert_eq!((told.size, told.compared, told.bad_blocks), (size, size, 0));
            // Of fewer bytes than a stamp has, nobody can say what they are.
            if size > 40 {
                let found = validated(&path, &UNSAID);
                assert!(found.is_right() && found.by_its_own_word, "{found:?}");
                assert_eq!(found.expected, settings);
            }
        }
    }
}

#[test]
fn bytes_come_from_the_disk_and_it_is_said_how() {
    let directory = Directory::new("cold");
    let path = written(&directory, settings(SIZE));
    let plain = validated(&path, &ReadOptions { direct: false, ..UNSAID });
    assert!(plain.is_right());
    assert_ne!(plain.cold, Cold::Direct);
    let direct = validated(&path, &UNSAID);
    assert_eq!(direct.cold == Cold::Direct, direct.note.is_none(), "{direct:?}");
    assert_eq!(direct.cold == Cold::Direct, writeproof_sink::probe(directory.path()).direct);
}

#[test]
fn one_flipped_bit_is_found_where_it_is() {
    let directory = Directory::new("bit");
    let path = written(&directory, settings(SIZE));
    let right = bytes(settings(SIZE));
    for offset in [0, 39, 40, 4095, 500_000, SIZE - 1] {
        let byte = right[offset as usize];
        damage(&path, offset, &[byte ^ 4]);
        for options in [&read_options(settings(SIZE)), &UNSAID] {
            let found = validated(&path, options);
            assert!(!found.is_right());
            assert_eq!((found.bad_blocks, found.extents.len()), (1, 1));
            let [extent] = &found.extents[..] else { panic!("one extent") };
            assert_eq!((extent.offset, extent.kind), (offset / 4096 * 4096, Kind::Bits { flipped: 1 }));
            let first = extent.first;
            assert_eq!((first.offset, first.expected, first.actual), (offset, byte, byte ^ 4));
            assert_ne!(extent.expected, extent.actual);
        }
        damage(&path, offset, &[byte]);
    }
    assert!(validated(&path, &UNSAID).is_right());
}

#[test]
fn truncated_and_grown_are_told_apart() {
    let directory = Directory::new("length");
    let path = written(&directory, settings(SIZE));
    let file = OpenOptions::new().write(true).open(&path).expect("it is there");
    for (length, compared) in [(SIZE - 1, SIZE - 1), (500_000, 500_000), (SIZE + 1, SIZE), (2 * SIZE, SIZE)] {
        file.set_len(length).expect("the disk takes it");
        let found = validated(&path, &UNSAID);
        assert!(!found.is_right());
        assert_eq!((found.size, found.expected.size, found.compared), (length, SIZE, compared));
        // What is left of the blocks is right where nothing was cut off.
        assert_eq!(found.bad_blocks, 0, "{length}");
        file.set_len(SIZE).expect("the disk takes it");
        damage(&path, 0, &bytes(settings(SIZE)));
    }
}

#[test]
fn an_extent_of_an_older_run_is_known_for_one() {
    let directory = Directory::new("stale");
    let path = written(&directory, settings(SIZE));
    let older = Settings { seed: 10, ..settings(SIZE) };
    let stale = 81_920..163_840;
    damage(&path, stale.start as u64, &bytes(older)[stale.clone()]);
    let found = validated(&path, &UNSAID);
    assert_eq!(found.expected, settings(SIZE));
    let [extent] = &found.extents[..] else { panic!("one extent: {found:?}") };
    assert_eq!((extent.offset, extent.bytes), (stale.start as u64, stale.len() as u64));
    assert_eq!(extent.kind, Kind::OtherRun { settings: older, position: stale.start as u64 });
}

#[test]
fn the_first_bad_extents_are_named_and_all_are_counted() {
    let directory = Directory::new("many");
    let path = written(&directory, settings(SIZE));
    for block in (0..200).step_by(10) {
        damage(&path, block * 4096 + 100, &[0; 200]);
    }
    let found = validated(&path, &ReadOptions { most_extents: 3, ..UNSAID });
    assert_eq!((found.bad_blocks, found.bad_extents), (20, 20));
    assert_eq!(found.extents.iter().map(|extent| extent.offset).collect::<Vec<_>>(), [0, 40_960, 81_920]);
}

#[test]
fn what_is_not_there_or_says_nothing_is_named() {
    let directory = Directory::new("unknown");
    let fails = |path: &PathBuf, options: &ReadOptions| {
        read_and_validate(path, options, &Control::default()).expect_err("it cannot be validated").to_string()
    };
    assert!(fails(&directory.file("missing"), &UNSAID).contains("missing: open failed"));
    assert!(fails(&directory.path().to_owned(), &UNSAID).contains("is no ordinary file"));
    let path = directory.file("text");
    fs::write(&path, "words ".repeat(10_000)).expect("a new file");
    assert!(fails(&path, &UNSAID).contains("does not say what it should hold"));
    let told = validated(&path, &read_options(settings(60_000)));
    assert!(!told.is_right() && told.bad_blocks == 15, "{told:?}");
    assert!(fails(&path, &ReadOptions { buffer_size: 100, ..UNSAID }).contains("multiple of 4096"));
    assert!(fails(&path, &ReadOptions { threads: 0, ..UNSAID }).contains("at least 1"));
}

/// Reads a file of 64 MiB so slowly that `meanwhile` comes in between, with one thread and small reads.
fn read_while(name: &str, meanwhile: impl FnOnce(&Path, &Control)) -> Result<Validation, RawError> {
    let directory = Directory::new(name);
    let path = written(&directory, settings(64 << 20));
    let control = Control::default();
    let options = ReadOptions { threads: 1, buffer_size: 4096, ..read_options(settings(64 << 20)) };
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| read_and_validate(&path, &options, &control));
        while control.bytes() == 0 && !reading.is_finished() {
            std::hint::spin_loop();
        }
        meanwhile(&path, &control);
        reading.join().expect("no panic")
    })
}

fn set_length(path: &Path, bytes: u64) {
    OpenOptions::new().write(true).open(path).expect("it is there").set_len(bytes).expect("another length");
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_named() {
    let error = read_while("shrinks", |path, _| set_length(path, 1 << 20)).expect_err("it changed");
    assert!(matches!(error, RawError::Changed(_)), "{error}");
    assert!(
        error.to_string().contains("changed while it was read: 67108864 bytes before, it ended at byte"),
        "{error}"
    );
}

#[test]
fn a_file_that_grows_while_it_is_read_is_named() {
    let error = read_while("grows", |path, _| set_length(path, 65 << 20)).expect_err("it changed");
    assert!(matches!(error, RawError::Changed(_)), "{error}");
    assert!(error.to_string().contains("67108864 bytes before, 68157440 bytes after"), "{error}");
}

#[test]
fn reading_ends_when_it_is_told_to() {
    let error = read_while("stopped", |_, control| control.stop()).expect_err("it was stopped");
    assert!(matches!(error, RawError::Stopped(_)), "{error}");
}

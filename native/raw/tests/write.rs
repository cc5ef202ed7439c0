//! What `write_file` leaves: the exact bytes under the final name, or nothing.

mod common;

use std::collections::HashSet;
use std::fs;
use std::thread;
use std::time::Duration;

use common::{Directory, bytes, options, settings, ways};
use writeproof_raw::{Control, Ratio, RawError, Settings, WriteOptions, write_file, write_file_with_fault};
use writeproof_sink::{Effect, Fault, Mode, Rule};

const BUFFER: u64 = 16_384;

fn refused(options: &WriteOptions, path: &std::path::Path) -> String {
    write_file(path, options, &Control::default()).expect_err("it is refused").to_string()
}

#[test]
fn every_size_comes_out_exactly_whatever_the_way() {
    let directory = Directory::new("sizes");
    let mut checked = 0;
    for size in [1, 511, 4095, 4096, 4097, BUFFER, BUFFER + 1, 3 * BUFFER, 4 * BUFFER - 1, 1_000_003] {
        for (mode, options) in ways(&directory, size) {
            for (threads, preallocate) in [(1, false), (2, true), (5, false)] {
                let path = directory.file("out");
                let options = WriteOptions { threads, preallocate, ..options.clone() };
                let control = Control::default();
                let written = write_file(&path, &options, &control).expect("the disk takes it");
                assert!(fs::read(&path).expect("it is there") == bytes(settings(size)), "{mode:?} {size} {threads}");
                assert_eq!((written.bytes, written.mode, control.bytes()), (size, mode, size));
                assert!(written.durable_ns >= written.return_ns && written.return_ns > 0);
                assert_eq!(directory.entries(), ["out"]);
                fs::remove_file(&path).expect("removable");
                checked += 1;
            }
        }
    }
    assert!(checked >= 30, "{checked}");
}

#[test]
fn ratios_reach_the_file() {
    let directory = Directory::new("ratios");
    let ratio = |ratio| Ratio::of(ratio).expect("a ratio");
    let settings = Settings { dedup_ratio: ratio(4.0), compress_ratio: ratio(2.0), ..settings(8 << 20) };
    let path = directory.file("out");
    write_file(&path, &WriteOptions { settings, ..options(0) }, &Control::default()).expect("the disk takes it");
    let found = fs::read(&path).expect("it is there");
    assert!(found == bytes(settings));
    let different: HashSet<_> = found.chunks(4096).collect();
    assert_eq!((found.len() / 4096, different.len()), (2048, 512));
    let packed = zstd::bulk::compress(&found[..1 << 20], 3).expect("memory for it");
    assert!((packed.len() as f64 * 2.0 / (1 << 20) as f64 - 1.0).abs() < 0.05, "{}", packed.len());
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence_and_leaves_nothing() {
    let directory = Directory::new("refused");
    let path = directory.file("out");
    let usual = options(100_000);
    let empty = WriteOptions { settings: settings(0), ..usual.clone() };
    assert!(refused(&empty, &path).contains("size must be at least 1 byte, not 0"));
    let uneven = WriteOptions { buffer_size: 5000, ..usual.clone() };
    assert!(refused(&uneven, &path).contains("multiple of 4096 bytes, not 5000"));
    let none = WriteOptions { threads: 0, ..usual.clone() };
    assert!(refused(&none, &path).contains("at least 1, not 3 and 0"));
    let vast = WriteOptions { buffer_size: 1 << 30, buffer_count: 1 << 20, ..usual.clone() };
    assert!(refused(&vast, &path).contains("bytes of memory, and"));
    assert!(refused(&usual, directory.path()).contains("is a directory"));
    assert!(refused(&usual, &directory.file("no/where")).contains("is no directory that exists"));
    assert_eq!(directory.entries(), Vec::<String>::new());
    let rounded = WriteOptions { round_buffer: true, ..uneven };
    let written = write_file(&path, &rounded, &Control::default()).expect("it was told to round");
    assert_eq!(written.buffer_bytes, 8192);
}

#[test]
fn a_file_that_exists_is_replaced_only_where_asked_and_only_by_a_whole_one() {
    let directory = Directory::new("exists");
    let path = directory.file("out");
    fs::write(&path, "older").expect("a new file");
    assert!(refused(&options(100_000), &path).contains("exists; choose another path"));
    let overwrite = WriteOptions { overwrite: true, ..options(100_000) };
    let full = Rule { offset: 50_000, effect: Effect::Errno(libc::ENOSPC), times: 1 };
    let fault = Fault { rules: vec![full], ..Fault::default() };
    write_file_with_fault(&path, &overwrite, &Control::default(), fault).expect_err("the disk is full");
    assert_eq!(fs::read(&path).expect("still there"), b"older");
    write_file(&path, &overwrite, &Control::default()).expect("the disk takes it");
    assert!(fs::read(&path).expect("it is there") == bytes(settings(100_000)));
    assert_eq!(directory.entries(), ["out"]);
}

#[test]
fn a_disk_that_fills_up_is_named_with_its_offset_and_leaves_nothing() {
    let directory = Directory::new("full");
    let path = directory.file("out");
    let mut tried = 0;
    for (mode, options) in ways(&directory, 200_000) {
        let full = Rule { offset: 5 * BUFFER, effect: Effect::Errno(libc::ENOSPC), times: 1 };
        let fault = Fault { rules: vec![full], ..Fault::default() };
        let error = write_file_with_fault(&path, &options, &Control::default(), fault).expect_err("the disk is full");
        let message = error.to_string();
        assert_eq!(error.errno(), Some(libc::ENOSPC), "{mode:?}");
        assert!(message.contains("failed at byte 81920") && message.contains("/out: "), "{mode:?}: {message}");
        assert_eq!(directory.entries(), Vec::<String>::new(), "{mode:?}");
        tried += 1;
    }
    assert!(tried > 0);
}

#[test]
fn what_was_written_before_a_failure_is_kept_where_asked() {
    let directory = Directory::new("kept");
    let path = directory.file("out");
    for (mode, options) in ways(&directory, 200_000) {
        let options = WriteOptions { keep_partial: true, overwrite: true, ..options };
        let full = Rule { offset: 5 * BUFFER, effect: Effect::Errno(libc::ENOSPC), times: 1 };
        let fault = Fault { rules: vec![full], ..Fault::default() };
        let error = write_file_with_fault(&path, &options, &Control::default(), fault).expect_err("the disk is full");
        assert!(error.to_string().contains("its first 81920 bytes are kept"), "{mode:?}: {error}");
        let found = fs::read(&path).expect("it is kept");
        assert!(found == bytes(settings(200_000))[..81_920], "{mode:?}: {}", found.len());
    }
}

#[test]
fn short_writes_are_continued() {
    let directory = Directory::new("short");
    for (mode, options) in ways(&directory, 200_000) {
        let path = directory.file(&format!("{mode:?}"));
        let rules = [(0, 4096), (BUFFER, 1), (3 * BUFFER, 12_288)].map(|(offset, bytes)| Rule {
            offset,
            effect: Effect::Short(bytes),
            times: 1,
        });
        let fault = Fault { rules: rules.to_vec(), ..Fault::default() };
        let written = write_file_with_fault(&path, &options, &Control::default(), fault).expect("all is written");
        assert_eq!(written.short_writes, 3, "{mode:?}");
        assert!(fs::read(&path).expect("it is there") == bytes(settings(200_000)), "{mode:?}");
    }
}

#[test]
fn a_ring_that_is_refused_is_replaced_by_pwrite_and_said() {
    let directory = Directory::new("fallback");
    for (mode, options) in ways(&directory, 100_000).into_iter().filter(|(mode, _)| *mode == Mode::DirectIoUring) {
        let fault = Fault { ring_errno: Some(libc::EPERM), ..Fault::default() };
        let path = directory.file("out");
        let written = write_file_with_fault(&path, &options, &Control::default(), fault).expect("pwrite is left");
        assert_eq!(written.mode, Mode::DirectPwrite, "{mode:?}");
        assert!(written.notes.iter().any(|note| note.starts_with("written with pwrite: io_uring is not to be had")));
        assert!(fs::read(&path).expect("it is there") == bytes(settings(100_000)));
    }
}

#[test]
fn stopped_it_ends_and_leaves_nothing_or_what_is_whole() {
    let directory = Directory::new("stopped");
    for keep_partial in [false, true] {
        let path = directory.file(&format!("kept-{keep_partial}"));
        // More than is written while the caller makes up his mind.
        let options = WriteOptions { keep_partial, ..options(1 << 40) };
        let control = Control::default();
        let error = thread::scope(|scope| {
            let writing = scope.spawn(|| write_file(&path, &options, &control));
            while control.bytes() < 1 << 20 {
                thread::sleep(Duration::from_millis(1));
            }
            control.stop();
            writing.join().expect("no panic").expect_err("it was stopped")
        });
        assert!(matches!(error, RawError::Stopped(_)), "{error}");
        assert_eq!(path.exists(), keep_partial);
        if keep_partial {
            let found = fs::read(&path).expect("it is kept");
            assert!(found.len() >= 1 << 20, "{}", found.len());
            let mut expected = vec![0; found.len()];
            writeproof_raw::Content::new(settings(1 << 40)).fill(0, &mut expected);
            assert!(found == expected);
            fs::remove_file(&path).expect("removable");
        }
    }
    assert_eq!(directory.entries(), Vec::<String>::new());
}

//! Short writes go on, errors carry errno and offset, and no partial file stays.

mod common;

use std::fs;
use std::io::{self, Write};

use common::{Directory, first_difference, pattern, ways};
use writeproof_sink::{Effect, Fault, Io, Mode, Options, Queue, Report, Rule, Sink, SinkError};

const BUFFER: usize = 16_384;
const LENGTH: usize = 10 * BUFFER + 100;

fn rule(offset: u64, effect: Effect, times: u32) -> Fault {
    Fault { rules: vec![Rule { offset, effect, times }], ..Fault::default() }
}

/// Writes the pattern in calls of 1,000 bytes; the file's content with the report, or the failure.
fn attempt(directory: &Directory, options: &Options, fault: Fault) -> Result<(Report, Vec<u8>), SinkError> {
    let path = directory.file("attempt");
    let mut sink = Sink::create_with_fault(&path, options, fault)?;
    for part in pattern(LENGTH).chunks(1000) {
        if let Err(error) = sink.write_all(part) {
            let position = sink.position();
            let again = sink.write(part).expect_err("a failed sink stays failed");
            assert_eq!(sink.position(), position);
            assert_eq!(again.to_string(), error.to_string());
            let failure = SinkError::find(&error).expect("the sink's own error is inside");
            assert_eq!(sink.finish().expect_err("a failed sink cannot end").errno(), failure.errno());
            let SinkError { path, operation, offset, source } = failure;
            let source = source.raw_os_error().map_or_else(|| source.kind().into(), io::Error::from_raw_os_error);
            return Err(SinkError { path: path.clone(), operation, offset: *offset, source });
        }
    }
    let report = sink.finish()?;
    let found = fs::read(&path).expect("the file is there");
    fs::remove_file(&path).expect("the file can be removed");
    Ok((report, found))
}

#[test]
fn short_writes_are_continued() {
    let directory = Directory::new("short");
    let mut checked = 0;
    for (mode, options) in ways(&directory) {
        for bytes in [0, 1, 511, 4096, 4097, 10_000, BUFFER - 1] {
            for offset in [0, 5 * BUFFER as u64, 10 * BUFFER as u64 + 50] {
                let (report, found) =
                    attempt(&directory, &options, rule(offset, Effect::Short(bytes), 1)).expect("it is continued");
                assert_eq!(first_difference(&found, LENGTH), None, "{mode:?}, {bytes} at {offset}");
                // The tail is one block of 4,096 bytes, or 100 bytes through the page cache: most are no short write of it.
                let tail = if mode == Mode::Buffered { 100 } else { 4096 };
                let whole = if offset > 10 * BUFFER as u64 { tail } else { BUFFER };
                assert_eq!(report.short_writes, u64::from(bytes < whole), "{mode:?}, {bytes} at {offset}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, ways(&directory).len() * 21);
}

#[test]
fn one_write_may_end_short_again_and_again() {
    let directory = Directory::new("again");
    for (mode, options) in ways(&directory) {
        // Covers the last byte of the buffer, so each continuation is cut again, until one is a block.
        let fault = rule(BUFFER as u64 - 1, Effect::Short(4096), 3);
        let (report, found) = attempt(&directory, &options, fault).expect("it is continued");
        assert_eq!(first_difference(&found, LENGTH), None, "{mode:?}");
        assert_eq!(report.short_writes, 3, "{mode:?}");
    }
}

#[test]
fn interruptions_are_repeated() {
    let directory = Directory::new("interrupted");
    for (mode, options) in ways(&directory) {
        for errno in [libc::EINTR, libc::EAGAIN] {
            let (report, found) =
                attempt(&directory, &options, rule(BUFFER as u64, Effect::Errno(errno), 5)).expect("it is repeated");
            assert_eq!(first_difference(&found, LENGTH), None, "{mode:?}");
            assert_eq!((report.short_writes, report.operations), (0, 11 + 5), "{mode:?}");
        }
    }
}

#[test]
fn an_error_names_errno_and_offset_and_leaves_no_file() {
    let directory = Directory::new("errors");
    let mut checked = 0;
    for (mode, options) in ways(&directory) {
        let block = if mode == Mode::Buffered { 1 } else { 4096 };
        // First write, inside a later one, the last whole buffer, and the tail that finish writes.
        for offset in [0, 3 * BUFFER as u64 + 5000, 9 * BUFFER as u64, 10 * BUFFER as u64 + 7] {
            for errno in [libc::ENOSPC, libc::EIO] {
                let failure = attempt(&directory, &options, rule(offset, Effect::Errno(errno), u32::MAX))
                    .expect_err("the error is not lost");
                assert_eq!((failure.errno(), failure.offset), (Some(errno), offset - offset % block), "{mode:?}");
                let text = failure.to_string();
                let words = format!("failed at byte {}: {}", failure.offset, io::Error::from_raw_os_error(errno));
                assert!(text.ends_with(&words), "{text}");
                assert!(text.contains("attempt"), "{text}");
                assert_eq!(directory.entries(), Vec::<String>::new());
                checked += 1;
            }
        }
    }
    assert_eq!(checked, ways(&directory).len() * 8);
}

#[test]
fn writes_that_never_move_fail() {
    let directory = Directory::new("stuck");
    for (mode, options) in ways(&directory) {
        let failure = attempt(&directory, &options, rule(0, Effect::Short(0), u32::MAX)).expect_err("it gives up");
        assert_eq!((failure.source.kind(), failure.offset), (io::ErrorKind::WriteZero, 0), "{mode:?}");
    }
}

#[test]
fn the_first_failing_completion_counts_and_the_rest_is_drained() {
    let directory = Directory::new("drained");
    for (mode, options) in ways(&directory) {
        let rules = [(2, libc::ENOSPC), (3, libc::EIO), (4, libc::EROFS)].map(|(buffer, errno)| Rule {
            offset: buffer * BUFFER as u64,
            effect: Effect::Errno(errno),
            times: u32::MAX,
        });
        let options = Options { buffers: 8, ..options };
        let fault = Fault { rules: rules.to_vec(), ..Fault::default() };
        let failure = attempt(&directory, &options, fault).expect_err("the error is not lost");
        assert_eq!((failure.errno(), failure.offset), (Some(libc::ENOSPC), 2 * BUFFER as u64), "{mode:?}");
        assert_eq!(directory.entries(), Vec::<String>::new());
    }
}

#[test]
fn what_is_in_flight_when_the_ring_fails_is_not_kept() {
    let directory = Directory::new("ring-failed");
    for (mode, options) in ways(&directory) {
        let fault = Fault { completion_errno: Some(libc::EIO), ..Fault::default() };
        let path = directory.file("kept");
        let mut sink = Sink::create_with_fault(&path, &options, fault).expect("the sink opens");
        sink.write_all(&pattern(2 * BUFFER)).expect("two buffers are handed on");
        let kept = sink.keep().expect("the file is cut");
        assert_eq!(kept, if mode == Mode::DirectIoUring { 0 } else { 2 * BUFFER as u64 }, "{mode:?}");
        fs::remove_file(&path).expect("the file can be removed");
    }
}

#[test]
fn a_sink_that_is_given_up_leaves_no_file() {
    let directory = Directory::new("given-up");
    for (mode, options) in ways(&directory) {
        let open = || {
            let mut sink = Sink::create(&directory.file("partial"), &options).expect("the sink opens");
            sink.write_all(&pattern(LENGTH)).expect("the disk takes it");
            assert_eq!(directory.entries(), ["partial"]);
            sink
        };
        open().abort().expect("abort removes the file");
        assert_eq!(directory.entries(), Vec::<String>::new(), "{mode:?}");
        drop(open());
        assert_eq!(directory.entries(), Vec::<String>::new(), "{mode:?}");
        let sink = open();
        fs::remove_file(directory.file("partial")).expect("the file can be removed");
        let failure = sink.abort().expect_err("there is nothing to remove");
        assert_eq!((failure.operation, failure.errno()), ("remove", Some(libc::ENOENT)));
    }
}

#[test]
fn registration_and_rings_that_are_refused_are_noted() {
    let directory = Directory::new("refused");
    for (mode, options) in ways(&directory) {
        if mode != Mode::DirectIoUring {
            continue;
        }
        for errno in [libc::ENOMEM, libc::EPERM] {
            let fault = Fault { registration_errno: Some(errno), ..Fault::default() };
            let (report, found) = attempt(&directory, &options, fault).expect("it goes on without registration");
            assert_eq!(first_difference(&found, LENGTH), None);
            assert_eq!((report.mode, report.registered_buffers), (Mode::DirectIoUring, false));
            let reason = io::Error::from_raw_os_error(errno).to_string();
            assert_eq!(report.notes.len(), 1);
            assert!(report.notes[0].starts_with("io_uring runs with unregistered buffers"), "{report:?}");
            assert!(report.notes[0].contains(&reason), "{report:?}");
        }
        let fault = Fault { ring_errno: Some(libc::EPERM), ..Fault::default() };
        let failure = attempt(&directory, &options, fault.clone()).expect_err("io_uring was asked for by name");
        assert_eq!((failure.operation, failure.errno()), ("set up io_uring", Some(libc::EPERM)));
        assert_eq!(directory.entries(), Vec::<String>::new());
        let options = Options { queue: Queue::Auto, ..options };
        let (report, found) = attempt(&directory, &options, fault).expect("pwrite does it");
        assert_eq!((report.mode, first_difference(&found, LENGTH)), (Mode::DirectPwrite, None));
        assert!(report.notes[0].contains("io_uring is not to be had here"), "{report:?}");
    }
}

#[test]
fn preallocation_is_noted_where_unsupported_and_fails_on_a_full_disk() {
    let directory = Directory::new("preallocation");
    for (mode, options) in ways(&directory) {
        let options = Options { preallocate_bytes: 1 << 20, ..options };
        let fault = |errno| Fault { preallocation_errno: Some(errno), ..Fault::default() };
        let (report, found) = attempt(&directory, &options, fault(libc::EOPNOTSUPP)).expect("it goes on without");
        assert_eq!(first_difference(&found, LENGTH), None, "{mode:?}");
        assert!(report.notes[0].starts_with("1048576 bytes were not preallocated"), "{report:?}");
        let failure = attempt(&directory, &options, fault(libc::ENOSPC)).expect_err("the disk is full");
        assert_eq!((failure.operation, failure.errno()), ("preallocate", Some(libc::ENOSPC)));
        assert_eq!(directory.entries(), Vec::<String>::new());
    }
}

#[test]
fn a_file_that_exists_is_left_alone() {
    let directory = Directory::new("exists");
    let path = directory.file("older");
    fs::write(&path, "older").expect("the directory is writable");
    for (mode, options) in ways(&directory) {
        let failure = Sink::create(&path, &options).expect_err("it exists");
        assert_eq!((failure.operation, failure.errno()), ("create", Some(libc::EEXIST)), "{mode:?}");
        assert_eq!(fs::read_to_string(&path).expect("it is still there"), "older");
    }
}

#[test]
fn options_that_cannot_be_are_refused_before_anything_is_made() {
    let directory = Directory::new("options");
    let refused = |options: Options| {
        let failure = Sink::create(&directory.file("never"), &options).expect_err("it is refused");
        assert_eq!(directory.entries(), Vec::<String>::new());
        failure.source.to_string()
    };
    let direct = Options { io: Io::Direct, ..Options::default() };
    assert_eq!(refused(Options { buffer_bytes: 0, ..direct.clone() }), "buffer_bytes must be 1 to 1073741824, not 0");
    assert_eq!(refused(Options { buffers: 5000, ..direct }), "buffers must be 1 to 4096, not 5000");
}

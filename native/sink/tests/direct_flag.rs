//! Direct is direct: the flag is on the open descriptor, little of the file is in the page cache, and a file system without it is refused.

mod common;

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use common::{Directory, pattern, ways};
use writeproof_sink::{Io, Mode, Options, Queue, Sink, probe};

/// Flags of this process' open descriptor of a file, by inode.
fn open_flags(path: &Path) -> i32 {
    let inode = fs::metadata(path).expect("the file is there").ino();
    let descriptors = fs::read_dir("/proc/self/fd").expect("/proc is mounted");
    let flags: Vec<_> = descriptors
        .map(|entry| entry.expect("it can be read"))
        .filter(|entry| fs::metadata(entry.path()).is_ok_and(|target| target.ino() == inode))
        .filter_map(|entry| fs::read_to_string(Path::new("/proc/self/fdinfo").join(entry.file_name())).ok())
        .filter_map(|text| Some(text.lines().find_map(|line| line.strip_prefix("flags:"))?.trim().to_owned()))
        .collect();
    assert_eq!(flags.len(), 1, "{} is open once", path.display());
    i32::from_str_radix(&flags[0], 8).expect("flags are octal")
}

#[test]
fn the_descriptor_has_the_flag_exactly_when_direct() {
    let directory = Directory::new("flag");
    for (mode, options) in ways(&directory) {
        let path = directory.file("flag");
        let mut sink = Sink::create(&path, &options).expect("the sink opens");
        for _ in 0..5 {
            sink.write_all(&pattern(100_000)).expect("the disk takes it");
            assert_eq!(open_flags(&path) & libc::O_DIRECT != 0, mode != Mode::Buffered, "{mode:?}");
        }
        sink.abort().expect("abort removes the file");
    }
}

#[test]
fn a_file_system_that_takes_the_flag_and_ignores_it_is_refused() {
    // Where it is no tmpfs, nothing here can show this; the assertion names it.
    let shared = Path::new("/dev/shm");
    let found = probe(shared);
    assert_eq!(found.file_system, "tmpfs");
    let reason = found.direct_reason.expect("tmpfs has no direct I/O");
    assert!(reason.starts_with("no direct I/O on this file system (tmpfs): "), "{reason}");
    let path = shared.join(format!("writeproof-sink-{}", std::process::id()));
    for queue in [Queue::Auto, Queue::IoUring, Queue::Pwrite] {
        let options = Options { io: Io::Direct, queue, ..Options::default() };
        let failure = Sink::create(&path, &options).expect_err("tmpfs has no direct I/O");
        assert_eq!((failure.source.kind(), failure.offset), (ErrorKind::Unsupported, 0));
        assert!(!path.exists());
    }
    let sink = Sink::create(&path, &Options::default()).expect("buffered works there");
    sink.abort().expect("abort removes the file");
}

#[test]
fn the_probe_says_what_the_sink_does_and_leaves_nothing() {
    let directory = Directory::new("probe");
    let found = probe(directory.path());
    assert_eq!(directory.entries(), Vec::<String>::new());
    let has = |mode| ways(&directory).iter().any(|(way, _)| *way == mode);
    assert_eq!(found.direct, has(Mode::DirectPwrite));
    assert_eq!(found.direct, found.direct_reason.is_none());
    assert_eq!(found.io_uring, found.io_uring_reason.is_none());
    assert_eq!(found.io_uring && found.direct, has(Mode::DirectIoUring));
    let alignment = found.alignment.expect("a file could be made");
    assert_eq!(found.direct, alignment.offset_bytes > 0);
    let json = serde_json::to_value(&found).expect("it is plain data");
    assert_eq!(json["alignment"]["offsetBytes"], alignment.offset_bytes);
    assert_eq!(json["memoryLockLimitBytes"].as_u64(), found.memory_lock_limit_bytes);

    let nowhere = probe(&directory.file("nowhere"));
    assert!(!nowhere.direct);
    assert_eq!(nowhere.alignment, None);
    assert!(nowhere.direct_reason.is_some_and(|reason| reason.contains("No such file")));
}

#[test]
fn the_report_is_json_with_the_names_of_the_modes() {
    let directory = Directory::new("report");
    for (mode, options) in ways(&directory) {
        let mut sink = Sink::create(&directory.file("report"), &options).expect("the sink opens");
        sink.write_all(&pattern(5)).expect("the disk takes it");
        let report = sink.finish().expect("the sink ends");
        let json = serde_json::to_value(&report).expect("it is plain data");
        assert_eq!((json["bytes"].as_u64(), json["mode"].as_str()), (Some(5), Some(mode.as_str())));
        assert_eq!(json["writeNs"].as_u64(), Some(report.write_ns));
        assert!(report.write_ns > 0);
        fs::remove_file(directory.file("report")).expect("the file can be removed");
    }
}

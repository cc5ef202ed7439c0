//! What was written is what stands in the file, to the byte, whatever the length and however the calls cut it.

mod common;

use std::fs;
use std::io::Write;

use common::{Directory, first_difference, pattern, ways};
use writeproof_sink::{Mode, Options, Report, Sink};

const BUFFER: usize = 16_384;

fn write(directory: &Directory, options: &Options, content: &[u8], call_bytes: usize) -> (Report, Vec<u8>) {
    let path = directory.file("content");
    let mut sink = Sink::create(&path, options).expect("the sink opens");
    for part in content.chunks(call_bytes) {
        sink.write_all(part).expect("the disk takes it");
    }
    assert_eq!(sink.position(), content.len() as u64);
    let report = sink.finish().expect("the sink ends");
    let found = fs::read(&path).expect("the file is there");
    fs::remove_file(&path).expect("the file can be removed");
    (report, found)
}

#[test]
fn every_length_comes_back_exactly() {
    let directory = Directory::new("lengths");
    let around = |bytes: usize| [bytes - 1, bytes, bytes + 1];
    let mut lengths = vec![0, 1, 511, 512, 513, 100_000, 1_000_003];
    for bytes in [4096, 8192, BUFFER, 2 * BUFFER, 3 * BUFFER, 4 * BUFFER, 7 * BUFFER] {
        lengths.extend(around(bytes));
    }
    let mut checked = 0;
    for (mode, options) in ways(&directory) {
        for &length in &lengths {
            for call_bytes in [977, BUFFER, 5 * BUFFER + 13] {
                let (report, found) = write(&directory, &options, &pattern(length), call_bytes);
                let place = first_difference(&found, length);
                assert_eq!((found.len(), place), (length, None), "{mode:?}, {length} bytes by {call_bytes}");
                assert_eq!((report.bytes, report.mode, report.short_writes), (length as u64, mode, 0));
                checked += 1;
            }
        }
    }
    assert_eq!(checked % (lengths.len() * 3), 0);
    assert!(checked >= lengths.len() * 3);
}

#[test]
fn many_buffers_in_flight_do_not_mix() {
    let directory = Directory::new("many");
    let length = 24_000_001;
    let content = pattern(length);
    for (mode, options) in ways(&directory) {
        let options = Options { buffer_bytes: 4096, buffers: 16, ..options };
        let (report, found) = write(&directory, &options, &content, 60_000);
        assert_eq!(first_difference(&found, length), None, "{mode:?}");
        // Buffered writes larger than a buffer go without it: one operation for each of these calls.
        let operations = if mode == Mode::Buffered { 24_000_001_u64.div_ceil(60_000) } else { 5860 };
        assert_eq!(report.operations, operations, "{mode:?}");
    }
}

#[test]
fn preallocated_space_beyond_the_content_is_given_back() {
    let directory = Directory::new("preallocated");
    for (mode, options) in ways(&directory) {
        for reserved in [10, 50_000, 5_000_000] {
            let options = Options { preallocate_bytes: reserved, ..options.clone() };
            let (report, found) = write(&directory, &options, &pattern(70_001), 10_000);
            assert_eq!((found.len(), first_difference(&found, 70_001)), (70_001, None), "{mode:?}, {reserved}");
            assert_eq!(report.notes.iter().filter(|note| !note.contains("unregistered")).count(), 0, "{report:?}");
        }
    }
}

#[test]
fn buffers_are_rounded_up_to_whole_blocks() {
    let directory = Directory::new("rounded");
    for (mode, options) in ways(&directory) {
        let options = Options { buffer_bytes: 5000, ..options };
        let (report, found) = write(&directory, &options, &pattern(100_000), 100);
        assert_eq!(first_difference(&found, 100_000), None, "{mode:?}");
        let operations = if mode == Mode::Buffered { 20 } else { 13 };
        assert_eq!(report.operations, operations, "{mode:?}");
    }
}

#[test]
fn flush_hands_on_what_the_page_cache_can_take() {
    let directory = Directory::new("flush");
    for (mode, options) in ways(&directory) {
        let path = directory.file("flushed");
        let mut sink = Sink::create(&path, &options).expect("the sink opens");
        sink.write_all(&pattern(100)).expect("the disk takes it");
        sink.flush().expect("flush succeeds");
        let length = fs::metadata(&path).expect("the file is there").len();
        assert_eq!(length, if mode == Mode::Buffered { 100 } else { 0 }, "{mode:?}");
        sink.write_all(&pattern(5100)[100..]).expect("the disk takes it");
        sink.finish().expect("the sink ends");
        let found = fs::read(&path).expect("the file is there");
        assert_eq!(first_difference(&found, 5100), None, "{mode:?}");
        fs::remove_file(&path).expect("the file can be removed");
    }
}

#[test]
fn a_sink_moves_between_threads_that_end() {
    let directory = Directory::new("threads");
    let content = pattern(10 * BUFFER);
    for (mode, options) in ways(&directory) {
        let path = directory.file("moved");
        let mut sink = Sink::create(&path, &options).expect("the sink opens");
        for part in content.chunks(BUFFER + 1) {
            let part = part.to_vec();
            let thread = std::thread::spawn(move || {
                sink.write_all(&part).expect("the disk takes it");
                sink
            });
            sink = thread.join().expect("the thread ends");
        }
        sink.finish().expect("the sink ends");
        let found = fs::read(&path).expect("the file is there");
        assert_eq!(first_difference(&found, content.len()), None, "{mode:?}");
        fs::remove_file(&path).expect("the file can be removed");
    }
}

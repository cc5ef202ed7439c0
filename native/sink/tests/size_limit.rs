//! The kernel's own short write and error, without a fault of ours: RLIMIT_FSIZE cuts the write that crosses it, and refuses the next.
//!
//! One test, because the limit is the whole process'.

mod common;

use std::io::Write;

use common::{Directory, pattern, ways};
use writeproof_sink::{Options, Sink, SinkError};

const LIMIT: u64 = 10 * 4096;

#[test]
fn a_file_size_limit_is_reported_at_its_offset() {
    let directory = Directory::new("limit");
    let ways = ways(&directory);
    // Without this the kernel ends the process at the limit.
    // SAFETY: ignoring a signal installs no handler.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    let limit = libc::rlimit { rlim_cur: LIMIT, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: `limit` is readable.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) }, 0);
    for (mode, options) in &ways {
        let path = directory.file("limited");
        // The third buffer begins at 8 blocks and crosses the limit at 10.
        let mut sink = Sink::create(&path, &Options { buffers: 8, ..options.clone() }).expect("the sink opens");
        let written = pattern(100_000).chunks(1000).try_for_each(|part| sink.write_all(part));
        let failure = match written {
            Err(error) => {
                let found = SinkError::find(&error).expect("the sink's own error is inside");
                (found.errno(), found.offset)
            }
            Ok(()) => sink.finish().map(drop).map_err(|error| (error.errno(), error.offset)).expect_err("too large"),
        };
        assert_eq!(failure.0, Some(libc::EFBIG), "{mode:?}");
        // Of several in flight, any that lies beyond the limit may be the first to complete.
        assert!((LIMIT..100_000).contains(&failure.1), "{mode:?} at {}", failure.1);
    }
    assert_eq!(directory.entries(), Vec::<String>::new());
    assert!(!ways.is_empty());
}

//! A failing disk, alone in its process: the limit on the size of files is the process's.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use support::{Directory, batch, create, hand, options};
use writeproof_abi::Writer;

#[test]
fn a_failed_write_is_reported_by_a_later_call_with_its_offset_and_everything_is_let_go() {
    let limit = libc::rlimit { rlim_cur: 100_000, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: plain calls; the signal would otherwise end the process.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    let directory = Directory::new();
    for threads in [1, 2] {
        let path = directory.file(&format!("{threads}.parquet"));
        let settings = [("threads", json!(threads)), ("rowGroupRows", json!(1000)), ("bufferBytes", json!(4096))];
        let mut writer = create(&path, &batch(0, 1).schema(), options(&settings)).unwrap();
        let releases = Arc::new(AtomicUsize::new(0));
        let mut handed = 0;
        let written = (0..100).try_for_each(|part| {
            handed += 1;
            hand(&batch(part * 3000, 3000), &releases).write(&mut writer)
        });
        let failed = written.and_then(|()| writer.close().map(|_| ())).unwrap_err().to_string();
        assert!(failed.contains("failed at byte") && failed.contains(&format!("os error {}", libc::EFBIG)), "{failed}");
        assert!(path.exists());
        writer.abort().unwrap();
        assert!(!path.exists());
        drop(writer);
        assert_eq!(releases.load(Ordering::SeqCst), handed, "{threads} threads");
    }
}

//! A failing disk, alone in its process: the limit on the size of files is the process's.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use support::{Directory, batch, create_as, hand, options};
use writeproof_abi::Writer;
use writeproof_columnar::ArrowWriter;

#[test]
fn a_failed_write_is_reported_with_its_offset_and_everything_is_let_go() {
    let limit = libc::rlimit { rlim_cur: 100_000, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: plain calls; the signal would otherwise end the process.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    let directory = Directory::new();
    for compression in ["none", "lz4"] {
        let path = directory.file("full.arrow");
        let settings = options(&[("compression", json!(compression)), ("bufferBytes", json!(4096))]);
        let mut writer: ArrowWriter = create_as(&path, &batch(0, 1).schema(), settings).unwrap();
        let releases = Arc::new(AtomicUsize::new(0));
        let mut handed = 0;
        let failed = (0..100).try_for_each(|part| {
            handed += 1;
            hand(&batch(part * 3000, 3000), &releases).write(&mut writer)
        });
        let failed = failed.unwrap_err().to_string();
        assert!(failed.contains("failed at byte") && failed.contains(&format!("os error {}", libc::EFBIG)), "{failed}");
        assert!(path.exists());
        writer.abort().unwrap();
        assert!(!path.exists());
        drop(writer);
        assert_eq!(releases.load(Ordering::SeqCst), handed, "{compression}");
    }
}

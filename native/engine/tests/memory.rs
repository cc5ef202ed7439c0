//! Resident memory: alone in its process, because the peak that is reset belongs to all of it.

mod support;

use std::hint::black_box;

use support::{Bench, done, number};
use writeproof_engine::peak::Scale;

const MEBIBYTE: usize = 1 << 20;

#[test]
fn what_was_resident_before_or_in_a_parent_is_not_in_the_peak() {
    drop(black_box(vec![1_u8; 300 * MEBIBYTE]));
    let scale = Scale::reset().expect("the peak can be reset");
    drop(black_box(vec![1_u8; 50 * MEBIBYTE]));
    let weight = scale.read().expect("/proc/self/status is readable");
    assert!(!weight.was_reset);
    let rss = weight.rss;
    // The kernel counts pages a thread at a time, so a few are missing from what /proc says.
    let range = 48 * MEBIBYTE as u64..100 * MEBIBYTE as u64;
    assert!(range.contains(&rss.growth_bytes), "{rss:?}");
    assert!(rss.peak_bytes < 150 * MEBIBYTE as u64, "{rss:?}");

    let held = black_box(vec![1_u8; 400 * MEBIBYTE]);
    let bench = Bench::new("parent");
    let report = done(&bench.library_job(&bench.writer(&[]), "stream", ""));
    let rss = &report["measurement"]["rss"];
    assert!(number(&rss["peakBytes"]) < 100 * MEBIBYTE as u64, "{rss}");
    let report = done(&Bench::new("parent-command").shell_job("sleep 0.1; echo x > \"$1\"", "none"));
    let rss = &report["measurement"]["rss"];
    assert!(number(&rss["peakBytes"]) < 100 * MEBIBYTE as u64, "{rss}");
    assert_eq!(held.len(), 400 * MEBIBYTE);
}

//! Alone in its process, because it counts the process's threads.

mod common;

use common::request;
use writeproof_tables::{Request, generated};

fn generating_threads() -> usize {
    let tasks =
        std::fs::read_dir("/proc/self/task").expect("tasks").map(|task| task.expect("task").path().join("comm"));
    tasks.filter(|comm| std::fs::read_to_string(comm).is_ok_and(|name| name.trim() == "generate rows")).count()
}

#[test]
fn a_source_that_is_dropped_early_ends_its_threads() {
    let mut source = generated(&Request { threads: 3, ..request("lineitem", 0.5) }).expect("source");
    // More than two turns of four batches: each thread has had one.
    for _ in 0..12 {
        assert_eq!(source.next().expect("batch").expect("rows").num_rows(), 8_192);
    }
    assert_eq!(generating_threads(), 3);
    drop(source);
    assert_eq!(generating_threads(), 0);
}

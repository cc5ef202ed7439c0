//! What a writer does wrong without losing a row: batches released twice or kept, input left unread, processes left running, steps that no case takes.

mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{BATCHES, Bench, done, failed, run, worker};

#[test]
fn batches_and_schemas_released_twice_or_kept_are_counted_and_harm_nothing() {
    let bench = Bench::new("releases");
    let library = bench.writer(&[]);
    let warnings = |fault: &str| {
        let report = done(&bench.library_job(&library, "stream", fault));
        std::fs::remove_file(bench.target()).expect("written");
        report["warnings"].clone()
    };
    assert_eq!(warnings("release twice"), json!([format!("the writer released {BATCHES} batches a second time")]));
    assert_eq!(warnings("keep batches"), json!([format!("the writer still held {BATCHES} batches after destroy")]));
    // Kept in one copy of the struct and released in the other: released once, which is right.
    assert_eq!(warnings("keep batches, release twice"), json!([]));
    let of_schemas =
        |did: &str, when: &str| json!([format!("the writer {did} the schema of {BATCHES} batches {when}")]);
    assert_eq!(warnings("release schemas again"), of_schemas("released", "a second time"));
    assert_eq!(warnings("keep schemas"), of_schemas("still held", "after destroy"));
    assert_eq!(warnings("keep schemas, release schemas again"), json!([]));
    assert_eq!(warnings(""), json!([]));
}

const NOT_WEIGHED: &str = "the writer had processes of its own, which are not weighed: peak memory not measured";

#[test]
fn a_library_that_had_processes_is_not_weighed_alone() {
    let bench = Bench::new("had-processes");
    let library = bench.writer(&[]);
    let report = done(&bench.library_job(&library, "stream", "have process"));
    assert_eq!(json!([report["measurement"]["rss"], report["warnings"]]), json!([null, [NOT_WEIGHED]]));
}

/// Whether the process that the test's writer named on standard error is still there.
fn is_left(stderr: &str) -> bool {
    let process = stderr.lines().find_map(|line| line.strip_prefix("process ")).expect("the writer names it");
    Path::new("/proc").join(process).exists()
}

#[test]
fn a_process_that_outlives_its_library_is_ended_and_reported() {
    let bench = Bench::new("leftover");
    let library = bench.writer(&[]);
    let ran = run(&bench.library_job(&library, "stream", "leave process"));
    let left = "the writer left 1 process running; it was killed";
    assert_eq!(
        json!([ran.report["outcome"], ran.report["measurement"]["rss"], ran.report["warnings"]]),
        json!(["done", null, [NOT_WEIGHED, left]])
    );
    assert!(!is_left(&ran.stderr));

    std::fs::remove_file(bench.target()).expect("written");
    let (ran, step, _) = failed(&bench.library_job(&library, "stream", "leave process, full disk"));
    assert_eq!((step.as_str(), is_left(&ran.stderr)), ("write", false));

    let abort = exercised(&bench, &bench.library_job(&library, "stream", "leave process"), "abort");
    assert_eq!(abort["complaints"], json!([left]));
}

#[test]
fn empty_batches_come_first_last_and_between() {
    let bench = Bench::new("empty");
    let library = bench.writer(&[]);
    let mut job = bench.library_job(&library, "zero-copy", "");
    job["emptyBatches"] = json!(true);
    let crossed = &done(&job)["crossed"];
    assert_eq!(
        json!([crossed["calls"], crossed["rows"], crossed["addressesProved"]]),
        json!([2 * BATCHES + 1, 25, true])
    );
}

#[test]
fn slices_cover_every_batch() {
    let bench = Bench::new("slices");
    let library = bench.writer(&[]);
    let mut job = bench.library_job(&library, "zero-copy", "");
    job["sliceRows"] = json!(2);
    let crossed = &done(&job)["crossed"];
    // Five batches of five rows, in three slices each.
    assert_eq!(json!([crossed["calls"], crossed["rows"], crossed["addressesProved"]]), json!([3 * BATCHES, 25, true]));
}

#[test]
fn a_command_that_reads_nothing_of_a_short_stream_has_not_written_the_table() {
    let bench = Bench::new("unread");
    // It stays until the stream lies in the pipe: one that is gone before has closed its stdin.
    let (ran, step, message) = failed(&bench.shell_job("echo x > \"$1\"; sleep 1; exit 0", "arrow-stream"));
    assert_eq!((step.as_str(), &ran.report["removed"], bench.left()), ("command", &json!(true), vec![]));
    assert!(message.contains(" read none of the ") && message.contains("(5 batches, 25 rows)"), "{message}");

    let (_, _, message) = failed(&bench.shell_job("head -c 100 > \"$1\"; sleep 1; exit 0", "arrow-stream"));
    assert!(message.contains(" read 100 of the "), "{message}");

    let closed = "exec < /dev/null; sleep 0.2; echo x > \"$1\"; exit 0";
    let (_, _, message) = failed(&bench.shell_job(closed, "arrow-stream"));
    assert!(message.contains(" read none of the ") || message.contains("closed its stdin"), "{message}");
}

#[test]
fn a_reader_that_outlives_its_shell_by_a_moment_has_read_all() {
    let bench = Bench::new("reader");
    let report = done(&bench.shell_job("exec 3<&0; (sleep 0.01; cat <&3 > \"$1\") & exit 0", "arrow-stream"));
    assert_eq!(report["crossed"]["rows"], 25);
}

fn exercised(bench: &Bench, job: &Value, trial: &str) -> Value {
    let output = worker("exercise", &json!({"trial": trial, "job": job}).to_string());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(bench.directory()).expect("there");
    std::fs::create_dir(bench.directory()).expect("removed just now");
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn a_writer_is_exercised_beyond_what_a_case_takes() {
    let bench = Bench::new("exercise");
    let library = bench.writer(&[]);
    let job = bench.library_job(&library, "stream", "");
    // This writer leaves its file, and another one, behind.
    let abort = exercised(&bench, &job, "abort");
    assert_eq!(abort, json!({"failure": null, "files": ["nation.test", "nation.test.forgotten"], "complaints": []}));
    let taken = exercised(&bench, &job, "target-taken");
    assert_eq!(taken["failure"][0], "create");
    assert!(taken["failure"][1].as_str().is_some_and(|text| text.contains("cannot open")), "{taken}");
    let turns = exercised(&bench, &job, "in-turn");
    assert_eq!(turns, json!({"failure": null, "files": ["nation.test", "second-nation.test"], "complaints": []}));
    let twice = exercised(&bench, &bench.library_job(&library, "stream", "release twice"), "abort");
    assert_eq!(twice["complaints"], json!(["the writer released 2 batches a second time"]));
}

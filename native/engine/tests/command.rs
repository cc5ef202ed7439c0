//! Jobs whose writer is a command, through the worker binary.

mod support;

use std::fs::File;

use arrow::ipc::reader::StreamReader;
use serde_json::{Value, json};
use support::{BATCHES, Bench, done, failed, number};

/// The job with a table that does not fit in a pipe.
fn large(mut job: Value) -> Value {
    job["table"] = json!("customer");
    job["batchRows"] = json!(8192);
    job
}

#[test]
fn a_command_receives_the_batches_and_the_nonce_as_an_arrow_stream() {
    let bench = Bench::new("stream");
    let report = done(&bench.shell_job("cat > \"$1\"; echo finished", "arrow-stream"));
    let stream = StreamReader::try_new(File::open(bench.target()).expect("written"), None).expect("an Arrow stream");
    assert_eq!(stream.schema().metadata()["writeproof.nonce"], "of this test");
    let rows: Vec<usize> = stream.map(|batch| batch.expect("whole").num_rows()).collect();
    assert_eq!(rows, [5; BATCHES as usize]);
    let crossed = &report["crossed"];
    assert_eq!(
        json!([crossed["handover"], crossed["calls"], crossed["rows"], crossed["addressesProved"]]),
        json!(["pipe", BATCHES, 25, null])
    );
    assert_eq!(report["writerSays"]["stdout"], "finished");
    assert_eq!(number(&report["measurement"]["diskBytes"]), number(&report["files"][0]["bytes"]));
}

#[test]
fn a_command_that_makes_the_rows_itself_is_sent_nothing() {
    let bench = Bench::new("none");
    let report = done(&bench.shell_job("wc -c > \"$2/count\"", "none"));
    let count = std::fs::read_to_string(bench.directory().join("count")).expect("written");
    assert_eq!(count.trim(), "0");
    assert_eq!(json!([report["crossed"]["handover"], report["crossed"]["calls"]]), json!(["none", 0]));
    assert_eq!(report["files"][0]["path"], "count");
}

#[test]
fn an_exit_status_is_a_failure_with_the_end_of_stderr() {
    let bench = Bench::new("status");
    let script = "cat > \"$1\"; yes long | head -n 10000 >&2; echo out of luck >&2; exit 3";
    let (ran, step, message) = failed(&bench.shell_job(script, "arrow-stream"));
    assert_eq!((step.as_str(), &ran.report["removed"], bench.left()), ("command", &json!(true), vec![]));
    assert!(message.contains("exited with status 3") && message.ends_with("out of luck"), "{message}");
    assert!(message.len() < 2200, "{}", message.len());
}

#[test]
fn a_death_by_signal_is_named() {
    let bench = Bench::new("signal");
    let (_, step, message) = failed(&bench.shell_job("kill -SEGV $$", "none"));
    assert_eq!(step, "command");
    assert!(message.contains("was ended by SIGSEGV"), "{message}");
}

#[test]
fn a_command_that_closes_its_input_early_has_not_written_the_table() {
    let bench = Bench::new("early");
    let (ran, step, message) = failed(&large(bench.shell_job("head -c 100 > \"$1\"; exit 0", "arrow-stream")));
    assert_eq!((step.as_str(), &ran.report["errnoName"], bench.left()), ("command", &json!("EPIPE"), vec![]));
    assert!(message.contains("closed its stdin after"), "{message}");
}

#[test]
fn a_full_pipe_that_nobody_reads_is_not_waited_for_once_its_command_has_ended() {
    // The sleep inherits the input, so that the pipe stays open.
    for (script, read) in
        [("exec 3<&0; sleep 20 & exit 0", "none"), ("exec 3<&0; head -c 100 > \"$1\"; sleep 20 & exit 0", "100")]
    {
        let bench = Bench::new("inherited");
        let (ran, step, message) = failed(&large(bench.shell_job(script, "arrow-stream")));
        assert_eq!((step.as_str(), &ran.report["removed"], bench.left()), ("command", &json!(true), vec![]));
        assert!(
            message.contains(&format!(" read {read} of the ")) && message.contains("exited with status 0"),
            "{message}"
        );
    }
    let bench = Bench::new("inherited-status");
    let (_, _, message) = failed(&large(bench.shell_job("exec 3<&0; sleep 20 & exit 3", "arrow-stream")));
    assert!(message.contains("exited with status 3"), "{message}");
}

#[test]
fn a_reader_that_outlives_its_shell_gets_the_whole_of_a_large_stream() {
    let bench = Bench::new("heir");
    let script = "exec 3<&0; cat <&3 > \"$1\" & until test -s \"$1\"; do sleep 0.01; done; exit 0";
    assert_eq!(done(&large(bench.shell_job(script, "arrow-stream")))["crossed"]["rows"], 150_000);
}

#[test]
fn a_slow_command_is_waited_for() {
    let bench = Bench::new("slow");
    // Longer than a command that has ended is.
    let job = large(bench.shell_job("sleep 0.3; cat > \"$1\"", "arrow-stream"));
    assert_eq!(done(&job)["crossed"]["rows"], 150_000);
}

#[test]
fn a_command_that_does_not_exist_is_named() {
    let bench = Bench::new("missing");
    let subject = json!({"kind": "command", "argv": ["/nowhere/tool"], "stdin": "none"});
    let (ran, step, message) = failed(&bench.job(&subject, "stream"));
    assert_eq!((step.as_str(), &ran.report["errnoName"]), ("command", &json!("ENOENT")));
    assert!(message.contains("`/nowhere/tool` cannot be started"), "{message}");
}

#[test]
fn memory_of_all_processes_of_a_command_is_seen() {
    let bench = Bench::new("tree");
    // Each dd holds a block of 60 MiB for as long as nobody takes it from the pipe.
    let held = "dd bs=60M count=1 if=/dev/zero | (sleep 0.5; cat >/dev/null)";
    let script = &format!("({held}) & {held}; wait");
    let report = done(&bench.shell_job(script, "none"));
    let rss = &report["measurement"]["rss"];
    assert_eq!(rss["beforeBytes"], 0);
    assert_eq!(rss["growthBytes"], rss["peakBytes"]);
    let peak = number(&rss["peakBytes"]);
    assert!((115 << 20..400 << 20).contains(&peak), "{peak}");
    assert!(number(&report["measurement"]["cpuNs"]["system"]) > 0);
}

#[test]
fn a_process_that_outlives_its_command_is_ended_and_reported() {
    let bench = Bench::new("orphan");
    let report = done(&bench.shell_job("(sleep 1000 & ) ; echo x > \"$1\"", "none"));
    // A command this short may have ended before its memory was read, which is a warning of its own.
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("left 1 process running; it was killed"), "{warnings}");
    assert_eq!(report["files"][0]["bytes"], 2);
}

#[test]
fn the_time_to_return_is_that_of_the_last_process() {
    let bench = Bench::new("child");
    // Within the grace of a process that is just ending.
    let report = done(&bench.shell_job("(sleep 0.03; echo late > \"$1\") & exit 0", "none"));
    let warnings = report["warnings"].to_string();
    assert!(
        warnings.contains("exited while 1 of its processes were still running")
            || warnings.contains("exited while 2 of"),
        "{warnings}"
    );
    assert!(number(&report["measurement"]["returnNs"]) >= 30_000_000, "{}", report["measurement"]["returnNs"]);

    let report = done(&Bench::new("killed").shell_job("(sleep 1000 & ) ; exit 0", "none"));
    assert!(number(&report["measurement"]["returnNs"]) >= 50_000_000, "{}", report["measurement"]["returnNs"]);
}

#[test]
fn output_of_a_command_is_bounded_and_does_not_block_it() {
    let bench = Bench::new("chatty");
    let report = done(&bench.shell_job("head -c 5000000 /dev/zero | tr '\\0' x; echo end", "none"));
    let stdout = report["writerSays"]["stdout"].as_str().expect("text").to_owned();
    assert_eq!((stdout.len(), stdout.ends_with("xend")), (4095, true));
    assert_eq!(report["capabilities"], Value::Null);
}

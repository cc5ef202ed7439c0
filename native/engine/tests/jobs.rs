//! Input that is refused, and the subcommands that are not `write`.

mod support;

use serde_json::{Value, json};
use support::{Bench, failed, worker};

#[test]
fn a_job_that_cannot_be_taken_removes_nothing() {
    let bench = Bench::new("refused");
    let good = bench.shell_job("echo x > \"$1\"", "none");
    let refusal = |field: &str, value: Value| {
        let mut job = good.clone();
        job[field] = value;
        let (ran, step, message) = failed(&job);
        assert_eq!((step.as_str(), &ran.report["removed"]), ("job", &json!(false)), "{message}");
        message
    };
    assert!(refusal("directory", json!("/nowhere")).contains("not /nowhere"));
    assert!(refusal("target", json!("/tmp/elsewhere")).contains("must be a path inside"));
    assert!(refusal("target", json!(bench.directory().join("../elsewhere"))).contains("must be a path inside"));
    assert!(refusal("source", json!("prepared")).contains("preparedPath must be given"));
    assert!(refusal("batchRows", json!(0)).contains("at least 1, not 0"));
    assert!(refusal("spawnedAtNs", json!(1e18)).contains("CLOCK_MONOTONIC"));
    assert!(refusal("variation", json!(1)).contains("unknown field `variation`"));
    assert!(refusal("threads", json!("two")).contains("that `write` takes"));
    std::fs::write(bench.directory().join("precious"), "data").expect("writable");
    assert!(refusal("nonce", json!("other")).contains("must be empty"));
    assert_eq!(bench.left(), ["precious"]);
}

#[test]
fn an_unknown_table_fails_at_the_source() {
    let bench = Bench::new("table");
    let mut job = bench.shell_job("cat", "arrow-stream");
    job["table"] = json!("lineitems");
    let (_, step, message) = failed(&job);
    assert_eq!(step, "source");
    assert!(message.contains("lineitems"), "{message}");
}

fn refused(command: &str, input: &str) -> String {
    let output = worker(command, input);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

#[test]
fn bad_input_of_the_other_commands_is_one_sentence() {
    assert!(refused("facts", "{").contains("not the JSON document that `facts` takes"));
    assert!(refused("probe", "{}").contains("missing field `directory`"));
    let no_path = r#"{"table":"nation","scale":1,"part":{"index":1,"count":1}}"#;
    assert!(refused("prepare", no_path).contains("needs `path`"));
    assert!(refused("canary", r#"{"directory":"/nowhere"}"#).contains("/nowhere"));
    assert!(refused("sing", "").contains("unknown command `sing`"));
}

fn answer(command: &str, input: &Value) -> Value {
    let output = worker(command, &input.to_string());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn probe_and_canary_answer_and_leave_nothing() {
    let bench = Bench::new("probe");
    let input = json!({"directory": bench.directory()});
    assert!(answer("probe", &input).is_object());
    let canary = answer("canary", &input);
    assert_eq!(canary["version"], json!(1));
    let counted = ["encodeNs", "writeNs"].iter().filter(|piece| canary[**piece].as_u64().is_some_and(|ns| ns > 0));
    assert_eq!(counted.count(), 2, "{canary}");
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn the_version_is_printed() {
    let output = worker("--version", "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("writeproof-worker {}\n", env!("CARGO_PKG_VERSION")));
}

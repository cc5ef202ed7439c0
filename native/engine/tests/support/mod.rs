//! A bench for running the worker: fresh directories, jobs, and writers compiled from C.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use writeproof_engine::clock::now_ns;

/// Batches that the job of [`Bench::job`] makes: nation's 25 rows by fives.
pub const BATCHES: u64 = 5;

pub struct Bench {
    root: PathBuf,
}

pub struct Ran {
    pub report: Value,
    pub stderr: String,
    pub exit_code: Option<i32>,
}

impl Bench {
    /// An empty directory on the disk that cargo builds on.
    pub fn new(test: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}-{number}", std::process::id()));
        fs::create_dir_all(root.join("target")).expect("the directory for temporary files is writable");
        Self { root }
    }

    pub fn directory(&self) -> PathBuf {
        self.root.join("target")
    }

    pub fn target(&self) -> PathBuf {
        self.directory().join("nation.test")
    }

    /// Compiles the test's writer.
    pub fn writer(&self, flags: &[&str]) -> PathBuf {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let library = self.root.join("writer.so");
        let status = Command::new("cc")
            .args(["-std=c11", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .args(flags)
            .arg("-I")
            .arg(here.join("../include"))
            .arg(here.join("tests/support/writer.c"))
            .status()
            .expect("cc is installed");
        assert!(status.success(), "the C writer compiles");
        library
    }

    pub fn job(&self, subject: &Value, variant: &str) -> Value {
        let switches = match variant {
            "accumulate" => json!({"batching": "at_close", "handover": "copy", "io": "buffered"}),
            "stream" => json!({"batching": "per_batch", "handover": "copy", "io": "buffered"}),
            "zero-copy" => json!({"batching": "per_batch", "handover": "pointer", "io": "buffered"}),
            _ => json!({"batching": "per_batch", "handover": "pointer", "io": "direct"}),
        };
        json!({
            "subject": subject, "table": "nation", "scale": 1, "part": {"index": 1, "count": 1}, "source": "generated",
            "preparedPath": null, "batchRows": 5, "threads": 1, "overlap": false, "flushEvery": 0, "variant": variant,
            "switches": switches, "writerOptions": {}, "directory": self.directory(), "target": self.target(),
            "nonce": "of this test", "spawnedAtNs": now_ns()
        })
    }

    pub fn library_job(&self, library: &Path, variant: &str, fault: &str) -> Value {
        let mut job = self.job(&json!({"kind": "library", "path": library}), variant);
        job["writerOptions"] = json!({"fault": fault});
        job
    }

    pub fn shell_job(&self, script: &str, stdin: &str) -> Value {
        let argv = ["sh", "-c", script, "sh", "{target}", "{dir}"];
        self.job(&json!({"kind": "command", "argv": argv, "stdin": stdin}), "stream")
    }

    /// Names of the files in the job's directory.
    pub fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory()).expect("the directory itself stays");
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // A leftover in a directory for temporary files is no failure.
        let _ = fs::remove_dir_all(&self.root);
    }
}

pub fn worker(command: &str, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_writeproof-worker"))
        .arg(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the worker starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the worker reads its input");
    child.wait_with_output().expect("the worker ends")
}

/// Runs a job; its whole standard output must be one JSON document on one line.
pub fn run(job: &Value) -> Ran {
    let output = worker("write", &job.to_string());
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    Ran {
        report: serde_json::from_str(&stdout).expect("standard output is one JSON document"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        exit_code: output.status.code(),
    }
}

/// Runs a job that must get to its end.
pub fn done(job: &Value) -> Value {
    let ran = run(job);
    assert_eq!((ran.exit_code, &ran.report["outcome"]), (Some(0), &json!("done")), "{} {}", ran.report, ran.stderr);
    ran.report
}

/// Runs a job that must fail; its step and message.
pub fn failed(job: &Value) -> (Ran, String, String) {
    let ran = run(job);
    assert_eq!((ran.exit_code, &ran.report["outcome"]), (Some(1), &json!("failed")), "{}", ran.report);
    let text = |key: &str| ran.report[key].as_str().expect("text").to_owned();
    let (step, message) = (text("step"), text("message"));
    (ran, step, message)
}

pub fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no whole number"))
}

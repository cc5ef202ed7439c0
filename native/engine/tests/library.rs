//! Jobs whose writer is a shared library, through the worker binary.

mod support;

use serde_json::{Value, json};
use support::{BATCHES, Bench, done, failed, number, run};

#[test]
fn a_done_report_counts_what_crossed_and_stamps_what_is_there() {
    let bench = Bench::new("done");
    let mut job = bench.library_job(&bench.writer(&[]), "stream", "");
    job["flushEvery"] = json!(2);
    let report = done(&job);
    let (crossed, measurement) = (&report["crossed"], &report["measurement"]);
    assert_eq!(
        json!([crossed["calls"], crossed["flushes"], crossed["rows"], crossed["handover"], crossed["batchingBy"]]),
        json!([BATCHES, 2, 25, "copy", "none"])
    );
    assert_eq!(measurement["rows"], 25);
    assert_eq!(crossed["bytes"], measurement["arrowBytes"]);
    assert_eq!(number(&measurement["diskBytes"]), BATCHES * 65_536);
    assert_eq!(measurement["callNs"]["count"], BATCHES);
    assert_eq!(measurement["busyNs"]["encode"], 7);
    assert_eq!(measurement["direct"], Value::Null);
    assert_eq!(report["files"], report["filesAfterClose"]);
    assert_eq!(report["files"][0]["path"], "nation.test");
    assert_eq!(report["capabilities"]["name"], "test");
    assert_eq!(report["writerSays"]["batches"], BATCHES);
    assert_eq!(report["warnings"], json!([]));
}

#[test]
fn the_clocks_are_in_order() {
    let bench = Bench::new("clocks");
    let measurement = &done(&bench.library_job(&bench.writer(&[]), "stream", ""))["measurement"];
    let (phases, calls) = (&measurement["phasesNs"], &measurement["callNs"]);
    let of = |name: &str| number(&phases[name]);
    assert_eq!(of("create") + of("writes") + of("close"), number(&measurement["returnNs"]));
    assert_eq!(number(&measurement["returnNs"]) + of("sync"), number(&measurement["durableNs"]));
    assert!(measurement["durableNs"].as_u64() < measurement["spawnToDurableNs"].as_u64());
    assert!(of("create") < of("firstWrite") && of("firstWrite") <= of("create") + of("writes"));
    assert!(0 < number(&calls["p50"]) && number(&calls["p50"]) <= number(&calls["p99"]));
    assert!(number(&calls["p99"]) <= number(&calls["max"]));
    assert!(number(&measurement["busyNs"]["handOver"]) > 0);
    assert!(number(&measurement["io"]["writtenChars"]) >= BATCHES * 65_536);
    assert!(number(&measurement["rss"]["peakBytes"]) >= number(&measurement["rss"]["beforeBytes"]));
}

#[test]
fn addresses_are_proved_by_what_the_writer_encoded_from() {
    let bench = Bench::new("addresses");
    let library = bench.writer(&[]);
    let proved = |variant: &str, fault: &str| {
        let report = done(&bench.library_job(&library, variant, fault));
        std::fs::remove_file(bench.target()).expect("written");
        (report["crossed"]["handover"].clone(), report["crossed"]["addressesProved"].clone())
    };
    assert_eq!(proved("zero-copy", ""), (json!("pointer"), json!(true)));
    assert_eq!(proved("stream", ""), (json!("copy"), json!(true)));
    assert_eq!(proved("zero-copy", "other memory"), (json!("pointer"), json!(false)));
    assert_eq!(proved("zero-copy", "say nothing"), (json!("pointer"), Value::Null));
}

#[test]
fn at_close_is_the_writers_where_it_declares_it_and_the_engines_otherwise() {
    let by_writer = Bench::new("by-writer");
    let report = done(&by_writer.library_job(&by_writer.writer(&[]), "accumulate", ""));
    assert_eq!(report["crossed"]["batchingBy"], "writer");

    let by_engine = Bench::new("by-engine");
    let library = by_engine.writer(&["-DBATCHING=\"\\\"per_batch\\\"\""]);
    let report = done(&by_engine.library_job(&library, "accumulate", ""));
    let (crossed, phases) = (&report["crossed"], &report["measurement"]["phasesNs"]);
    assert_eq!(json!([crossed["batchingBy"], crossed["calls"], crossed["rows"]]), json!(["engine", BATCHES, 25]));
    // Even the first write call comes after the loop.
    assert!(number(&phases["firstWrite"]) > number(&phases["create"]) + number(&phases["writes"]));
}

#[test]
fn overlap_changes_no_count() {
    let bench = Bench::new("overlap");
    let mut job = bench.library_job(&bench.writer(&[]), "zero-copy", "");
    job["overlap"] = json!(true);
    let crossed = &done(&job)["crossed"];
    assert_eq!(json!([crossed["calls"], crossed["rows"], crossed["addressesProved"]]), json!([BATCHES, 25, true]));
}

#[test]
fn a_library_that_is_not_one_is_named_with_what_is_missing() {
    let bench = Bench::new("load");
    let refusal = |library: &std::path::Path| {
        let (ran, step, message) = failed(&bench.library_job(library, "stream", ""));
        assert_eq!((step.as_str(), &ran.report["removed"]), ("load", &json!(true)));
        message
    };
    let missing = refusal(std::path::Path::new("/nowhere/writer.so"));
    assert!(missing.contains("there is no library at /nowhere/writer.so"), "{missing}");
    let symbol = refusal(&bench.writer(&["-DWITHOUT_LAST_ERROR"]));
    assert!(symbol.contains("does not export `writeproof_last_error`"), "{symbol}");
    let version = refusal(&bench.writer(&["-DABI=7u"]));
    assert!(version.contains("ABI version 7") && version.contains("speaks version 1"), "{version}");
    let no_library = bench.directory().parent().expect("below the root").join("text.so");
    std::fs::write(&no_library, "text").expect("writable");
    let text = refusal(&no_library);
    assert!(text.contains("cannot be loaded"), "{text}");
}

#[test]
fn a_variant_that_is_not_declared_is_refused() {
    let bench = Bench::new("variant");
    let (_, step, message) = failed(&bench.library_job(&bench.writer(&[]), "sideways", ""));
    assert_eq!(step, "capabilities");
    assert!(message.contains("`sideways`") && message.contains("zero-copy"), "{message}");
}

#[test]
fn a_failing_write_is_named_with_errno_and_leaves_nothing() {
    let bench = Bench::new("full");
    let library = bench.writer(&[]);
    let (ran, step, message) = failed(&bench.library_job(&library, "stream", "full disk"));
    assert_eq!(step, "write");
    assert_eq!(json!([ran.report["errno"], ran.report["errnoName"]]), json!([28, "ENOSPC"]));
    assert!(message.contains("batch 3") && message.contains("write at offset 131072: no space"), "{message}");
    assert_eq!(ran.stderr.lines().collect::<Vec<_>>(), ["aborted", "destroyed"]);
    assert_eq!((&ran.report["removed"], bench.left()), (&json!(true), vec![]));

    let (ran, step, message) = failed(&bench.library_job(&library, "stream", "no errno"));
    assert_eq!((step.as_str(), &ran.report["errno"], &ran.report["errnoName"]), ("write", &Value::Null, &Value::Null));
    assert!(message.contains("it is Monday"), "{message}");

    let (ran, step, message) = failed(&bench.library_job(&library, "stream", "refuse create"));
    assert_eq!((step.as_str(), &ran.report["errno"]), ("create", &Value::Null));
    assert!(message.contains("no such option: fault"), "{message}");

    let (ran, step, _) = failed(&bench.library_job(&library, "stream", "close fails"));
    assert_eq!((step.as_str(), &ran.report["errnoName"], bench.left()), ("close", &json!("EIO"), vec![]));
}

#[test]
fn a_failing_write_ends_the_thread_of_the_source() {
    let bench = Bench::new("full-overlap");
    let mut job = bench.library_job(&bench.writer(&[]), "stream", "full disk");
    job["overlap"] = json!(true);
    job["batchRows"] = json!(1);
    assert_eq!(failed(&job).1, "write");
}

#[test]
fn what_a_writer_prints_is_not_taken_for_the_report() {
    let bench = Bench::new("print");
    let ran = run(&bench.library_job(&bench.writer(&[]), "stream", "print"));
    assert_eq!(number(&ran.report["crossed"]["calls"]), BATCHES);
    assert!(ran.stderr.contains("{\"outcome\":\"done\"}"), "{}", ran.stderr);
}

#[test]
fn a_write_after_close_shows_in_the_stamps() {
    let bench = Bench::new("late");
    let report = done(&bench.library_job(&bench.writer(&[]), "stream", "late"));
    let bytes = |list: &str| number(&report[list][0]["bytes"]);
    assert_eq!(bytes("files"), bytes("filesAfterClose") + 4);
}

#[test]
fn a_late_write_that_sets_the_modification_time_back_shows_in_the_time_of_change() {
    let bench = Bench::new("disguised");
    let report = done(&bench.library_job(&bench.writer(&[]), "stream", "disguised"));
    let (mut early, mut late) = (report["filesAfterClose"][0].clone(), report["files"][0].clone());
    let [early_change, late_change] = [&mut early, &mut late].map(|stamp| stamp["ctimeNs"].take());
    assert_eq!(early, late);
    let time = |text: &Value| text.as_str().expect("text").parse::<u64>().expect("nanoseconds");
    assert!(time(&late_change) > time(&early_change), "{early_change} {late_change}");
}

#[test]
fn the_stamps_of_an_honest_writer_stay_whatever_the_variant() {
    let bench = Bench::new("honest");
    let library = bench.writer(&[]);
    let reports = ["accumulate", "stream", "zero-copy", "direct"].map(|variant| {
        let report = done(&bench.library_job(&library, variant, ""));
        std::fs::remove_file(bench.target()).expect("written");
        (report["filesAfterClose"].clone(), report["files"].clone())
    });
    for (early, late) in reports {
        assert_eq!(early.as_array().map(Vec::len), Some(1));
        assert_eq!(early, late);
    }
}

#[test]
fn a_peak_that_the_writer_hides_is_seen_and_so_is_the_hiding() {
    let bench = Bench::new("reset");
    let report = done(&bench.library_job(&bench.writer(&[]), "stream", "reset peak"));
    let rss = &report["measurement"]["rss"];
    assert!(number(&rss["growthBytes"]) > 190 << 20, "{rss}");
    assert_eq!(report["warnings"], json!(["the writer reset the peak RSS of its process"]));
}

#[test]
fn direct_on_another_file_or_without_writing_proves_nothing() {
    let bench = Bench::new("decoy");
    let library = bench.writer(&[]);
    let seen = |fault: &str| {
        let report = done(&bench.library_job(&library, "direct", fault));
        let files = bench.left();
        for file in &files {
            std::fs::remove_file(bench.directory().join(file)).expect("written");
        }
        (report["measurement"]["direct"]["flagSeen"].clone(), files.len())
    };
    assert_eq!(seen("decoy, not direct"), (json!(false), 1));
    assert_eq!(seen("kept decoy, not direct"), (json!(false), 2));
    assert_eq!(seen("reading decoy, not direct"), (json!(false), 1));
    assert_eq!(seen("kept decoy"), (json!(true), 2));
}

#[test]
fn direct_is_seen_from_outside_and_so_is_its_absence() {
    let bench = Bench::new("direct");
    let library = bench.writer(&[]);
    let direct = done(&bench.library_job(&library, "direct", ""))["measurement"]["direct"].clone();
    assert_eq!(json!([direct["flagSeen"], direct["residentShare"]]), json!([true, 0.0]));
    assert!(number(&direct["dioMemAlign"]) > 0 && number(&direct["dioOffsetAlign"]) > 0, "{direct}");
    std::fs::remove_file(bench.target()).expect("written");
    let buffered = done(&bench.library_job(&library, "direct", "not direct"))["measurement"]["direct"].clone();
    assert_eq!(json!([buffered["flagSeen"], buffered["residentShare"]]), json!([false, 1.0]));
}

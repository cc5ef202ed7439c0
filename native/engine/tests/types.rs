//! The table of edge values on its way to a command, whose stream replaces dictionaries.

mod support;

use std::collections::BTreeSet;
use std::fs::File;

use arrow::array::{AsArray, RecordBatch};
use arrow::ipc::reader::StreamReader;
use serde_json::json;
use support::{Bench, done, number};
use writeproof_digest::Digester;
use writeproof_tables::{Request, facts};

#[test]
fn a_command_receives_every_type_with_dictionaries_that_change() {
    let bench = Bench::new("types");
    let mut job = bench.shell_job("cat > \"$1\"", "arrow-stream");
    (job["table"], job["scale"], job["batchRows"]) = (json!("types"), json!(0.002), json!(300));
    let report = done(&job);
    let stream = StreamReader::try_new(File::open(bench.target()).expect("written"), None).expect("an Arrow stream");
    let schema = stream.schema();
    let batches: Vec<RecordBatch> = stream.map(|batch| batch.expect("whole")).collect();
    let mut digester = Digester::new(&schema, 0).expect("types that are digested");
    batches.iter().for_each(|batch| digester.update(batch).expect("a batch of the schema"));

    let asked = Request { table: "types".to_owned(), scale: 0.002, part: (1, 1), batch_rows: 8_192, threads: 1 };
    let expected = facts(&asked).expect("facts");
    assert!(digester.finish() == expected.digest, "the digest of the stream is not that of the table");
    assert_eq!(number(&report["measurement"]["arrowBytes"]), expected.arrow_bytes);
    assert_eq!(number(&report["crossed"]["rows"]), 2_000);
    let dictionary = |batch: &RecordBatch| batch["dictionary_int8"].as_any_dictionary().values().to_data();
    let different: BTreeSet<String> = batches.iter().map(|batch| format!("{:?}", dictionary(batch))).collect();
    assert_eq!((batches.len(), different.len()), (19, 19));
}

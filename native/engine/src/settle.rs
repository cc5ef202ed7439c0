//! Settles a job with what a library declares: what it is created with, and who collects the batches.

use serde_json::{Map, Value, json};

use crate::capabilities::Capabilities;
use crate::protocol::{Batching, WorkerJob};
use crate::{Failure, Step};

/// How a library is to be driven.
#[derive(Debug)]
pub struct Settled {
    /// `options_json` of create.
    pub options: Value,
    /// The engine keeps the batches and writes them all at close.
    pub engine_collects: bool,
}

/// Names of the options that are always sent.
const ALWAYS_SENT: [&str; 4] = ["variant", "batching", "io", "threads"];

/// Compares the job with the capabilities.
///
/// # Errors
/// When the library does not declare the variant, cannot write batch by batch, or an option has a reserved name.
pub fn settle(job: &WorkerJob, capabilities: &Capabilities) -> Result<Settled, Failure> {
    let Capabilities { name, variants, batching, .. } = capabilities;
    if !variants.contains(&job.variant) {
        return Err(Failure::new(
            Step::Capabilities,
            format!("writer `{name}` does not declare the variant `{}`; it declares {}", job.variant, listed(variants)),
        ));
    }
    let declares = |batch: Batching| batching.iter().any(|declared| declared == batch.as_str());
    let engine_collects = job.switches.batching == Batching::AtClose && !declares(Batching::AtClose);
    let sent = if engine_collects { Batching::PerBatch } else { job.switches.batching };
    if !declares(sent) {
        return Err(Failure::new(
            Step::Capabilities,
            format!(
                "writer `{name}` does not declare the batching `{}`; it declares {}",
                sent.as_str(),
                listed(batching)
            ),
        ));
    }
    if let Some(reserved) = ALWAYS_SENT.iter().find(|&&option| job.writer_options.contains_key(option)) {
        return Err(Failure::new(
            Step::Job,
            format!("`{reserved}` among writerOptions is set by the engine itself; leave it out"),
        ));
    }
    let mut options: Map<String, Value> = job.writer_options.clone();
    options.insert("variant".to_owned(), json!(job.variant));
    options.insert("batching".to_owned(), json!(sent.as_str()));
    options.insert("io".to_owned(), json!(job.switches.io.as_str()));
    options.insert("threads".to_owned(), json!(job.threads));
    Ok(Settled { options: Value::Object(options), engine_collects })
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(variant: &str, batching: &str, writer_options: &Value) -> WorkerJob {
        serde_json::from_value(json!({
            "subject": {"kind": "library", "path": "/w.so"}, "table": "nation", "scale": 0.01,
            "part": {"index": 1, "count": 1}, "source": "generated", "preparedPath": null, "batchRows": 8192, "threads": 2,
            "overlap": false, "flushEvery": 0, "variant": variant,
            "switches": {"batching": batching, "handover": "copy", "io": "buffered"},
            "writerOptions": writer_options, "directory": "/d", "target": "/d/t", "nonce": "n", "spawnedAtNs": 1.5e3
        }))
        .expect("a complete job")
    }

    fn capabilities(batching: &[&str]) -> Capabilities {
        let text = json!({"name": "w", "variants": ["stream", "accumulate"], "batching": batching}).to_string();
        Capabilities::parse(&text, "w.so").expect("complete")
    }

    #[test]
    fn sends_the_four_options_and_the_writers_own() {
        let job = job("stream", "per_batch", &json!({"compression": "zstd"}));
        let settled = settle(&job, &capabilities(&["per_batch"])).expect("declared");
        let expected = json!({"variant": "stream", "batching": "per_batch", "io": "buffered", "threads": 2, "compression": "zstd"});
        assert_eq!(settled.options, expected);
        assert!(!settled.engine_collects);
    }

    #[test]
    fn the_writer_collects_where_it_says_so_and_the_engine_otherwise() {
        let job = job("accumulate", "at_close", &json!({}));
        let by_writer = settle(&job, &capabilities(&["per_batch", "at_close"])).expect("declared");
        assert_eq!((by_writer.engine_collects, &by_writer.options["batching"]), (false, &json!("at_close")));
        let by_engine = settle(&job, &capabilities(&["per_batch"])).expect("declared");
        assert_eq!((by_engine.engine_collects, &by_engine.options["batching"]), (true, &json!("per_batch")));
    }

    #[test]
    fn refuses_what_is_not_declared_or_reserved() {
        let step_of = |job: &WorkerJob, batching: &[&str]| settle(job, &capabilities(batching)).map_err(|f| f.step);
        let direct = job("direct", "per_batch", &json!({}));
        assert_eq!(step_of(&direct, &["per_batch"]).err(), Some(Step::Capabilities));
        let stream = job("stream", "per_batch", &json!({}));
        assert_eq!(step_of(&stream, &["at_close"]).err(), Some(Step::Capabilities));
        let reserved = job("stream", "per_batch", &json!({"io": "direct"}));
        assert_eq!(step_of(&reserved, &["per_batch"]).err(), Some(Step::Job));
    }
}

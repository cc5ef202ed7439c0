//! Times of the queries of the suite by the baseline, the full set, each switch alone and each left out, side by side:
//! `cargo run --release --example figures -- [--each] [--only-full] [--cache=BYTES] [--query=JSON]… STORE…`.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use writeproof_entity_store::{OpenOptions, Options, Query, SWITCHES, Scan, Store, Strategy};

/// Time that one figure may take.
const BUDGET: Duration = Duration::from_secs(2);

struct Figure {
    rows: u64,
    median_us: f64,
    result_bytes: u64,
    transient_bytes: i64,
    peak_bytes: u64,
}

fn figure(store: &Store, query: &str, strategy: Strategy) -> Result<Figure, Box<dyn Error>> {
    let query = Query::parse(query, store.facts().columns)?;
    let mut scan = Scan::new(store.facts(), query, strategy, Options::default());
    let mut times = Vec::new();
    let started = Instant::now();
    let mut rows = scan.run(store)?;
    while times.is_empty() || (times.len() < 2000 && started.elapsed() < BUDGET) {
        let once = Instant::now();
        rows = scan.run(store)?;
        times.push(once.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    let rust = scan.run_measured(store)?.rust;
    Ok(Figure {
        rows,
        median_us: times[times.len() / 2],
        result_bytes: rust.result_bytes,
        transient_bytes: rust.made.bytes as i64 - rust.result_bytes as i64,
        peak_bytes: rust.made.peak_bytes,
    })
}

fn print(what: &str, figure: &Figure, reference: f64) {
    println!(
        "  {what:<24} {:>12.1} us  {:>7.2}x  {:>9} rows  result {:>11} B, beside it {:>12} B, peak {:>12} B",
        figure.median_us,
        reference / figure.median_us,
        figure.rows,
        figure.result_bytes,
        figure.transient_bytes,
        figure.peak_bytes
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let each = flags.iter().any(|flag| flag == "--each");
    let only_full = flags.iter().any(|flag| flag == "--only-full");
    let mut options = OpenOptions::default();
    for bytes in flags.iter().filter_map(|flag| flag.strip_prefix("--cache=")) {
        options.cache_bytes = bytes.parse()?;
    }
    for path in paths {
        let store = Store::open(Path::new(&path), &options)?;
        println!("{path}: {}", serde_json::to_string(store.facts())?);
        let definition = store.facts().definition();
        let row = (definition.rows / 2..).find(|row| !definition.is_deleted(*row)).unwrap_or(0);
        let asked: Vec<String> =
            flags.iter().filter_map(|flag| flag.strip_prefix("--query=")).map(str::to_owned).collect();
        let usual = [
            r#"{"limit":10}"#.to_owned(),
            format!(r#"{{"filter":{{"column":"id","op":"=","value":{}}}}}"#, definition.id(row)),
            r#"{"filter":{"column":"quantity","op":"=","value":7}}"#.to_owned(),
            r#"{"prefix":"g07/"}"#.to_owned(),
            r#"{"columns":["quantity"]}"#.to_owned(),
            r#"{"columns":["category"]}"#.to_owned(),
            r#"{"limit":1000}"#.to_owned(),
            "{}".to_owned(),
        ];
        for query in if asked.is_empty() { usual.to_vec() } else { asked } {
            println!(" {query}");
            if only_full {
                let full = figure(&store, &query, Strategy::FULL)?;
                print("full", &full, full.median_us);
                continue;
            }
            let baseline = figure(&store, &query, Strategy::BASELINE)?;
            print("baseline", &baseline, baseline.median_us);
            print("full", &figure(&store, &query, Strategy::FULL)?, baseline.median_us);
            for switch in (0..SWITCHES).filter(|_| each) {
                print(
                    &format!("only {switch}"),
                    &figure(&store, &query, Strategy::of_bits(1 << switch))?,
                    baseline.median_us,
                );
                let without = Strategy::of_bits(!(1 << switch));
                print(&format!("without {switch}"), &figure(&store, &query, without)?, baseline.median_us);
            }
        }
    }
    Ok(())
}

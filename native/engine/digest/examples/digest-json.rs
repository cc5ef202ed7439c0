//! Reads one described table a line (see tests/support/described.rs) and prints its digest and segment statistics as one JSON line.

#[path = "../tests/support/described.rs"]
mod described;

use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let (digest, segments) = described::digest(&serde_json::from_str(&line?)?);
        writeln!(output, "{}", serde_json::json!({ "digest": digest, "segments": segments }))?;
    }
    output.flush()?;
    Ok(())
}

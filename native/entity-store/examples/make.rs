//! Makes a store: `cargo run --release --example make -- PATH '{"rows":1000000,"columns":20,"encoding":"json","seed":1}'`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use writeproof_entity_store::{MakeOptions, make};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, path, options] = arguments.as_slice() else {
        return Err("expected a path and the options of the store".into());
    };
    let started = Instant::now();
    let made = make(Path::new(path), &MakeOptions::parse(options)?)?;
    println!("{} in {:.1} s", serde_json::to_string(&made)?, started.elapsed().as_secs_f64());
    Ok(())
}

//! What is asked for on standard input, and answered on standard output, a JSON document a line.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::calls::{Call, Rule};
use crate::file_system::lock;
use crate::mount::{Mounted, mount};
use crate::store::Store;

/// The first line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// An empty folder.
    mountpoint: PathBuf,
    /// A folder of its own, see `Store`.
    store: PathBuf,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    write_delay_microseconds: u64,
}

/// Later lines.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Asked {
    /// The power is cut.
    Cut,
    /// What was called so far.
    Counts,
}

#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "camelCase")]
enum Answer {
    Mounted,
    Refused { reason: String },
    Cut,
    Failed { reason: String },
    Counts { calls: BTreeMap<Call, u64>, hits: Vec<PathBuf> },
}

fn say(answer: &Answer) {
    let mut stdout = io::stdout().lock();
    // Whoever does not listen any more has closed our standard input too, and with that ended us.
    let _ = serde_json::to_writer(&mut stdout, answer);
    let _ = stdout.write_all(b"\n");
    let _ = stdout.flush();
}

fn start(line: &str) -> Result<(Arc<Mutex<Store>>, Mounted), String> {
    let wanted: Wanted = serde_json::from_str(line).map_err(|error| format!("the first line: {error}"))?;
    let delay = Duration::from_micros(wanted.write_delay_microseconds);
    let store = Store::open(&wanted.store, wanted.rules, delay)
        .map_err(|error| format!("the store {}: {error}", wanted.store.display()))?;
    let store = Arc::new(Mutex::new(store));
    let mounted = mount(&wanted.mountpoint, Arc::clone(&store))?;
    Ok((store, mounted))
}

fn counts(store: &Store) -> Answer {
    Answer::Counts { calls: store.calls().counts().clone(), hits: store.hits().to_vec() }
}

/// Mounts, obeys, and unmounts at the end of standard input.
pub fn serve() -> ExitCode {
    let mut lines = io::stdin().lock().lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    let (store, mounted) = match start(&first) {
        Ok(started) => started,
        Err(reason) => {
            say(&Answer::Refused { reason });
            return ExitCode::FAILURE;
        }
    };
    say(&Answer::Mounted);
    for line in lines.map_while(Result::ok) {
        let answer = match serde_json::from_str(&line) {
            Ok(Asked::Counts) => counts(&lock(&store)),
            Ok(Asked::Cut) => match lock(&store).cut_power() {
                Ok(()) => Answer::Cut,
                Err(error) => Answer::Failed { reason: format!("writing what is left after the cut: {error}") },
            },
            Err(error) => Answer::Failed { reason: format!("{line}: {error}") },
        };
        say(&answer);
    }
    mounted.end();
    say(&counts(&lock(&store)));
    ExitCode::SUCCESS
}

/// Mounts a store in a fresh folder, writes a file in it, and says whether that worked.
pub fn probe() -> ExitCode {
    let reason = try_it().err();
    let works = reason.is_none();
    println!("{}", serde_json::json!({ "works": works, "reason": reason }));
    ExitCode::SUCCESS
}

fn try_it() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("writeproof-fault-fs-{}", std::process::id()));
    let mountpoint = folder.join("mount");
    let result = std::fs::create_dir_all(&mountpoint)
        .map_err(|error| format!("{} cannot be made: {error}", mountpoint.display()))
        .and_then(|()| use_it(&folder.join("store"), &mountpoint));
    let _ = std::fs::remove_dir_all(&folder);
    result
}

fn use_it(folder: &std::path::Path, mountpoint: &std::path::Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("the mounted file system: {error}");
    let store = Store::open(folder, Vec::new(), Duration::ZERO).map_err(failed)?;
    let mounted = mount(mountpoint, Arc::new(Mutex::new(store)))?;
    let written =
        std::fs::write(mountpoint.join("file"), "text").and_then(|()| std::fs::read(folder.join("live/file")));
    mounted.end();
    match written.map_err(failed)?.as_slice() {
        b"text" => Ok(()),
        other => Err(format!("the mounted file system passed on {} bytes of 4", other.len())),
    }
}

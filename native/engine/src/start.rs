//! The common start of workers that write parts of a table at once.

use std::fs::{self, File};
use std::io;
use std::thread;
use std::time::Duration;

use crate::protocol::WorkerJob;
use crate::{Failure, Step};

/// Time between two looks for the others: short beside any writing, long enough to leave the processor to who is not ready yet.
const LOOK: Duration = Duration::from_micros(500);

/// Returns once all workers of the job's start are ready, at once where it has none. A worker that never gets ready is the
/// harness's to notice: it ends those that wait.
///
/// # Errors
/// When the directory cannot be written or listed.
pub fn await_others(job: &WorkerJob) -> Result<(), Failure> {
    let Some(start) = &job.start else { return Ok(()) };
    let failed = |error: io::Error| {
        Failure::system(
            Step::Job,
            format_args!("waiting in {} for the other workers", start.directory.display()),
            &error,
        )
    };
    // Each has a directory of its own name.
    File::create_new(start.directory.join(job.directory.file_name().unwrap_or_default())).map_err(failed)?;
    while fs::read_dir(&start.directory).map_err(failed)?.count() < start.workers {
        thread::sleep(LOOK);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::path::Path;
    use std::sync::mpsc::{RecvTimeoutError, channel};

    fn job(directory: &Path, part: usize) -> WorkerJob {
        serde_json::from_value(json!({
            "subject": {"kind": "library", "path": "/w.so"}, "table": "nation", "scale": 0.01,
            "part": {"index": part, "count": 2}, "source": "generated", "preparedPath": null, "batchRows": 8192, "threads": 1,
            "overlap": false, "flushEvery": 0, "variant": "stream",
            "switches": {"batching": "per_batch", "handover": "copy", "io": "buffered"},
            "writerOptions": {}, "directory": format!("/part-{part}"), "target": "/t", "nonce": "n", "spawnedAtNs": 1,
            "start": {"directory": directory, "workers": 2}
        }))
        .expect("a complete job")
    }

    #[test]
    fn the_first_waits_for_the_second() {
        let directory = std::env::temp_dir().join(format!("writeproof-start-{}", std::process::id()));
        fs::create_dir(&directory).expect("a new directory");
        let (tell, told) = channel();
        let first = job(&directory, 1);
        let waiting = thread::spawn(move || tell.send(await_others(&first).map_err(|failure| failure.message)));
        let early = told.recv_timeout(Duration::from_millis(100));
        let second = await_others(&job(&directory, 2)).map_err(|failure| failure.message);
        let first = told.recv();
        let again = await_others(&job(&directory, 2)).expect_err("its file is there already").message;
        waiting.join().expect("no panic").expect("a listener");
        fs::remove_dir_all(&directory).expect("removable");
        assert_eq!(early, Err(RecvTimeoutError::Timeout));
        assert_eq!((second, first), (Ok(()), Ok(Ok(()))));
        assert!(again.contains("waiting in"), "{again}");
    }
}

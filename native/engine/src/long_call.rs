//! A call of the worker that takes long: it says how far it is, a line of JSON at most ten times a second, can be stopped by
//! SIGTERM or SIGINT, and is weighed.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use writeproof_raw::{Control, RawError};

use crate::peak::Scale;
use crate::weigh::Usage;

/// Time between two lines, and between two looks whether it is to stop.
const PERIOD: Duration = Duration::from_millis(100);

static STOPPED: AtomicBool = AtomicBool::new(false);

extern "C" fn stop(_signal: libc::c_int) {
    STOPPED.store(true, Ordering::Relaxed);
}

/// Runs the call. The last line is `{"outcome": "done", …, "rss": …, "cpuNs": …}` or `{"outcome": "failed", "kind": …}`; true
/// after the former.
///
/// # Errors
/// When a line cannot be written.
pub fn run<T: Serialize>(
    output: &mut (impl Write + Send),
    call: impl FnOnce(&Control) -> Result<T, RawError>,
) -> Result<bool, String> {
    for signal in [libc::SIGTERM, libc::SIGINT] {
        let handler: extern "C" fn(libc::c_int) = stop;
        // SAFETY: the handler only stores a flag, which is async-signal-safe.
        unsafe { libc::signal(signal, handler as libc::sighandler_t) };
    }
    let (control, ended) = (Control::default(), AtomicBool::new(false));
    let scale = Scale::reset();
    let usage = Usage::of_self();
    let (result, printed) = thread::scope(|scope| {
        let watching = scope.spawn(|| watch(output, &control, &ended));
        let result = call(&control);
        ended.store(true, Ordering::Relaxed);
        watching.thread().unpark();
        (result, watching.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let used = usage.until_now();
    let weight = scale.and_then(Scale::read);
    let output = printed?;
    let done = result.is_ok();
    let line = match result {
        Ok(result) => {
            let mut line = serde_json::to_value(&result).map_err(|error| error.to_string())?;
            if let Value::Object(fields) = &mut line {
                fields.insert("outcome".to_owned(), json!("done"));
                fields.insert("rss".to_owned(), json!(weight.map(|weight| weight.rss)));
                fields.insert("cpuNs".to_owned(), json!(used.cpu()));
            }
            line
        }
        Err(error) => json!({
            "outcome": "failed",
            "kind": match error {
                RawError::Misuse(_) => "misuse",
                RawError::System { .. } => "system",
                RawError::Changed(_) => "changed",
                RawError::Stopped(_) => "stopped",
            },
            "message": error.to_string(),
            "errno": error.errno(),
        }),
    };
    print(output, &line)?;
    Ok(done)
}

/// Says how far the call is as long as it runs. Whoever does not listen any more has no use for the rest, either.
fn watch<'output, O: Write>(
    output: &'output mut O,
    control: &Control,
    ended: &AtomicBool,
) -> Result<&'output mut O, String> {
    let mut said = 0;
    while !ended.load(Ordering::Relaxed) {
        thread::park_timeout(PERIOD);
        if STOPPED.load(Ordering::Relaxed) {
            control.stop();
        }
        let bytes = control.bytes();
        if bytes != said
            && let Err(sentence) = print(output, &json!({ "bytes": bytes }))
        {
            control.stop();
            return Err(sentence);
        }
        said = bytes;
    }
    Ok(output)
}

fn print(output: &mut impl Write, line: &Value) -> Result<(), String> {
    let text = format!("{line}\n");
    output.write_all(text.as_bytes()).map_err(|error| format!("the report cannot be printed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(call: impl FnOnce(&Control) -> Result<Value, RawError>) -> (bool, Vec<Value>) {
        let mut output = Vec::new();
        let done = run(&mut output, call).expect("memory can be written to");
        let text = String::from_utf8(output).expect("JSON is text");
        (done, text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect())
    }

    #[test]
    fn a_result_is_weighed_and_a_failure_has_its_kind() {
        let (done, said) = lines(|_| Ok(json!({ "answer": 42 })));
        let last = said.last().expect("a line");
        assert!(done);
        assert_eq!((&last["outcome"], &last["answer"]), (&json!("done"), &json!(42)));
        assert!(last["rss"]["peakBytes"].as_u64() > Some(0) && last["cpuNs"]["user"].is_u64(), "{last}");
        let (done, said) = lines(|_| Err(RawError::Misuse("it cannot be".to_owned())));
        assert!(!done);
        let expected = json!({ "outcome": "failed", "kind": "misuse", "message": "it cannot be", "errno": null });
        assert_eq!(said.last(), Some(&expected));
    }
}

//! The Node worker's own process: set up as the native worker's is, and weighed with the same scales.

use std::os::fd::IntoRawFd;

use napi::Result;
use napi_derive::napi;
use serde_json::json;
use writeproof_engine::peak::{Scale, WRITER_RESET};
use writeproof_engine::standard_output;
use writeproof_engine::weigh::{self, Usage};

use crate::to_js;

/// Moves standard output to a private descriptor, which is returned: what else is printed goes to standard error. The process
/// ends with its parent, and a file beyond the size limit is an error instead of a signal.
#[napi]
pub fn set_up_worker() -> Result<i32> {
    let report = standard_output::reserve().map_err(to_js)?;
    weigh::end_with_parent().map_err(to_js)?;
    weigh::outlive_file_limit();
    Ok(report.into_raw_fd())
}

/// Memory, CPU time and I/O of this process from one moment on.
#[napi]
pub struct ProcessWeighing {
    scale: Option<Scale>,
    usage: Usage,
}

#[napi]
impl ProcessWeighing {
    /// Gives free memory back, resets the peak, and begins.
    #[napi(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { scale: Scale::reset(), usage: Usage::of_self() }
    }

    /// Ends: `{rss, cpuNs, io, pageFaults, contextSwitches}` of `Measurement`, and `warnings`, as JSON. Nothing can be weighed
    /// after it.
    #[napi]
    pub fn end(&mut self) -> String {
        let used = self.usage.until_now();
        let weight = self.scale.take().and_then(Scale::read);
        let mut warnings = Vec::new();
        if weight.as_ref().is_some_and(|weight| weight.was_reset) {
            warnings.push(WRITER_RESET);
        }
        if weight.is_none() {
            warnings.push("peak memory of the worker could not be read from /proc: not measured");
        }
        json!({
            "rss": weight.map(|weight| weight.rss),
            "cpuNs": used.cpu(),
            "io": used.io(),
            "pageFaults": used.page_faults(),
            "contextSwitches": used.context_switches(),
            "warnings": warnings,
        })
        .to_string()
    }
}

//! The Node worker's own process: set up as the native worker's is, and weighed with the same scales.

use std::os::fd::IntoRawFd;

use napi::Result;
use napi_derive::napi;
use serde_json::json;
use writeproof_engine::peak::{self, Scale};
use writeproof_engine::weigh::{self, Usage};
use writeproof_engine::{process_tree, standard_output};

use crate::to_js;

/// Moves standard output to a private descriptor, which is returned: what else is printed goes to standard error. The process
/// ends with its parent, orphans of what it starts become its children, and a file beyond the size limit is an error instead of a
/// signal.
#[napi]
pub fn set_up_worker() -> Result<i32> {
    let report = standard_output::reserve().map_err(to_js)?;
    weigh::end_with_parent().map_err(to_js)?;
    weigh::outlive_file_limit();
    process_tree::adopt_orphans();
    Ok(report.into_raw_fd())
}

/// Ends the processes that the module left running; a sentence, where there were any. Node hears of no child's end after it.
#[napi]
pub fn end_leftovers() -> Option<String> {
    process_tree::end_those_of_writer()
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
        let had_processes = used.had_children() || process_tree::has_children();
        let (rss, warnings) = peak::reported(self.scale.take().and_then(Scale::read), had_processes);
        json!({
            "rss": rss,
            "cpuNs": used.cpu(),
            "io": used.io(),
            "pageFaults": used.page_faults(),
            "contextSwitches": used.context_switches(),
            "warnings": warnings,
        })
        .to_string()
    }
}

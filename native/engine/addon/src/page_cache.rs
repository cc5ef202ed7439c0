use std::path::Path;

use napi::Result;
use napi_derive::napi;

use crate::to_js;

/// Asks the kernel to drop a file's clean pages from the page cache.
#[napi]
pub fn drop_from_cache(path: String) -> Result<()> {
    writeproof_reader::drop_from_cache(Path::new(&path)).map_err(to_js)
}

/// Share of a file's pages that lie in the page cache, 0 to 1.
#[napi]
pub fn resident_share(path: String) -> Result<f64> {
    writeproof_reader::resident_share(Path::new(&path)).map_err(to_js)
}

use napi::Result;
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;
use writeproof_raw::{Content, Ratio, Settings};

use crate::to_js;

/// Fills memory with what stands at `offset` of the raw bytes of this seed and size.
#[napi]
pub fn fill_raw(mut into: Uint8ArraySlice, offset: i64, seed: i64, size: i64) -> Result<()> {
    let number = |number: i64| u64::try_from(number).map_err(|_| to_js(format!("0 or more, not {number}")));
    let (offset, seed, size) = (number(offset)?, number(seed)?, number(size)?);
    let content = Content::new(Settings { seed, size, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE });
    // SAFETY: JavaScript waits for this call; nobody else reads or writes the memory meanwhile.
    content.fill(offset, unsafe { into.as_mut() });
    Ok(())
}

/// Bytes from the start of this memory to the first that lies at a multiple of 4096, as O_DIRECT asks for.
#[napi]
pub fn bytes_to_page(memory: Uint8ArraySlice) -> u32 {
    memory.as_ptr().align_offset(4096) as u32
}

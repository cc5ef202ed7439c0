//! Writers that lie, each in one way, around a writer that does not: they prove that the judge sees it. That writer is the Parquet
//! writer, linked in, or, by option `over`, the one in another format's library beside this one.
//!
//! A fault that did not damage anything says so as an error of close, so that it is never counted as caught or missed.

mod batches;
mod fault;
mod files;
mod handicap;
mod honest;
mod nulls;
mod over;
mod rows;
#[cfg(test)]
mod tests;
mod writer;

use writer::FaultyWriter;

writeproof_abi::export_writer!(FaultyWriter);

//! Writers that lie, each in one way, around the Parquet writer that does not: they prove that the judge sees it.
//!
//! A fault that did not damage anything says so as an error of close, so that it is never counted as caught or missed.

mod fault;
mod footer;
mod late;
mod rows;
#[cfg(test)]
mod tests;
mod writer;
mod wrong_format;

use writer::FaultyWriter;

writeproof_abi::export_writer!(FaultyWriter);

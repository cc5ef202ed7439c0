//! Faults of the finished file: what a writer that had done everything right left on disk is damaged after its close.

mod arrow_file;
mod arrow_footer;
mod blocks;
mod contents;
mod file_fault;
mod given;
mod lance_data;
mod lance_manifest;
mod late;
mod page_header;
mod parquet_footer;
mod parquet_pages;
mod parquet_statistics;
mod places;
mod protobuf;
mod raw_bytes;
#[cfg(test)]
mod tests;
pub(crate) mod unsynced;
pub(crate) mod wrong_format;

pub(crate) use file_fault::FileFault;
pub(crate) use given::Given;

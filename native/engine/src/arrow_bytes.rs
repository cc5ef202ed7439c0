//! Size of a batch: the count that facts are told in.

pub use writeproof_tables::arrow_bytes as of_batch;

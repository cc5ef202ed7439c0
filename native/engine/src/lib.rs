//! The engine: runs one case once, in a process of its own, and reports what it saw from outside the writer.
//!
//! A [`protocol::WorkerJob`] names a table, a writer and how batches are to reach it. [`run::write`] opens the source, hands
//! its batches over, takes the clocks, weighs the process, makes the target durable and returns a
//! [`protocol::WorkerReport`]. It judges nothing: whether the rows are there is for the verify process to say.

pub mod arrow_bytes;
pub mod canary;
pub mod clock;
pub mod closing;
pub mod crossing;
pub mod exercise;
pub mod feed;
pub mod handover;
pub mod job;
pub mod library;
pub mod long_call;
pub mod peak;
pub mod phase;
pub mod process_tree;
pub mod profile;
pub mod protocol;
pub mod run;
pub mod standard_output;
pub mod start;
pub mod target;
pub mod weigh;

mod addresses;
mod allocations;
mod capabilities;
mod command;
mod direct;
mod durable;
mod empty_batches;
mod errno;
mod failure;
mod flag_watch;
mod lent;
mod settle;
mod sliced;
mod slices;
mod tail;
mod through_command;
mod through_library;
mod unread;

pub use failure::{Failure, Step};

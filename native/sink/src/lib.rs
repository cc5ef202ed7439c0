//! Where the bytes of every format go: one file, written from front to back, through the page cache or past it.
//!
//! [`Sink`] is an [`std::io::Write`] that ends in [`Sink::finish`]; who makes the bytes himself may fill its buffers in place
//! ([`Sink::lend`]). Three ways lead to the disk ([`Mode`]): `pwrite` through
//! the page cache, `pwrite` under O_DIRECT, and io_uring under O_DIRECT with several buffers in flight. What was asked for
//! is what happens: where O_DIRECT is not to be had, [`Sink::create`] fails with the reason and never writes buffered.
//!
//! No Arrow in it, and no fsync: whoever measures makes the data durable, so that every writer is held to the same end.

mod blocking;
mod direct;
mod error;
mod fault;
mod options;
mod pool;
mod probe;
mod progress;
mod report;
mod ring;
mod sink;

pub use direct::{Alignment, direct_file, require_direct};
pub use error::SinkError;
#[doc(hidden)]
pub use fault::{Effect, Fault, Rule};
pub use options::{Io, Options, Queue};
pub use pool::{Buffer, Pool};
pub use probe::{Probe, probe};
pub use report::{Mode, Report};
pub use sink::Sink;

//! What our writers have in common, whatever their version of Arrow: options read strictly (`given`), batches imported with
//! proof of their addresses (`import`), and a file that fails with the sink's own errno (`output`).

mod given;
mod import;
mod output;

pub use given::{Batching, Given};
pub use import::{Imported, import, import_schema};
pub use output::{Output, remove};

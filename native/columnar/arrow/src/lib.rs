//! The Arrow IPC writer as a shared library behind `writeproof.h`.

use writeproof_columnar::ArrowWriter;

writeproof_abi::export_writer!(ArrowWriter);

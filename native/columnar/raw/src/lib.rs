//! The writer of raw bytes as a shared library behind `writeproof.h`.

use writeproof_columnar::RawWriter;

writeproof_abi::export_writer!(RawWriter);

//! The Parquet writer as a shared library behind `writeproof.h`.

use writeproof_columnar::ParquetWriter;

writeproof_abi::export_writer!(ParquetWriter);

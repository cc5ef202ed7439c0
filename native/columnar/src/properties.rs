//! The options in the terms of arrow-rs.

use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use writeproof_abi::NONCE_KEY;

use crate::options::{Compression, Options, Statistics};

/// Properties of the file and of its columns; the limits of row groups are not among them, they are `row_groups`' own.
pub(crate) fn properties(options: &Options, nonce: &str, dictionary: bool) -> WriterProperties {
    WriterProperties::builder()
        .set_compression(match options.compression {
            Compression::None => Codec::UNCOMPRESSED,
            Compression::Snappy => Codec::SNAPPY,
            Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
        })
        .set_dictionary_enabled(dictionary)
        .set_statistics_enabled(match options.statistics {
            Statistics::Off => EnabledStatistics::None,
            Statistics::Chunk => EnabledStatistics::Chunk,
            Statistics::Page => EnabledStatistics::Page,
        })
        .set_max_row_group_row_count(None)
        .set_key_value_metadata(Some(vec![KeyValue::new(NONCE_KEY.to_owned(), nonce.to_owned())]))
        .build()
}

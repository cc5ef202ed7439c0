//! What the writer says that it can do.

use parquet::file::properties::DEFAULT_CREATED_BY;
use serde_json::{Value, json};

/// Every option that create takes; the first four are given by writeproof always.
pub(crate) const KNOWN: [&str; 12] = [
    "variant",
    "batching",
    "io",
    "threads",
    "compression",
    "rowGroupRows",
    "rowGroupBytes",
    "dictionary",
    "statistics",
    "bufferBytes",
    "buffers",
    "queue",
];

/// Value of `writeproof_capabilities`.
pub(crate) fn capabilities() -> Value {
    json!({
        "name": "parquet",
        // "parquet-rs version 60.1.0"
        "version": DEFAULT_CREATED_BY.rsplit(' ').next(),
        "format": "parquet",
        "extension": "parquet",
        "variants": ["accumulate", "stream", "zero-copy", "direct"],
        "batching": ["per_batch", "at_close"],
        "options": {
            "compression": {
                "default": "snappy", "values": ["none", "snappy", "zstd"],
                "help": "codec of the pages; zstd at level 1",
            },
            "rowGroupRows": { "default": 122_880, "help": "rows after which a row group ends" },
            "rowGroupBytes": {
                "default": 0,
                "help": "encoded bytes after which a row group ends, if it has not ended by rows; 0 is no limit",
            },
            "dictionary": {
                "default": "auto", "values": ["auto", true, false],
                "help": "auto encodes the first row group both ways and keeps, column by column, the smaller; \
                         measured again every 64 row groups",
            },
            "statistics": {
                "default": true, "values": [true, "page", false],
                "help": "min, max and null count of every column chunk; page adds the column index",
            },
            "bufferBytes": { "default": 1 << 20, "help": "size of one buffer of the sink, bytes" },
            "buffers": { "default": 8, "help": "buffers of the sink that may be in flight (io direct)" },
            "queue": {
                "default": "auto", "values": ["auto", "io_uring", "pwrite"],
                "help": "how buffers are written (io direct)",
            },
        },
    })
}

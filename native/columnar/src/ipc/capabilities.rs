//! What the writer says that it can do.

use serde_json::{Value, json};

/// Every option that create takes; the first four are given by writeproof always.
pub const KNOWN: [&str; 10] = [
    "variant",
    "batching",
    "io",
    "threads",
    "container",
    "compression",
    "messageRows",
    "bufferBytes",
    "buffers",
    "queue",
];

/// Value of `writeproof_capabilities`.
pub fn capabilities() -> Value {
    json!({
        "name": "arrow",
        // "parquet-rs version 60.1.0": arrow-rs and its Parquet are released together.
        "version": parquet::file::properties::DEFAULT_CREATED_BY.rsplit(' ').next(),
        "format": "arrow",
        "extension": "arrow",
        "variants": ["accumulate", "stream", "zero-copy", "direct"],
        "batching": ["per_batch", "at_close"],
        "options": {
            "container": {
                "default": "file", "values": ["file", "stream"],
                "help": "file ends in a footer that names every message; stream has none",
            },
            "compression": {
                "default": "none", "values": ["none", "lz4", "zstd"],
                "help": "codec of every buffer; zstd at level 3",
            },
            "messageRows": {
                "default": 0,
                "help": "rows of a message, batches being joined and cut; 0 writes every batch as it came, empty ones too",
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

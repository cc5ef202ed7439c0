//! What the writer says that it can do.

use serde_json::{Value, json};

/// Version of the Lance crates, which stands in every manifest too.
pub const LANCE_VERSION: &str = "14.0.2";

/// Every option that create takes; the first four are given by writeproof always.
pub const KNOWN: [&str; 11] = [
    "variant",
    "batching",
    "io",
    "threads",
    "commit",
    "rowsPerFile",
    "version",
    "cacheBytes",
    "bufferBytes",
    "buffers",
    "queue",
];

/// Value of `writeproof_capabilities`.
pub fn capabilities() -> Value {
    json!({
        "name": "lance",
        "version": LANCE_VERSION,
        "format": "lance",
        "extension": "lance",
        "variants": ["accumulate", "stream", "zero-copy", "direct"],
        "batching": ["per_batch", "at_close"],
        "options": {
            "commit": {
                "default": "insert", "values": ["insert", "fragments", "append"],
                "help": "insert: one stream, one version; fragments: a flush ends a fragment, one version; \
                         append: a flush commits a version",
            },
            "rowsPerFile": { "default": 1 << 20, "help": "rows after which a data file ends, and with it a fragment" },
            "version": {
                "default": "2.2", "values": ["2.0", "2.1", "2.2", "2.3"],
                "help": "version of the data files (data storage version)",
            },
            "cacheBytes": {
                "default": 32 << 20,
                "help": "bytes of all columns together that wait for their pages; Lance's own default is 8 MiB a column",
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

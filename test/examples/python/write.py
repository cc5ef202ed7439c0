"""A writer as a command: an Arrow IPC stream on stdin becomes Parquet at the path in the first argument.

    pip install pyarrow
    npx writeproof check-writer 'python3 write.py {target}'
"""

import sys

import pyarrow.ipc
import pyarrow.parquet

target = sys.argv[1]
compression = sys.argv[2] if len(sys.argv) > 2 else "snappy"

# The stream's schema carries the nonce of the run as metadata; pyarrow stores it with the file's own.
with pyarrow.ipc.open_stream(sys.stdin.buffer) as stream:
    with pyarrow.parquet.ParquetWriter(target, stream.schema, compression=compression) as writer:
        for batch in stream:
            writer.write_batch(batch)

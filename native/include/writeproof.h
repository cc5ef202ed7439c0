/*
 * writeproof.h: the interface between writeproof and a writer of columnar data.
 *
 * A writer is a shared library that exports the functions below. writeproof loads it into a fresh process, hands it
 * Arrow record batches through the Arrow C Data Interface, times it, and then reads what it wrote with another
 * implementation. What a writer says about itself is reported and never believed.
 *
 * It compiles as C11 and as C++17.
 *
 * Order of calls
 *   abi_version, capabilities, create, (write_batch | flush)*, close or abort, destroy
 *   close is called once, after the last batch, also when there was none. When a call fails, writeproof calls abort, then
 *   destroy, and calls nothing else on that writer.
 *
 * Return values
 *   0 is success. Any other value is a failure; a positive one is taken as an errno and printed with its name.
 *   writeproof_last_error then explains it.
 *
 * Ownership
 *   `array` and `schema` of write_batch are *moved* into the writer, whatever is returned: the writer calls their
 *   `release` exactly once, at any later time, on any thread, also after close, but before destroy returns. The buffers
 *   stay valid and unchanged until then. Strings passed in are valid during the call only. `args->schema` of create is
 *   borrowed: copy what is needed, do not release it.
 *
 * Threading
 *   One thread calls at a time, always the same one. The writer may use threads of its own and release arrays on them;
 *   they have ended when destroy returns. So have processes that it started, whose memory is not weighed.
 *
 * Errors
 *   No exception, panic or longjmp crosses this interface.
 */
#ifndef WRITEPROOF_H
#define WRITEPROOF_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Version of this interface. A library built against another version is refused, and both versions are named. */
#define WRITEPROOF_ABI_VERSION 1u

#if defined(_WIN32)
#define WRITEPROOF_EXPORT __declspec(dllexport)
#else
#define WRITEPROOF_EXPORT __attribute__((visibility("default")))
#endif

/* Arrow C Data Interface, as https://arrow.apache.org/docs/format/CDataInterface.html defines it. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

/* Arrow C Stream Interface; needed by the optional reader only. */
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/** One writer of one target; its content is the library's own. */
typedef struct writeproof_writer writeproof_writer;

/** What create is given. Later versions only append fields: read none beyond struct_size. */
typedef struct writeproof_create_args {
  /** sizeof(writeproof_create_args) of the caller. */
  uint32_t struct_size;
  /** WRITEPROOF_ABI_VERSION of the caller. */
  uint32_t abi_version;
  /** UTF-8 path at which nothing exists yet, in an empty directory. The writer makes a file or a directory there. */
  const char* target;
  /**
   * JSON object of options. Always present: "variant" (text), "batching" ("per_batch" | "at_close"),
   * "io" ("buffered" | "direct"), "threads" (integer >= 1). Others are those that capabilities declares.
   * A writer fails create on an option that it does not know.
   */
  const char* options_json;
  /** Text of this run. The writer stores it as schema metadata under the key "writeproof.nonce". */
  const char* nonce;
  /** Schema of every batch that will follow; borrowed. */
  const struct ArrowSchema* schema;
} writeproof_create_args;

/** Returns WRITEPROOF_ABI_VERSION of the header that the library was built with. */
WRITEPROOF_EXPORT uint32_t writeproof_abi_version(void);

/**
 * Returns a JSON object with static life:
 *   {"name": "parquet", "version": "1.2.3", "format": "parquet" | "arrow" | "lance" | "raw" | …, "extension": "parquet",
 *    "variants": ["accumulate", "stream", "zero-copy", "direct"],
 *    "batching": ["per_batch", "at_close"],
 *    "options": {"compression": {"default": "snappy", "values": ["none", "snappy", "zstd"], "help": "…"}, …}}
 * "batching" lists what the writer does itself; where "at_close" is missing, writeproof collects the batches for it.
 */
WRITEPROOF_EXPORT const char* writeproof_capabilities(void);

/** Creates a writer and, on success, sets *out; on failure *out is untouched and last_error(NULL) explains it. */
WRITEPROOF_EXPORT int32_t writeproof_create(const writeproof_create_args* args, writeproof_writer** out);

/** Takes one batch: a struct array of the schema given to create, of 0 or more rows. Moves both structs. */
WRITEPROOF_EXPORT int32_t writeproof_write_batch(writeproof_writer* writer, struct ArrowArray* array,
                                                 struct ArrowSchema* schema);

/**
 * Ends a row group, fragment or message of the format, so that what came so far can leave memory. Called only where a case asks
 * for it (--flush-every); a writer that offers none returns ENOTSUP.
 */
WRITEPROOF_EXPORT int32_t writeproof_flush(writeproof_writer* writer);

/**
 * Ends the target: when it returns 0 the data can be read (durability is writeproof's own fsync). On success *report_json
 * may be set to a JSON object that lives until destroy, or left NULL. Keys that writeproof prints, marked as the writer's
 * word: "rows", "bytes", "encodeNs", "writeNs", "copiedBytes", "addressFold" (see the abi crate), "io" (object).
 */
WRITEPROOF_EXPORT int32_t writeproof_close(writeproof_writer* writer, const char** report_json);

/** Gives up: stops threads and removes what was written at the target. */
WRITEPROOF_EXPORT int32_t writeproof_abort(writeproof_writer* writer);

/** Frees the writer, and releases every array that it still holds. */
WRITEPROOF_EXPORT void writeproof_destroy(writeproof_writer* writer);

/** Text of the last failure, valid until the next call on that writer; NULL asks for that of the last create. */
WRITEPROOF_EXPORT const char* writeproof_last_error(const writeproof_writer* writer);

/**
 * Optional: opens what stands at `target` afresh and streams its rows in order, for formats that no other
 * implementation reads. Returns as create does.
 */
WRITEPROOF_EXPORT int32_t writeproof_open_reader(const char* target, const char* options_json,
                                                 struct ArrowArrayStream* out);

#ifdef __cplusplus
}
#endif

#endif /* WRITEPROOF_H */

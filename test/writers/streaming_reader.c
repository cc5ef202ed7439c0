/*
 * A library whose reader streams the rows 0, 1, 2, … of one int64 column `n`, in batches of three; how many, the name of the target says.
 * `broken` fails after the first batch, `silent` gives no stream, any other name is refused.
 */
#include "writeproof.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 3 };

struct stream {
  int64_t next, rows;
  int breaks;
};

struct batch {
  int64_t values[BATCH_ROWS];
  const void* buffers[2];
  const void* no_buffers[1];
  struct ArrowArray column;
  struct ArrowArray* children[1];
};

uint32_t writeproof_abi_version(void) { return WRITEPROOF_ABI_VERSION; }

const char* writeproof_last_error(const writeproof_writer* writer) {
  (void)writer;
  return "the target's name is no number";
}

static void release_nothing(struct ArrowSchema* schema) { schema->release = NULL; }

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  static const char metadata[] = {1, 0, 0, 0, 16, 0, 0, 0, 'w', 'r', 'i', 't', 'e', 'p', 'r', 'o', 'o', 'f', '.', 'n', 'o',
                                  'n', 'c', 'e', 3, 0, 0, 0, 'o', 'u', 'r'};
  static struct ArrowSchema column;
  static struct ArrowSchema* children[1] = {&column};
  (void)stream;
  column = (struct ArrowSchema){"l", "n", NULL, 0, 0, NULL, NULL, release_nothing, NULL};
  *out = (struct ArrowSchema){"+s", "", metadata, 0, 1, children, NULL, release_nothing, NULL};
  return 0;
}

static void release_column(struct ArrowArray* array) { array->release = NULL; }

static void release_batch(struct ArrowArray* array) {
  free(array->private_data);
  array->release = NULL;
}

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  struct stream* state = stream->private_data;
  struct batch* batch;
  int64_t length = state->rows - state->next;
  if (state->breaks && state->next > 0) return 5;
  memset(out, 0, sizeof *out);
  if (length <= 0) return 0;
  if (length > BATCH_ROWS) length = BATCH_ROWS;
  batch = calloc(1, sizeof *batch);
  for (int64_t row = 0; row < length; row += 1) batch->values[row] = state->next + row;
  state->next += length;
  batch->buffers[1] = batch->values;
  batch->column = (struct ArrowArray){length, 0, 0, 2, 0, batch->buffers, NULL, NULL, release_column, NULL};
  batch->children[0] = &batch->column;
  *out = (struct ArrowArray){length, 0, 0, 1, 1, batch->no_buffers, batch->children, NULL, release_batch, batch};
  return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return "the second batch is torn";
}

static void release_stream(struct ArrowArrayStream* stream) {
  free(stream->private_data);
  stream->release = NULL;
}

int32_t writeproof_open_reader(const char* target, const char* options_json, struct ArrowArrayStream* out) {
  const char* slash = strrchr(target, '/');
  const char* name = slash == NULL ? target : slash + 1;
  const int breaks = strcmp(name, "broken") == 0;
  char* end;
  const long rows = breaks ? 9 : strtol(name, &end, 10);
  struct stream* state;
  (void)options_json;
  if (strcmp(name, "silent") == 0) return 0;
  if (!breaks && *end != '\0') return 22;
  state = calloc(1, sizeof *state);
  state->rows = rows;
  state->breaks = breaks;
  *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, state};
  return 0;
}

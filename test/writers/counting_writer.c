/*
 * A writer in plain C: counts rows and leaves a few lines of text. It proves that writeproof.h can be implemented without
 * Rust, and misbehaves on demand, so that tests see how a worker bears it. It compiles as C11 and as C++17.
 *
 * Option "mode": normal, or one of the names in MODES.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "writeproof.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum mode {
  NORMAL,
  FAIL_CREATE,
  FAIL_WRITE,
  FAIL_CLOSE,
  EXIT,
  ABORT,
  HANG,
  PRINT,
  SILENT,
  RELEASE_ELSEWHERE,
  MODE_COUNT
};

static const char* const MODES[MODE_COUNT] = {
    "normal",     /* does what it should */
    "fail-create", /* create fails with EACCES */
    "fail-write", /* write_batch fails with ENOSPC */
    "fail-close", /* close fails with EIO */
    "exit",       /* write_batch ends the process with status 3 */
    "abort",      /* write_batch ends the process by SIGABRT */
    "hang",       /* write_batch never returns */
    "print",      /* write_batch prints 4 MiB to stdout and to stderr */
    "silent",     /* everything succeeds, and nothing is written */
    "release-elsewhere" /* each batch is released on a thread of its own */
};

/* Both structs of a batch, moved out of the caller's. */
struct batch {
  struct ArrowArray array;
  struct ArrowSchema schema;
};

struct writeproof_writer {
  enum mode mode;
  char* target;
  char* nonce;
  int64_t columns;
  int64_t batches;
  int64_t rows;
  pthread_t releaser;
  int releasing;
  char error[512];
  char report[128];
};

static char create_error[512];

static void release_batch(struct batch* batch) {
  if (batch->array.release != NULL) batch->array.release(&batch->array);
  if (batch->schema.release != NULL) batch->schema.release(&batch->schema);
  free(batch);
}

static void* release_on_thread(void* batch) {
  release_batch((struct batch*)batch);
  return NULL;
}

static void wait_for_releaser(writeproof_writer* writer) {
  if (writer->releasing) pthread_join(writer->releaser, NULL);
  writer->releasing = 0;
}

static int32_t fail(char* error, int32_t status, const char* what, const char* detail) {
  snprintf(error, 512, "counting writer: %s%s", what, detail);
  return status;
}

/* Copies a JSON string (without escapes) that begins at its opening quote, and returns what follows it. */
static const char* copy_string(const char* json, char* out, size_t size) {
  size_t length = 0;
  for (json++; *json != '\0' && *json != '"'; json++) {
    if (length + 1 < size) out[length++] = *json;
  }
  out[length] = '\0';
  return *json == '"' ? json + 1 : json;
}

static const char* skip_blanks(const char* json) { return json + strspn(json, " \t\r\n"); }

/* Reads a flat JSON object: takes "mode", accepts what is always present, and refuses every other option. */
static int32_t read_options(const char* json, enum mode* mode) {
  char key[64];
  char value[64];
  for (json = strchr(json, '"'); json != NULL; json = strchr(json, '"')) {
    json = skip_blanks(copy_string(json, key, sizeof key));
    if (*json != ':') return fail(create_error, EINVAL, "options_json is not a flat JSON object at ", key);
    json = skip_blanks(json + 1);
    value[0] = '\0';
    if (*json == '"') json = copy_string(json, value, sizeof value);
    if (strcmp(key, "mode") == 0) {
      int index = 0;
      while (index < MODE_COUNT && strcmp(MODES[index], value) != 0) index++;
      if (index == MODE_COUNT) return fail(create_error, EINVAL, "unknown mode: ", value);
      *mode = (enum mode)index;
    } else if (strcmp(key, "io") == 0) {
      if (strcmp(value, "direct") == 0) return fail(create_error, EINVAL, "io is buffered only, not ", value);
    } else if (strcmp(key, "variant") != 0 && strcmp(key, "batching") != 0 && strcmp(key, "threads") != 0) {
      return fail(create_error, EINVAL, "unknown option: ", key);
    }
  }
  return 0;
}

static void print_much(FILE* stream) {
  char line[1024];
  int index;
  memset(line, '#', sizeof line);
  line[sizeof line - 1] = '\n';
  for (index = 0; index < 4096; index++) fwrite(line, 1, sizeof line, stream);
  fflush(stream);
}

uint32_t writeproof_abi_version(void) { return WRITEPROOF_ABI_VERSION; }

const char* writeproof_capabilities(void) {
  return "{\"name\": \"counting\", \"version\": \"1.0.0\", \"format\": \"raw\", \"extension\": \"txt\","
         " \"variants\": [\"accumulate\", \"stream\", \"zero-copy\"], \"batching\": [\"per_batch\"],"
         " \"options\": {\"mode\": {\"default\": \"normal\", \"values\": [\"normal\", \"fail-create\", \"fail-write\","
         " \"fail-close\", \"exit\", \"abort\", \"hang\", \"print\", \"silent\", \"release-elsewhere\"],"
         " \"help\": \"how to misbehave\"}}}";
}

int32_t writeproof_create(const writeproof_create_args* args, writeproof_writer** out) {
  enum mode mode = NORMAL;
  writeproof_writer* writer;
  int32_t status;
  if (args->abi_version != WRITEPROOF_ABI_VERSION || args->struct_size < sizeof *args) {
    return fail(create_error, EINVAL, "the caller speaks another ABI version", "");
  }
  status = read_options(args->options_json, &mode);
  if (status != 0) return status;
  if (mode == FAIL_CREATE) return fail(create_error, EACCES, "create fails as asked: ", args->target);
  writer = (writeproof_writer*)calloc(1, sizeof *writer);
  if (writer == NULL) return fail(create_error, ENOMEM, "no memory", "");
  writer->mode = mode;
  writer->target = strdup(args->target);
  writer->nonce = strdup(args->nonce);
  writer->columns = args->schema->n_children;
  if (writer->target == NULL || writer->nonce == NULL) {
    writeproof_destroy(writer);
    return fail(create_error, ENOMEM, "no memory", "");
  }
  *out = writer;
  return 0;
}

int32_t writeproof_write_batch(writeproof_writer* writer, struct ArrowArray* array, struct ArrowSchema* schema) {
  struct batch* batch = (struct batch*)malloc(sizeof *batch);
  if (batch == NULL) {
    array->release(array);
    schema->release(schema);
    return fail(writer->error, ENOMEM, "no memory", "");
  }
  /* Moving: the copy is the owner now, and the original says so. */
  batch->array = *array;
  batch->schema = *schema;
  array->release = NULL;
  schema->release = NULL;
  writer->batches += 1;
  writer->rows += batch->array.length;
  if (writer->mode == RELEASE_ELSEWHERE) {
    wait_for_releaser(writer);
    if (pthread_create(&writer->releaser, NULL, release_on_thread, batch) == 0) {
      writer->releasing = 1;
      return 0;
    }
  }
  release_batch(batch);
  switch (writer->mode) {
    case FAIL_WRITE:
      return fail(writer->error, ENOSPC, "write fails as asked: ", writer->target);
    case EXIT:
      exit(3);
    case ABORT:
      abort();
    case HANG:
      for (;;) pause();
    case PRINT:
      print_much(stdout);
      print_much(stderr);
      return 0;
    default:
      return 0;
  }
}

int32_t writeproof_flush(writeproof_writer* writer) {
  (void)writer;
  return 0;
}

int32_t writeproof_close(writeproof_writer* writer, const char** report_json) {
  FILE* file;
  int written = 0;
  if (writer->mode == FAIL_CLOSE) return fail(writer->error, EIO, "close fails as asked: ", writer->target);
  if (writer->mode != SILENT) {
    file = fopen(writer->target, "wx");
    if (file == NULL) return fail(writer->error, errno, "cannot create ", writer->target);
    written = fprintf(file, "writeproof.nonce=%s\ncolumns=%lld\nbatches=%lld\nrows=%lld\n", writer->nonce,
                      (long long)writer->columns, (long long)writer->batches, (long long)writer->rows);
    if (fclose(file) != 0 || written < 0) return fail(writer->error, EIO, "cannot write ", writer->target);
  }
  if (report_json != NULL) {
    snprintf(writer->report, sizeof writer->report, "{\"rows\": %lld, \"bytes\": %d}", (long long)writer->rows, written);
    *report_json = writer->report;
  }
  return 0;
}

int32_t writeproof_abort(writeproof_writer* writer) {
  wait_for_releaser(writer);
  if (unlink(writer->target) != 0 && errno != ENOENT) {
    return fail(writer->error, errno, "cannot remove ", writer->target);
  }
  return 0;
}

void writeproof_destroy(writeproof_writer* writer) {
  wait_for_releaser(writer);
  free(writer->target);
  free(writer->nonce);
  free(writer);
}

const char* writeproof_last_error(const writeproof_writer* writer) {
  return writer == NULL ? create_error : writer->error;
}

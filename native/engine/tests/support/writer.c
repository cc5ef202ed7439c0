/* A writer for the engine's tests: stores 64 KiB a batch, and misbehaves as the option "fault" asks. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "writeproof.h"

#ifndef ABI
#define ABI WRITEPROOF_ABI_VERSION
#endif
#ifndef BATCHING
#define BATCHING "\"per_batch\",\"at_close\""
#endif

enum { BLOCK = 65536 };

struct writeproof_writer {
  char options[1024], target[4096], report[256];
  int file, batches, decoy;
  uint64_t fold;
};

static char last_error[256];

static int asks(const struct writeproof_writer* writer, const char* text) { return strstr(writer->options, text) != NULL; }

static uint64_t mixed(uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static uint64_t folded(const struct ArrowArray* array, uint64_t* index) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < array->n_buffers; i++) {
    *index += 1;
    if (array->buffers[i]) sum += mixed((uint64_t)(uintptr_t)array->buffers[i] + *index);
  }
  for (int64_t i = 0; i < array->n_children; i++) sum += folded(array->children[i], index);
  return sum;
}

/* A process of a session of its own, which holds nothing of ours open. */
static pid_t started(unsigned seconds) {
  pid_t process = fork();
  if (process == 0) {
    setsid();
    for (int file = 0; file < 64; file++) close(file);
    sleep(seconds);
    _exit(0);
  }
  return process;
}

uint32_t writeproof_abi_version(void) { return ABI; }

const char* writeproof_capabilities(void) {
  return "{\"name\":\"test\",\"variants\":[\"accumulate\",\"stream\",\"zero-copy\",\"direct\"],\"batching\":[" BATCHING "]}";
}

int32_t writeproof_create(const writeproof_create_args* args, writeproof_writer** out) {
  struct writeproof_writer* writer = calloc(1, sizeof *writer);
  snprintf(writer->options, sizeof writer->options, "%s", args->options_json);
  snprintf(writer->target, sizeof writer->target, "%s", args->target);
  if (asks(writer, "refuse create")) {
    snprintf(last_error, sizeof last_error, "no such option: fault");
    free(writer);
    return -1;
  }
  int direct = asks(writer, "\"io\":\"direct\"") && !asks(writer, "not direct") ? O_DIRECT : 0;
  writer->file = open(writer->target, O_CREAT | O_EXCL | O_WRONLY | direct, 0644);
  if (writer->file < 0) {
    int32_t error = errno;
    snprintf(last_error, sizeof last_error, "cannot open %s", args->target);
    free(writer);
    return error;
  }
  if (asks(writer, "decoy")) {
    /* Open with O_DIRECT until close: another file of the directory, or only for reading the target itself. */
    char decoy[4200];
    snprintf(decoy, sizeof decoy, asks(writer, "reading decoy") ? "%s" : "%s.decoy", writer->target);
    writer->decoy = open(decoy, O_DIRECT | (asks(writer, "reading decoy") ? O_RDONLY : O_CREAT | O_WRONLY), 0644);
    if (writer->decoy < 0) abort();
  }
  if (asks(writer, "print")) {
    printf("{\"outcome\":\"done\"}\n");
    fflush(stdout);
  }
  if (asks(writer, "leave process")) fprintf(stderr, "process %d\n", started(20));
  if (asks(writer, "have process")) waitpid(started(0), NULL, 0);
  *out = writer;
  return 0;
}

int32_t writeproof_write_batch(writeproof_writer* writer, struct ArrowArray* array, struct ArrowSchema* schema) {
  uint64_t index = 0;
  writer->fold += folded(array, &index);
  struct ArrowArray copy = *array;
  if (!asks(writer, "keep batches")) array->release(array);
  if (asks(writer, "release twice")) copy.release(&copy);
  struct ArrowSchema schema_copy = *schema;
  if (!asks(writer, "keep schemas")) schema->release(schema);
  if (asks(writer, "release schemas again")) schema_copy.release(&schema_copy);
  writer->batches++;
  if (writer->batches == 3 && asks(writer, "full disk")) {
    snprintf(last_error, sizeof last_error, "write at offset %d: no space", 2 * BLOCK);
    return ENOSPC;
  }
  if (writer->batches == 3 && asks(writer, "no errno")) {
    snprintf(last_error, sizeof last_error, "it is Monday");
    return -1;
  }
  void* block;
  if (posix_memalign(&block, 4096, BLOCK)) return ENOMEM;
  memset(block, 'a' + writer->batches, BLOCK);
  ssize_t written = write(writer->file, block, BLOCK);
  free(block);
  if (writer->batches == 3 && asks(writer, "reset peak")) {
    /* 200 MiB for as long as a sample may need, then hidden. */
    size_t bytes = 200u << 20;
    char* memory = malloc(bytes);
    if (!memory) return ENOMEM;
    memset(memory, 1, bytes);
    usleep(100000);
    free(memory);
    malloc_trim(0);
    int refs = open("/proc/self/clear_refs", O_WRONLY);
    if (write(refs, "5", 1) != 1) abort();
    close(refs);
  }
  return written == BLOCK ? 0 : EIO;
}

int32_t writeproof_flush(writeproof_writer* writer) {
  (void)writer;
  return 0;
}

int32_t writeproof_close(writeproof_writer* writer, const char** report_json) {
  if (asks(writer, "close fails")) {
    snprintf(last_error, sizeof last_error, "the footer did not fit");
    return EIO;
  }
  close(writer->file);
  if (asks(writer, "decoy")) {
    char decoy[4200];
    snprintf(decoy, sizeof decoy, "%s.decoy", writer->target);
    close(writer->decoy);
    if (!asks(writer, "kept decoy")) unlink(decoy);
  }
  uint64_t fold = asks(writer, "other memory") ? 1 : writer->fold;
  snprintf(writer->report, sizeof writer->report, "{\"addressFold\":\"%016llx\",\"encodeNs\":7,\"batches\":%d}",
           (unsigned long long)fold, writer->batches);
  *report_json = asks(writer, "say nothing") ? NULL : writer->report;
  return 0;
}

int32_t writeproof_abort(writeproof_writer* writer) {
  char marker[4200];
  /* Left behind on purpose: removing what a writer forgets is the engine's part. */
  snprintf(marker, sizeof marker, "%s.forgotten", writer->target);
  close(open(marker, O_CREAT | O_WRONLY, 0644));
  close(writer->file);
  fprintf(stderr, "aborted\n");
  return 0;
}

void writeproof_destroy(writeproof_writer* writer) {
  if (asks(writer, "\"late\"")) {
    int file = open(writer->target, O_WRONLY | O_APPEND);
    if (write(file, "late", 4) != 4) abort();
    close(file);
  }
  if (asks(writer, "disguised")) {
    struct stat before;
    int file = open(writer->target, O_WRONLY);
    if (fstat(file, &before) || pwrite(file, "late", 4, 0) != 4) abort();
    struct timespec times[2] = {before.st_atim, before.st_mtim};
    if (futimens(file, times)) abort();
    close(file);
  }
  fprintf(stderr, "destroyed\n");
  free(writer);
}

#ifndef WITHOUT_LAST_ERROR
const char* writeproof_last_error(const writeproof_writer* writer) {
  (void)writer;
  return last_error;
}
#endif

/*
 * Loads a writer as a caller in C would, and prints every answer: driver LIBRARY TARGET OPTIONS_JSON BATCHES.
 * Each batch is a struct array of 3 rows and one int32 column, and counts its releases.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "writeproof.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int32_t VALUES[3] = {1, 2, 3};
static const void* VALUE_BUFFERS[2] = {NULL, VALUES};
static const void* ROW_BUFFERS[1] = {NULL};

static pthread_t caller;
static int arrays_released;
static int schemas_released;
static int released_elsewhere;

static void release_array(struct ArrowArray* array) {
  __atomic_add_fetch(&arrays_released, 1, __ATOMIC_SEQ_CST);
  if (!pthread_equal(caller, pthread_self())) __atomic_add_fetch(&released_elsewhere, 1, __ATOMIC_SEQ_CST);
  free(array->children[0]);
  free(array->children);
  array->release = NULL;
}

static void release_schema(struct ArrowSchema* schema) {
  __atomic_add_fetch(&schemas_released, 1, __ATOMIC_SEQ_CST);
  free(schema->children[0]);
  free(schema->children);
  schema->release = NULL;
}

static void make_array(struct ArrowArray* array) {
  struct ArrowArray* column = (struct ArrowArray*)calloc(1, sizeof *column);
  column->length = 3;
  column->n_buffers = 2;
  column->buffers = VALUE_BUFFERS;
  memset(array, 0, sizeof *array);
  array->length = 3;
  array->n_buffers = 1;
  array->buffers = ROW_BUFFERS;
  array->n_children = 1;
  array->children = (struct ArrowArray**)malloc(sizeof column);
  array->children[0] = column;
  array->release = release_array;
}

static void make_schema(struct ArrowSchema* schema) {
  struct ArrowSchema* column = (struct ArrowSchema*)calloc(1, sizeof *column);
  column->format = "i";
  column->name = "value";
  memset(schema, 0, sizeof *schema);
  schema->format = "+s";
  schema->name = "";
  schema->n_children = 1;
  schema->children = (struct ArrowSchema**)malloc(sizeof column);
  schema->children[0] = column;
  schema->release = release_schema;
}

/* Declares a pointer of the header's own type for a function, and looks it up; what is missing is named. */
#define LOAD(name)                                           \
  __typeof__(&writeproof_##name) name;                       \
  *(void**)(&name) = dlsym(library, "writeproof_" #name);    \
  if (name == NULL) {                                        \
    fprintf(stderr, "missing: writeproof_" #name "\n");      \
    return 1;                                                \
  }

int main(int count, char** arguments) {
  writeproof_writer* writer = NULL;
  writeproof_create_args args;
  struct ArrowSchema schema;
  const char* report = NULL;
  int32_t status;
  int batch;
  void* library;
  if (count != 5) return 1;
  library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  LOAD(abi_version)
  LOAD(capabilities)
  LOAD(create)
  LOAD(write_batch)
  LOAD(flush)
  LOAD(close)
  LOAD(abort)
  LOAD(destroy)
  LOAD(last_error)
  caller = pthread_self();
  printf("abi_version %u\n", abi_version());
  printf("capabilities %s\n", capabilities());
  make_schema(&schema);
  args.struct_size = sizeof args;
  args.abi_version = WRITEPROOF_ABI_VERSION;
  args.target = arguments[2];
  args.options_json = arguments[3];
  args.nonce = "nonce-of-the-driver";
  args.schema = &schema;
  status = create(&args, &writer);
  printf("create %d\n", status);
  if (status != 0) {
    printf("last_error %s\n", last_error(NULL));
    return 0;
  }
  for (batch = 0; batch < atoi(arguments[4]) && status == 0; batch++) {
    struct ArrowArray array;
    struct ArrowSchema described;
    make_array(&array);
    make_schema(&described);
    fflush(stdout);
    status = write_batch(writer, &array, &described);
    printf("write_batch %d\n", status);
    if (status == 0) printf("flush %d\n", flush(writer));
  }
  if (status == 0) {
    status = close(writer, &report);
    printf("close %d\n", status);
    if (status == 0) printf("report %s\n", report == NULL ? "NULL" : report);
  }
  if (status != 0) {
    printf("last_error %s\n", last_error(writer));
    printf("abort %d\n", abort(writer));
  }
  destroy(writer);
  schema.release(&schema);
  printf("released %d arrays, %d schemas, %d on another thread\n", arrays_released, schemas_released, released_elsewhere);
  return 0;
}

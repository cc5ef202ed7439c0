/* A library with every function, built against an interface that does not exist. */
#include "writeproof.h"

#include <stddef.h>

uint32_t writeproof_abi_version(void) { return 99; }

const char* writeproof_capabilities(void) { return "{}"; }

int32_t writeproof_create(const writeproof_create_args* args, writeproof_writer** out) {
  (void)args;
  (void)out;
  return -1;
}

int32_t writeproof_write_batch(writeproof_writer* writer, struct ArrowArray* array, struct ArrowSchema* schema) {
  (void)writer;
  array->release(array);
  schema->release(schema);
  return -1;
}

int32_t writeproof_flush(writeproof_writer* writer) {
  (void)writer;
  return -1;
}

int32_t writeproof_close(writeproof_writer* writer, const char** report_json) {
  (void)writer;
  (void)report_json;
  return -1;
}

int32_t writeproof_abort(writeproof_writer* writer) {
  (void)writer;
  return -1;
}

void writeproof_destroy(writeproof_writer* writer) { (void)writer; }

const char* writeproof_last_error(const writeproof_writer* writer) {
  (void)writer;
  return "built against version 99";
}

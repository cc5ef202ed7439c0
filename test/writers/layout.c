/* Prints the layout of the interface as the C compiler sees it, in the words of native/include/layout.txt. */
#include "writeproof.h"

#include <stddef.h>
#include <stdio.h>

#define SIZE(name, type) printf("sizeof " name " %zu\n", sizeof(type))
#define OFFSET(name, type, field) printf("offsetof " name "." #field " %zu\n", offsetof(type, field))

int main(void) {
  printf("abi version %u\n", WRITEPROOF_ABI_VERSION);
  SIZE("ArrowArray", struct ArrowArray);
  OFFSET("ArrowArray", struct ArrowArray, length);
  OFFSET("ArrowArray", struct ArrowArray, null_count);
  OFFSET("ArrowArray", struct ArrowArray, offset);
  OFFSET("ArrowArray", struct ArrowArray, n_buffers);
  OFFSET("ArrowArray", struct ArrowArray, n_children);
  OFFSET("ArrowArray", struct ArrowArray, buffers);
  OFFSET("ArrowArray", struct ArrowArray, children);
  OFFSET("ArrowArray", struct ArrowArray, dictionary);
  OFFSET("ArrowArray", struct ArrowArray, release);
  OFFSET("ArrowArray", struct ArrowArray, private_data);
  SIZE("ArrowSchema", struct ArrowSchema);
  OFFSET("ArrowSchema", struct ArrowSchema, format);
  OFFSET("ArrowSchema", struct ArrowSchema, name);
  OFFSET("ArrowSchema", struct ArrowSchema, metadata);
  OFFSET("ArrowSchema", struct ArrowSchema, flags);
  OFFSET("ArrowSchema", struct ArrowSchema, n_children);
  OFFSET("ArrowSchema", struct ArrowSchema, children);
  OFFSET("ArrowSchema", struct ArrowSchema, dictionary);
  OFFSET("ArrowSchema", struct ArrowSchema, release);
  OFFSET("ArrowSchema", struct ArrowSchema, private_data);
  SIZE("ArrowArrayStream", struct ArrowArrayStream);
  SIZE("CreateArgs", writeproof_create_args);
  OFFSET("CreateArgs", writeproof_create_args, struct_size);
  OFFSET("CreateArgs", writeproof_create_args, abi_version);
  OFFSET("CreateArgs", writeproof_create_args, target);
  OFFSET("CreateArgs", writeproof_create_args, options_json);
  OFFSET("CreateArgs", writeproof_create_args, nonce);
  OFFSET("CreateArgs", writeproof_create_args, schema);
  return 0;
}

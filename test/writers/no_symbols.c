/* A shared library that is no writer. */
#if defined(__cplusplus)
extern "C"
#endif
int no_writer_here(void);

int no_writer_here(void) { return 0; }

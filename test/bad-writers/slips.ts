/**
 * Slips in the worked example in C++, each made by changing one line of it, and what `check-writer` must say. A library has
 * several that do not hide one another.
 */

export interface Slip {
  readonly library: 'first' | 'second' | 'third' | 'fourth';
  readonly line: string;
  readonly instead: string;
  /** The check that is wrong, what it finds, and what it advises. */
  readonly check: RegExp;
  readonly found: RegExp;
  readonly advice: RegExp;
}

export const SLIPS: Readonly<{ [name: string]: Slip }> = {
  'abort leaves the file': {
    library: 'first',
    line: 'return std::remove(writer->target.c_str()) == 0 ? 0 : errno;',
    instead: 'return writer == nullptr;',
    check: /^abort after two batches$/,
    found: /^it left nation\.parquet$/,
    advice: /^remove in abort/,
  },
  'abort ends the process': {
    library: 'second',
    line: 'return std::remove(writer->target.c_str()) == 0 ? 0 : errno;',
    instead: 'return writer == nullptr ? 0 : (std::abort(), 0);',
    check: /^abort after two batches$/,
    found: /^it ended the process by SIGABRT$/,
    advice: /^no step may end the process/,
  },
  'abort ends the process as if all were well': {
    library: 'fourth',
    line: 'return std::remove(writer->target.c_str()) == 0 ? 0 : errno;',
    instead: 'return writer == nullptr ? 0 : (std::exit(0), 0);',
    check: /^abort after two batches$/,
    found: /^it ended the process with exit code 0$/,
    advice: /^no step may end the process/,
  },
  'options are not read': {
    library: 'first',
    line: 'check_options(args->options_json);',
    instead: 'if (args->options_json == nullptr) check_options("");',
    check: /^an unknown option$/,
    found: /^every call succeeded$/,
    advice: /^fail create on an option/,
  },
  'a failure without a word': {
    library: 'second',
    line: 'error = failure.what();',
    instead: 'error.clear();',
    check: /^an unknown option$/,
    found: /^refused in create, without a word$/,
    advice: /^let last_error say/,
  },
  'a target that cannot be made is ignored': {
    library: 'first',
    line: 'if (writer->file == nullptr) throw Failure(errno, writer->target + ": " + std::strerror(errno));',
    instead: 'if (writer->file == nullptr) writer->file = std::fopen("/dev/null", "wb");',
    check: /^a target that cannot be written$/,
    found: /^every call succeeded$/,
    advice: /^report a target that cannot be made/,
  },
  'batches are released twice': {
    library: 'second',
    line: 'array->release(array);',
    instead: 'ArrowArray copy = *array; array->release(array); copy.release(&copy);',
    check: /^stream, nation@0\.01$/,
    found: /the writer released 1 batch a second time/,
    advice: /call release once/,
  },
  'batches are kept': {
    library: 'third',
    line: 'array->release(array);',
    instead: '',
    check: /^stream, nation@0\.01$/,
    found: /the writer still held 1 batch after destroy/,
    advice: /call release once, and before destroy returns/,
  },
  'schemas are released twice': {
    library: 'third',
    line: 'schema->release(schema);',
    instead: 'ArrowSchema copy = *schema; schema->release(schema); copy.release(&copy);',
    check: /^stream, nation@0\.01$/,
    found: /the writer released the schema of 1 batch a second time/,
    advice: /call release once/,
  },
  'schemas are kept': {
    library: 'second',
    line: 'schema->release(schema);',
    instead: '(void)schema;',
    check: /^stream, nation@0\.01$/,
    found: /the writer still held the schema of 1 batch after destroy/,
    advice: /call release once, and before destroy returns/,
  },
  'the last rows are forgotten': {
    library: 'fourth',
    line: '    end_row_group();\n    std::string footer = metadata();',
    instead: '    std::string footer = metadata();',
    check: /^stream, nation@0\.01$/,
    found: /N rows by reading: expected 25, found 0/,
    advice: /^write every row of every batch/,
  },
  'the nonce is not stored': {
    library: 'first',
    line: 'std::string_view("writeproof.nonce")',
    instead: 'std::string_view("nonce")',
    check: /^stream, nation@0\.01$/,
    found: /M nonce of the run/,
    advice: /^store the nonce/,
  },
  'one writer leaves something for the next': {
    library: 'third',
    line: '  std::vector<RowGroup> groups;',
    instead: '  inline static std::vector<RowGroup> groups;',
    check: /^two writers in turn in one process$/,
    found: /^the second file: /,
    advice: /./,
  },
};

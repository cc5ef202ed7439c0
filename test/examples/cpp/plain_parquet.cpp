/*
 * A writer in C++17 behind writeproof.h, without any library: plain, uncompressed Parquet of required columns of the types
 * that TPC-H has. Whatever else a schema holds is refused by create, with a sentence.
 *
 *   c++ -std=c++17 -O2 -shared -fPIC -I native/include -o libplain_parquet.so plain_parquet.cpp
 *   npx writeproof check-writer ./libplain_parquet.so
 */
#include "writeproof.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "thrift.hpp"

namespace {

/* Numbers of parquet.thrift. */
enum Physical : int32_t { INT32 = 1, INT64 = 2, BYTE_ARRAY = 6, FIXED_LEN_BYTE_ARRAY = 7 };
enum Converted : int32_t { NONE = -1, UTF8 = 0, DECIMAL = 5, DATE = 6 };
constexpr int32_t PLAIN = 0, RLE = 3, UNCOMPRESSED = 0, REQUIRED = 0, DATA_PAGE = 0;
constexpr int64_t ROW_GROUP_ROWS = 65536;
constexpr int32_t DECIMAL_BYTES = 16;

struct Failure : std::runtime_error {
  int32_t status;
  Failure(int32_t status, const std::string& text) : std::runtime_error(text), status(status) {}
};

struct Column {
  std::string name;
  Physical physical;
  Converted converted = NONE;
  int32_t precision = 0, scale = 0;
  std::string values;  // PLAIN, of the row group that is being filled
};

struct Chunk {
  int64_t offset, bytes;
};
struct RowGroup {
  int64_t rows;
  std::vector<Chunk> chunks;
};

Column column_of(const ArrowSchema& field) {
  const std::string format = field.format;
  Column column;
  column.name = field.name;
  if (field.flags & ARROW_FLAG_NULLABLE) throw Failure(-1, "column " + column.name + " is nullable: this writer has no nulls");
  if (format == "l") {
    column.physical = INT64;
  } else if (format == "i" || format == "tdD") {
    column.physical = INT32;
    if (format == "tdD") column.converted = DATE;
  } else if (format == "u") {
    column.physical = BYTE_ARRAY;
    column.converted = UTF8;
  } else if (std::sscanf(field.format, "d:%d,%d", &column.precision, &column.scale) == 2 &&
             format == "d:" + std::to_string(column.precision) + "," + std::to_string(column.scale)) {
    column.physical = FIXED_LEN_BYTE_ARRAY;
    column.converted = DECIMAL;
  } else {
    throw Failure(-1, "column " + column.name + " has Arrow format \"" + format +
                          "\": expected int32, int64, date32, decimal128 or utf8");
  }
  return column;
}

/* Rows from `first` on, in Parquet's PLAIN encoding; `first` counts the offsets of the struct and of the child. */
void append(Column& column, const ArrowArray& child, int64_t first, int64_t rows) {
  const auto* data = static_cast<const char*>(child.buffers[1]);
  switch (column.physical) {
    case INT32:
      column.values.append(data + first * 4, static_cast<size_t>(rows) * 4);
      break;
    case INT64:
      column.values.append(data + first * 8, static_cast<size_t>(rows) * 8);
      break;
    case FIXED_LEN_BYTE_ARRAY:
      for (int64_t row = first; row < first + rows; row++) {
        char value[DECIMAL_BYTES];
        std::reverse_copy(data + row * DECIMAL_BYTES, data + (row + 1) * DECIMAL_BYTES, value);
        column.values.append(value, DECIMAL_BYTES);
      }
      break;
    case BYTE_ARRAY: {
      const auto* offsets = reinterpret_cast<const int32_t*>(data);
      const auto* text = static_cast<const char*>(child.buffers[2]);
      for (int64_t row = first; row < first + rows; row++) {
        const int32_t length = offsets[row + 1] - offsets[row];
        column.values.append(reinterpret_cast<const char*>(&length), sizeof length);
        column.values.append(text + offsets[row], static_cast<size_t>(length));
      }
    }
  }
}

}  // namespace

struct writeproof_writer {
  std::string target, nonce, error;
  std::FILE* file = nullptr;
  std::vector<Column> columns;
  std::vector<RowGroup> groups;
  int64_t rows = 0;      // of the row group that is being filled
  int64_t position = 0;  // in the file

  ~writeproof_writer() {
    if (file != nullptr) std::fclose(file);
  }

  void write(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) {
      throw Failure(errno, target + ": " + std::strerror(errno) + " at byte " + std::to_string(position));
    }
    position += static_cast<int64_t>(bytes.size());
  }

  void end_row_group() {
    if (rows == 0) return;
    RowGroup group{rows, {}};
    for (Column& column : columns) {
      const auto bytes = static_cast<int32_t>(column.values.size());
      Thrift page;
      page.field(1, DATA_PAGE);
      page.field(2, bytes);
      page.field(3, bytes);
      page.begin_struct(5);
      page.field(1, static_cast<int32_t>(rows));
      page.field(2, PLAIN);
      page.field(3, RLE);
      page.field(4, RLE);
      page.end_struct();
      page.end_struct();
      const int64_t offset = position;
      write(page.bytes());
      write(column.values);
      group.chunks.push_back({offset, position - offset});
      column.values.clear();
    }
    groups.push_back(group);
    rows = 0;
  }

  std::string metadata() const {
    int64_t total = 0;
    for (const RowGroup& group : groups) total += group.rows;
    Thrift out;
    out.field(1, 1);
    out.begin_list(2, Thrift::STRUCT, columns.size() + 1);
    out.begin_element();
    out.field(4, std::string_view("schema"));
    out.field(5, static_cast<int32_t>(columns.size()));
    out.end_struct();
    for (const Column& column : columns) {
      out.begin_element();
      out.field(1, column.physical);
      if (column.physical == FIXED_LEN_BYTE_ARRAY) out.field(2, DECIMAL_BYTES);
      out.field(3, REQUIRED);
      out.field(4, std::string_view(column.name));
      if (column.converted != NONE) out.field(6, column.converted);
      if (column.converted == DECIMAL) {
        out.field(7, column.scale);
        out.field(8, column.precision);
      }
      out.end_struct();
    }
    out.field(3, total);
    out.begin_list(4, Thrift::STRUCT, groups.size());
    for (const RowGroup& group : groups) {
      int64_t bytes = 0;
      out.begin_element();
      out.begin_list(1, Thrift::STRUCT, columns.size());
      for (size_t index = 0; index < columns.size(); index++) {
        const Chunk& chunk = group.chunks[index];
        bytes += chunk.bytes;
        out.begin_element();
        out.field(2, chunk.offset);
        out.begin_struct(3);
        out.field(1, columns[index].physical);
        out.begin_list(2, Thrift::I32, 1);
        out.element(PLAIN);
        out.begin_list(3, Thrift::BINARY, 1);
        out.element(std::string_view(columns[index].name));
        out.field(4, UNCOMPRESSED);
        out.field(5, group.rows);
        out.field(6, chunk.bytes);
        out.field(7, chunk.bytes);
        out.field(9, chunk.offset);
        out.end_struct();
        out.end_struct();
      }
      out.field(2, bytes);
      out.field(3, group.rows);
      out.end_struct();
    }
    out.begin_list(5, Thrift::STRUCT, 1);
    out.begin_element();
    out.field(1, std::string_view("writeproof.nonce"));
    out.field(2, std::string_view(nonce));
    out.end_struct();
    out.field(6, std::string_view("plain_parquet"));
    out.end_struct();
    return out.bytes();
  }

  void end_file() {
    end_row_group();
    std::string footer = metadata();
    const auto bytes = static_cast<uint32_t>(footer.size());
    footer.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
    write(footer + "PAR1");
    std::FILE* closing = file;
    file = nullptr;
    if (std::fclose(closing) != 0) throw Failure(errno, target + ": " + std::strerror(errno));
  }
};

namespace {

std::string create_error;

/* Runs a step; no exception may cross the interface. */
template <typename Step>
int32_t guarded(std::string& error, Step step) {
  try {
    step();
    return 0;
  } catch (const Failure& failure) {
    error = failure.what();
    return failure.status;
  } catch (const std::exception& other) {
    error = other.what();
    return -1;
  }
}

/* This writer has no options, so only those that are always sent may be there. Keys are followed by a colon. */
void check_options(const std::string& json) {
  for (size_t open = json.find('"'); open != std::string::npos; open = json.find('"', open)) {
    const size_t close = json.find('"', open + 1);
    const std::string text = json.substr(open + 1, close - open - 1);
    open = close + 1;
    if (json[json.find_first_not_of(" \t\n", open)] != ':') continue;
    if (text != "variant" && text != "batching" && text != "io" && text != "threads") {
      throw Failure(-1, "there is no option \"" + text + "\": this writer has none");
    }
  }
}

}  // namespace

extern "C" {

uint32_t writeproof_abi_version(void) { return WRITEPROOF_ABI_VERSION; }

const char* writeproof_capabilities(void) {
  return R"({"name": "plain-parquet", "version": "1.0.0", "format": "parquet", "extension": "parquet",
             "variants": ["accumulate", "stream", "zero-copy"], "batching": ["per_batch"], "options": {}})";
}

int32_t writeproof_create(const writeproof_create_args* args, writeproof_writer** out) {
  return guarded(create_error, [&] {
    check_options(args->options_json);
    auto writer = std::make_unique<writeproof_writer>();
    writer->target = args->target;
    writer->nonce = args->nonce;
    for (int64_t index = 0; index < args->schema->n_children; index++) {
      writer->columns.push_back(column_of(*args->schema->children[index]));
    }
    writer->file = std::fopen(args->target, "wbx");
    if (writer->file == nullptr) throw Failure(errno, writer->target + ": " + std::strerror(errno));
    writer->write("PAR1");
    *out = writer.release();
  });
}

int32_t writeproof_write_batch(writeproof_writer* writer, ArrowArray* array, ArrowSchema* schema) {
  const int32_t status = guarded(writer->error, [&] {
    for (size_t index = 0; index < writer->columns.size(); index++) {
      const ArrowArray& child = *array->children[index];
      append(writer->columns[index], child, array->offset + child.offset, array->length);
    }
    writer->rows += array->length;
    if (writer->rows >= ROW_GROUP_ROWS) writer->end_row_group();
  });
  /* The batch is ours, whatever happened. */
  array->release(array);
  schema->release(schema);
  return status;
}

int32_t writeproof_flush(writeproof_writer* writer) {
  return guarded(writer->error, [&] { writer->end_row_group(); });
}

int32_t writeproof_close(writeproof_writer* writer, const char**) {
  return guarded(writer->error, [&] { writer->end_file(); });
}

int32_t writeproof_abort(writeproof_writer* writer) {
  return std::remove(writer->target.c_str()) == 0 ? 0 : errno;
}

void writeproof_destroy(writeproof_writer* writer) { delete writer; }

const char* writeproof_last_error(const writeproof_writer* writer) {
  return writer == nullptr ? create_error.c_str() : writer->error.c_str();
}

}  // extern "C"

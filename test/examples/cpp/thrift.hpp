/* The part of Thrift's compact protocol that Parquet's metadata need: structs, lists, integers and text. */
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

class Thrift {
 public:
  enum Type : uint8_t { I32 = 5, I64 = 6, BINARY = 8, LIST = 9, STRUCT = 12 };

  void field(int16_t id, int32_t value) {
    header(id, I32);
    zigzag(value);
  }
  void field(int16_t id, int64_t value) {
    header(id, I64);
    zigzag(value);
  }
  void field(int16_t id, std::string_view text) {
    header(id, BINARY);
    element(text);
  }
  void begin_list(int16_t id, Type of, size_t count) {
    header(id, LIST);
    if (count < 15) {
      out_.push_back(static_cast<char>(count << 4 | of));
    } else {
      out_.push_back(static_cast<char>(0xF0 | of));
      varint(count);
    }
  }
  void element(int32_t value) { zigzag(value); }
  void element(std::string_view text) {
    varint(text.size());
    out_.append(text);
  }
  void begin_struct(int16_t id) {
    header(id, STRUCT);
    begin_element();
  }
  /* A struct that is an element of a list has no header. */
  void begin_element() { last_.push_back(0); }
  void end_struct() {
    out_.push_back(0);
    last_.pop_back();
  }
  const std::string& bytes() const { return out_; }

 private:
  /* Fields come in rising order, so that the difference fits in four bits. */
  void header(int16_t id, Type type) {
    out_.push_back(static_cast<char>((id - last_.back()) << 4 | type));
    last_.back() = id;
  }
  void zigzag(int64_t value) { varint(static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63)); }
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }

  std::string out_;
  std::vector<int16_t> last_{0};
};

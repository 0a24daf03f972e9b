/* The look over a message's headers. It goes as far as all is in the usual form and stops at the first header that is
   not: from there on JavaScript reads (src/sip/header-block.ts), which is also where the rules are explained. Whatever
   is told here must be what JavaScript would find; test/fuzz/sip-scan.test.ts compares the two. */
#include "sip-scan.h"

#include <stdbool.h>

/* Types that the look knows, and JavaScript's names for them (HeaderType). */
enum { OTHER = 0, VIA = 1, FROM = 2, TO = 3, CALL_ID = 4, CSEQ = 5, MAX_FORWARDS = 7, CONTENT_LENGTH = 10 };

/* In a request these may stand only once. */
enum {
  SINGLE = 1 << FROM | 1 << TO | 1 << CALL_ID | 1 << CSEQ | 1 << MAX_FORWARDS | 1 << CONTENT_LENGTH,
};

/* What a byte may be part of. */
enum { IN_NAME = 1, IN_HOST = 2, IN_DISPLAY = 4, LOWER = 8, DIGIT = 16 };

void scan_prepare(struct scan_tables *tables) {
  memset(tables, 0, sizeof *tables);
  for (int code = 0; code < 256; code++) {
    bool is_lower = code >= 'a' && code <= 'z', is_upper = code >= 'A' && code <= 'Z', is_digit = code >= '0' && code <= '9';
    bool is_word = is_lower || is_upper || is_digit || code == '-' || code == '.';
    int class = 0;
    if (is_lower) class |= LOWER;
    if (is_digit) class |= DIGIT;
    if (is_word) class |= IN_HOST;
    if (is_word || code == '_' || code == '+' || code == '~') class |= IN_NAME;
    if (code >= ' ' && code != '"' && code != '\\') class |= IN_DISPLAY;
    tables->classes[code] = class;
  }
}

static inline size_t skip(const struct scan_tables *tables, const char *text, size_t at, size_t end, int class) {
  while (at < end && (tables->classes[(uint8_t)text[at]] & class)) at++;
  return at;
}

/* Sixteen bytes at a time, by the vectors that GCC and clang make of this on every machine. */
typedef uint8_t bytes16 __attribute__((vector_size(16)));

static inline bytes16 all16(char code) { return (bytes16){0} + (uint8_t)code; }

/* Where the first byte stands that is not 0, counted in the order of memory. */
static inline size_t first_byte(uint64_t bytes) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_clzll(bytes) / 8;
#else
  return __builtin_ctzll(bytes) / 8;
#endif
}

/* The first byte that is `low` or below, or one of five; `end` where there is none. Reads up to SCAN_SLACK bytes behind. */
static inline size_t find_end(const char *text, size_t at, size_t end, char low, const char stops[5]) {
  for (; at < end; at += 16) {
    bytes16 bytes;
    memcpy(&bytes, text + at, sizeof bytes);
    bytes16 found = (bytes16)(bytes <= all16(low));
    for (int index = 0; index < 5; index++) found |= (bytes16)(bytes == all16(stops[index]));
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    if (halves[0] != 0) at += first_byte(halves[0]);
    else if (halves[1] != 0) at += 8 + first_byte(halves[1]);
    else continue;
    break;
  }
  return at < end ? at : end;
}

static inline size_t end_of_param(const char *text, size_t at, size_t end) { return find_end(text, at, end, ' ', "\",;=("); }
static inline size_t end_of_uri(const char *text, size_t at, size_t end) { return find_end(text, at, end, ' ', "\"<>\"<"); }
static inline size_t end_of_tag(const char *text, size_t at, size_t end) { return find_end(text, at, end, ' ', "\";=\";"); }
static inline size_t end_of_word(const char *text, size_t at, size_t end) { return find_end(text, at, end, ' ', "     "); }
/* Blanks and NUL. */
static inline size_t end_of_request_uri(const char *text, size_t at, size_t end) { return find_end(text, at, end, 0, " \t\r  "); }

static inline int32_t pair(size_t low, size_t high) { return (int32_t)((uint32_t)low | (uint32_t)high << 16); }

static inline uint64_t eight_bytes(const char *text) {
  uint64_t bytes;
  memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

static inline uint32_t name_slot(const char *text, size_t length) {
  uint32_t hash = (uint32_t)length * 131 + (text[0] | 0x20) * 31 + (text[length - 1] | 0x20) * 17 + (text[length / 2] | 0x20) * 7;
  return hash & (SCAN_NAMES - 1);
}

/* In any case. Reads behind the end of the text, where there is always room (SCAN_SLACK). */
static inline bool is_name(const struct scan_name *name, const char *text, size_t length) {
  if (name->length != length) return false;
  for (size_t at = 0; at < length; at += 8) {
    if (((eight_bytes(text + at) ^ eight_bytes(name->text + at)) & eight_bytes(name->bits + at)) != 0) return false;
  }
  return true;
}

void scan_add_name(struct scan_tables *tables, const char *text, size_t length, int type) {
  if (length == 0 || length >= SCAN_NAME_SIZE) return;
  uint32_t slot = name_slot(text, length);
  while (tables->slots[slot].length != 0) slot = (slot + 1) & (SCAN_NAMES - 1);
  struct scan_name *name = &tables->slots[slot];
  for (size_t at = 0; at < length; at++) {
    name->text[at] = text[at];
    name->bits[at] = tables->classes[(uint8_t)text[at]] & LOWER ? 0xdf : 0xff;
  }
  name->length = length;
  name->type = type;
}

static int type_of_name(const struct scan_tables *tables, const char *text, size_t length) {
  for (uint32_t slot = name_slot(text, length); tables->slots[slot].length != 0; slot = (slot + 1) & (SCAN_NAMES - 1)) {
    if (is_name(&tables->slots[slot], text, length)) return tables->slots[slot].type;
  }
  return OTHER;
}

/* `METHOD uri SIP/2.0` or `SIP/2.0 200 reason`; the offset behind the line, 0 for any other form. */
static size_t first_line(const struct scan_tables *tables, const char *text, size_t length, int32_t *row) {
  const char *feed = memchr(text, '\n', length);
  if (feed == NULL || feed - text < 12 || feed[-1] != '\r') return 0;
  size_t end = feed - text - 1;
  if (memcmp(text, "SIP/2.0 ", 8) == 0) {
    if (end < 12 || skip(tables, text, 8, 11, DIGIT) != 11 || text[11] != ' ') return 0;
    if (end > 12 && (uint8_t)text[12] <= ' ') return 0;
    if (memchr(text + 12, '\r', end - 12) != NULL) return 0;
    row[SCAN_STATUS] = (text[8] - '0') * 100 + (text[9] - '0') * 10 + text[10] - '0';
    row[SCAN_FIRST_LINE] = pair(12, end);
    return end + 2;
  }
  size_t method_end = 0;
  while (method_end < end && text[method_end] >= 'A' && text[method_end] <= 'Z') method_end++;
  if (method_end == 0 || end < method_end + 10 || text[method_end] != ' ') return 0;
  size_t uri_end = end - 8;
  if (memcmp(text + uri_end, " SIP/2.0", 8) != 0) return 0;
  if (end_of_request_uri(text, method_end + 1, uri_end) != uri_end) return 0;
  row[SCAN_STATUS] = -1;
  row[SCAN_FIRST_LINE] = pair(method_end, uri_end);
  return end + 2;
}

/* `SIP/2.0/UDP host:port;branch=...;rport`, nothing behind it in its line. */
static bool usual_via(const struct scan_tables *tables, const char *text, size_t start, size_t end, int32_t *words) {
  if (end - start < 13 || memcmp(text + start, "SIP/2.0/", 8) != 0 || text[start + 11] != ' ') return false;
  if (memcmp(text + start + 8, "UDP", 3) != 0 && memcmp(text + start + 8, "TCP", 3) != 0) return false;
  size_t host_end = skip(tables, text, start + 12, end, IN_HOST), at = host_end;
  if (host_end == start + 12) return false;
  if (at < end && text[at] == ':') {
    at = skip(tables, text, host_end + 1, end, DIGIT);
    if (at == host_end + 1 || at > host_end + 6) return false;
  }
  words[0] = pair(host_end, at);
  words[1] = words[2] = words[3] = 0;
  while (at < end) {
    if (text[at] != ';') return false;
    size_t name = at + 1, name_end = skip(tables, text, name, end, LOWER), value_end = name_end;
    size_t size = name_end - name;
    if (name_end < end && text[name_end] == '=') {
      value_end = end_of_param(text, name_end + 1, end);
      if (size == 0 || value_end == name_end + 1) return false;
    } else if (size != 5 || memcmp(text + name, "rport", 5) != 0) {
      return false;
    }
    if (size == 6 && memcmp(text + name, "branch", 6) == 0) words[1] = pair(name_end + 1, value_end);
    else if (size == 5 && memcmp(text + name, "rport", 5) == 0) words[2] = pair(name, value_end);
    else if (size == 8 && memcmp(text + name, "received", 8) == 0) words[3] = pair(name, value_end);
    at = value_end;
  }
  return true;
}

/* `"Name" <uri>;tag=x`, only the URI needed. */
static bool plain_address(const struct scan_tables *tables, const char *text, size_t start, size_t end) {
  size_t at = start;
  if (at < end && text[at] == '"') {
    at = skip(tables, text, at + 1, end, IN_DISPLAY);
    if (at >= end || text[at] != '"') return false;
    at++;
    while (at < end && text[at] == ' ') at++;
  }
  if (at >= end || text[at] != '<') return false;
  size_t uri = at + 1;
  at = end_of_uri(text, uri, end);
  if (at == uri || at >= end || text[at] != '>') return false;
  if (++at == end) return true;
  if (end - at < 5 || memcmp(text + at, ";tag=", 5) != 0) return false;
  return end_of_tag(text, at + 5, end) == end;
}

static bool usual_cseq(const struct scan_tables *tables, const char *text, size_t start, size_t end, int32_t *row) {
  size_t number_end = skip(tables, text, start, end, DIGIT), method = number_end;
  if (number_end == start || number_end - start > 9) return false;
  while (method < end && (text[method] == ' ' || text[method] == '\t')) method++;
  if (method == number_end || method == end) return false;
  if (end_of_word(text, method, end) != end) return false;
  int32_t number = 0;
  for (size_t at = start; at < number_end; at++) number = number * 10 + text[at] - '0';
  row[SCAN_CSEQ_NUMBER] = number;
  row[SCAN_CSEQ] = pair(number_end, method);
  return true;
}

static inline bool is_blank(char code) { return code == ' ' || code == '\t' || code == '\r' || code == '\n'; }

/* The header at `start`; the answer is the offset behind it, 0 to stop in front of it. */
static size_t usual_header(const struct scan_tables *tables, const char *text, size_t start, size_t length, int32_t *row) {
  const char *feed = memchr(text + start, '\n', length - start);
  if (feed == NULL) return 0;
  size_t last = feed - text;
  if (last + 1 < length && (text[last + 1] == ' ' || text[last + 1] == '\t')) return 0;
  const char *colon = memchr(text + start, ':', last - start);
  if (colon == NULL || colon == text + start) return 0;
  size_t name_end = colon - text;
  int type = name_end - start < SCAN_NAME_SIZE ? type_of_name(tables, text + start, name_end - start) : OTHER;
  if (type == OTHER && skip(tables, text, start, name_end, IN_NAME) != name_end) return 0;
  size_t line_end = text[last - 1] == '\r' ? last - 1 : last;
  size_t value = name_end + 1, end = line_end;
  while (value < end && is_blank(text[value])) value++;
  while (end > value && (is_blank(text[end - 1]) || text[end - 1] == 0)) end--;

  if (type != OTHER && type < 32) {
    int32_t bit = 1 << type;
    if ((bit & SINGLE & row[SCAN_SEEN]) != 0 && row[SCAN_STATUS] < 0) return 0;
    if (type == VIA) {
      int count = row[SCAN_VIA_COUNT];
      if (count == 2 || end != line_end) return 0;
      if (!usual_via(tables, text, value, end, row + SCAN_VIAS + count * SCAN_VIA_WORDS)) return 0;
      row[SCAN_VIA_COUNT] = count + 1;
    } else if (type == FROM) {
      if (end == line_end && plain_address(tables, text, value, end)) row[SCAN_SEEN] |= SCAN_FROM_IS_PLAIN;
    } else if (type == TO) {
      if (end != line_end || !plain_address(tables, text, value, end)) return 0;
    } else if (type == CSEQ) {
      /* The first one counts; a reply with a second is left to JavaScript. */
      if ((row[SCAN_SEEN] & bit) != 0 || !usual_cseq(tables, text, value, end, row)) return 0;
    } else if (type == CONTENT_LENGTH) {
      if (end == value || end - value > 9 || skip(tables, text, value, end, DIGIT) != end) return 0;
    }
    row[SCAN_SEEN] |= bit;
  }
  int32_t *place = row + SCAN_PLACES + 2 * row[SCAN_HEADER_COUNT]++;
  place[0] = pair(start, value);
  place[1] = pair(end, type);
  return last + 1;
}

void scan_message(const struct scan_tables *tables, const char *text, size_t length, int32_t *row) {
  row[SCAN_HEADERS_START] = 0;
  if (length < 32 || length > 65535) return;
  size_t at = first_line(tables, text, length, row);
  if (at == 0) return;
  row[SCAN_HEADERS_START] = at;
  row[SCAN_BODY_START] = -1;
  row[SCAN_HEADER_COUNT] = row[SCAN_SEEN] = row[SCAN_VIA_COUNT] = row[SCAN_CSEQ] = row[SCAN_CSEQ_NUMBER] = 0;
  while (at < length) {
    if (text[at] == '\r' && at + 1 < length && text[at + 1] == '\n') {
      row[SCAN_BODY_START] = at + 2;
      break;
    }
    if (row[SCAN_HEADER_COUNT] == SCAN_HEADERS_MAX) break;
    size_t behind = usual_header(tables, text, at, length, row);
    if (behind == 0) break;
    at = behind;
  }
  row[SCAN_NEXT] = at;
}

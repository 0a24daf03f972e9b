/* The look over headers as a WebAssembly module of its own, for Node's dgram (`npm run build:wasm`). The text is put
   where text() says, the row is found where row() says. */
#include "sip-scan.h"

#include <wasm_simd128.h>

#define EXPORT __attribute__((visibility("default")))

enum { TEXT_SIZE = 65536 };

static struct scan_tables tables;
static char text_bytes[TEXT_SIZE + SCAN_SLACK];
static int32_t row_words[SCAN_ROW_WORDS];

EXPORT char *text(void) { return text_bytes; }
EXPORT int32_t *row(void) { return row_words; }
EXPORT void prepare(void) { scan_prepare(&tables); }
/* The name is in the text. */
EXPORT void name(size_t length, int type) { scan_add_name(&tables, text_bytes, length, type); }
EXPORT void scan(size_t length) { scan_message(&tables, text_bytes, length, row_words); }

/* What the look needs of the C library, which is not there. */

void *memchr(const void *bytes, int code, size_t length) {
  const char *start = bytes;
  v128_t wanted = wasm_i8x16_splat(code);
  for (size_t at = 0; at < length; at += 16) {
    uint32_t found = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(start + at), wanted));
    if (found == 0) continue;
    size_t place = at + __builtin_ctz(found);
    return place < length ? (void *)(start + place) : NULL;
  }
  return NULL;
}

int memcmp(const void *left, const void *right, size_t length) {
  const unsigned char *one = left, *two = right;
  for (size_t at = 0; at < length; at++) if (one[at] != two[at]) return one[at] - two[at];
  return 0;
}

void *memcpy(void *to, const void *from, size_t length) {
  for (size_t at = 0; at < length; at++) ((char *)to)[at] = ((const char *)from)[at];
  return to;
}

void *memset(void *to, int code, size_t length) {
  for (size_t at = 0; at < length; at++) ((char *)to)[at] = code;
  return to;
}

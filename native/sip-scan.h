/* A look over the headers of a received message: where the usual ones stand. src/sip/scan.ts reads what is found.
   Part of the add-on, and of sip-scan.wasm for where there is no add-on. */
#ifndef KAHEA_SIP_SCAN_H
#define KAHEA_SIP_SCAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __wasm__
/* There is no C library: sip-scan-wasm.c has these. */
void *memchr(const void *bytes, int code, size_t length);
int memcmp(const void *left, const void *right, size_t length);
void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int code, size_t length);
#else
#include <string.h>
#endif

enum {
  SCAN_HEADERS_MAX = 24,
  /* Places for names, a power of two; at most half of them are taken. */
  SCAN_NAMES = 512,
  /* Known names have fewer bytes; a multiple of eight, since they are compared by eights. */
  SCAN_NAME_SIZE = 32,
  /* So many bytes behind a text must be there to be read, whatever they are. */
  SCAN_SLACK = 16,
};

/* Words of a row; src/sip/scan.ts names the same. Two offsets in a word: the first in its lower 16 bits. */
enum {
  /* Behind the first line; 0 when that has not the usual form, and nothing else is told then. */
  SCAN_HEADERS_START,
  /* Behind the last header told here. */
  SCAN_NEXT,
  /* Behind the empty line, where the look came so far, else -1. */
  SCAN_BODY_START,
  SCAN_HEADER_COUNT,
  /* Types below 32 that were met, as bits; in place of type 0, whether From has the usual form. */
  SCAN_SEEN,
  /* -1 for a request. */
  SCAN_STATUS,
  /* Of a request: end of the method, end of the URI. Of a reply: start and end of the reason. */
  SCAN_FIRST_LINE,
  SCAN_CSEQ_NUMBER,
  /* End of the number, start of the method. */
  SCAN_CSEQ,
  SCAN_VIA_COUNT,
  /* For each of two Vias: end of the host, end of host and port; branch; start of the name and end of rport; of received. */
  SCAN_VIAS,
  SCAN_VIA_WORDS = 4,
  /* For each header: its start and its value's, its value's end and its type. */
  SCAN_PLACES = SCAN_VIAS + 2 * SCAN_VIA_WORDS,
  SCAN_ROW_WORDS = SCAN_PLACES + 2 * SCAN_HEADERS_MAX,
};

enum { SCAN_FROM_IS_PLAIN = 1 };

struct scan_tables {
  /* What each byte may be part of. */
  uint8_t classes[256];
  /* Names of headers in lower case with their types, as JavaScript tells them, by a hash of the name. */
  struct scan_name {
    char text[SCAN_NAME_SIZE];
    /* The bits of each byte that tell it from others: not that of upper case in letters, none behind the end. */
    char bits[SCAN_NAME_SIZE];
    uint8_t length;
    uint8_t type;
  } slots[SCAN_NAMES];
};

void scan_prepare(struct scan_tables *tables);
void scan_add_name(struct scan_tables *tables, const char *text, size_t length, int type);
void scan_message(const struct scan_tables *tables, const char *text, size_t length, int32_t *row);

#endif

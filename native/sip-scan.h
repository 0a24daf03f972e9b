/* A look over the headers of a received message: where the usual ones stand. src/sip/scan.ts reads what is found. */
#ifndef KAHEA_SIP_SCAN_H
#define KAHEA_SIP_SCAN_H

#include "kahea.h"

#include <stddef.h>

enum {
  SCAN_HEADERS_MAX = 24,
  /* Places for names, a power of two; at most half of them are taken. */
  SCAN_NAMES = 512,
  /* Known names have fewer bytes. */
  SCAN_NAME_SIZE = 32,
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

/* Header names in lower case with their types, as JavaScript gave them, by a hash of the name. */
struct scan_names {
  struct scan_name {
    char text[SCAN_NAME_SIZE];
    uint8_t length;
    uint8_t type;
  } slots[SCAN_NAMES];
};

/* useHeaderNames(names, types): the names of headers, in lower case, with their numbers. */
napi_value kahea_use_header_names(napi_env env, napi_callback_info info);
/* scan(text, row): what a socket does with what it receives, for tests. */
napi_value kahea_scan(napi_env env, napi_callback_info info);

void scan_message(const struct scan_names *names, const char *text, size_t length, int32_t *row);

#endif

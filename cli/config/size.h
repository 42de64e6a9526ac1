/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The numbers of Occlum.json that are written as text.
 */
#ifndef CLI_CONFIG_SIZE_H
#define CLI_CONFIG_SIZE_H

#include "base/err.h"

/* "300MB", " 300 MB ": a decimal integer and B, KB, MB, GB or TB (powers of 1024), as the original
 * read it. EINVAL: not of that form; ERANGE: more than 64 bits. */
err size_parse(uint64_t *bytes, const char *text);

/* "0x1f": up to 16 hexadecimal digits. EINVAL, ERANGE. */
err hex_parse(uint64_t *value, const char *text);

/* The shortest exact form, "300MB". `out` has room for SIZE_TEXT bytes. */
#define SIZE_TEXT 24
void size_print(char out[SIZE_TEXT], uint64_t bytes);

#endif

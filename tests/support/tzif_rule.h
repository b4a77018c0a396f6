/* TZif bytes (version 3, no transitions) for a POSIX TZ rule, so that tests have zones without
 * tzdata. */
#ifndef LIREN_TZIF_RULE_H
#define LIREN_TZIF_RULE_H

#include <stdint.h>
#include <string.h>

#define TZIF_RULE_BYTES_MAX 256u

/* Writes the bytes and gives their number; `rule` is at most 100 characters. */
static inline size_t tzif_rule(const char *rule, uint8_t out[TZIF_RULE_BYTES_MAX])
{
	size_t n = 0;

	for (int block = 0; block < 2; block++) {
		memset(out + n, 0, 54);
		memcpy(out + n, "TZif3", 5);
		out[n + 39] = 1; /* one type: offset 0 */
		out[n + 43] = 4; /* four bytes of designations */
		memcpy(out + n + 50, "ABC", 3);
		n += 54;
	}
	out[n++] = '\n';
	memcpy(out + n, rule, strlen(rule));
	n += strlen(rule);
	out[n++] = '\n';
	return n;
}

#endif

/* Request ids and what they stand for. */
#include "service/command.h"

#define REQUEST_ID_TEXT_MIN 16u
#define REQUEST_ID_TEXT_MAX 64u
#define UUID_TEXT_BYTES 36u

static bool id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* 8-4-4-4-12 hex digits, RFC 9562 section 4, either case. */
static bool uuid_parse(struct str text, uint8_t ret[REQUEST_ID_BYTES])
{
	char hex[2 * REQUEST_ID_BYTES];
	size_t n = 0;

	if (text.n != UUID_TEXT_BYTES)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash != (c == '-'))
			return false;
		if (!dash)
			hex[n++] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
	}
	return hex_decode((struct str){hex, n}, ret, REQUEST_ID_BYTES);
}

const char *command_kind_name(enum command_kind kind)
{
	switch (kind) {
	case COMMAND_WRITE_LINE:
		return "write-line";
	case COMMAND_ERASE_RECORD:
		return "erase-record";
	case COMMAND_LOAD_FILES:
		return "load-files";
	case COMMAND_CONFIRM_CLOCK:
		return "confirm-clock";
	case COMMAND_SET_PLACES:
		return "set-places";
	case COMMAND_CASE:
		return "case";
	case COMMAND_ACCOUNT:
		return "account";
	case COMMAND_SESSION:
		return "session";
	case COMMAND_IMPORT_CASES:
		return "import-cases";
	case COMMAND_DEMO_CLOCK:
		return "demo-clock";
	case COMMAND_LOOK:
		return "look";
	case COMMAND_SHIFT:
		return "shift";
	case COMMAND_DEVICE:
		return "device";
	case COMMAND_DUTY:
		return "duty";
	case COMMAND_OUTBOX_RESULT:
		return "outbox-result";
	}
	return "other";
}

bool request_id_parse(struct str text, uint8_t ret[REQUEST_ID_BYTES])
{
	struct hash32 h;

	if (text.n < REQUEST_ID_TEXT_MIN || text.n > REQUEST_ID_TEXT_MAX)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!id_char(text.p[i]))
			return false;
	if (uuid_parse(text, ret))
		return true;
	hash_sha256(text.p, text.n, &h);
	memcpy(ret, h.b, REQUEST_ID_BYTES);
	return true;
}

void request_body_hash(enum command_kind kind, uint64_t target, struct str body,
		       uint8_t ret[REQUEST_BODY_BYTES])
{
	struct hash32 of_body, h;
	uint8_t all[16 + HASH_BYTES];

	hash_sha256(body.p, body.n, &of_body);
	for (unsigned i = 0; i < 8; i++) {
		all[i] = (uint8_t)((uint64_t)kind >> (8 * i));
		all[8 + i] = (uint8_t)(target >> (8 * i));
	}
	memcpy(all + 16, of_body.b, HASH_BYTES);
	hash_sha256(all, sizeof all, &h);
	memcpy(ret, h.b, REQUEST_BODY_BYTES);
}

/* See place/device.h. */
#include "place/device.h"

#include "base/check.h"

static const struct {
	const char *word;
	enum device_state state;
} words[] = {
    {"working", DEVICE_WORKING}, {"online", DEVICE_WORKING},  {"在线", DEVICE_WORKING},
    {"正常", DEVICE_WORKING},    {"offline", DEVICE_OFFLINE}, {"离线", DEVICE_OFFLINE},
    {"断线", DEVICE_OFFLINE},
};

const char *device_state_name(enum device_state s)
{
	CHECK(s < DEVICE_STATES);
	return s == DEVICE_WORKING ? "working" : s == DEVICE_OFFLINE ? "offline" : "";
}

static bool same_word(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char c = a.p[i] >= 'A' && a.p[i] <= 'Z' ? (char)(a.p[i] - 'A' + 'a') : a.p[i];
		if (c != b.p[i])
			return false;
	}
	return true;
}

bool device_state_parse(struct str word, enum device_state *ret)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (same_word(word, str_of(words[i].word))) {
			*ret = words[i].state;
			return true;
		}
	return false;
}

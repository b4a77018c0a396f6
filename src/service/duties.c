/* See service/duties.h. */
#include "service/duties.h"

#include "base/check.h"
#include "db/db.h"
#include "place/place.h"

#define ACCOUNT_FRONT "account:" /* of what is kept behind a handle */

/* Whoever is behind a handle; 0: nobody can tell any more. */
static enum err account_behind(struct keyring *keys, const uint8_t handle[HANDLE_BYTES],
			       uint64_t *ret)
{
	static const size_t front = sizeof ACCOUNT_FRONT - 1;
	char kept[HANDLE_ACCOUNT_MAX + 1];
	enum err e = keyring_handle_account(keys, handle, kept);
	size_t n;

	*ret = 0;
	if (e == ERR_NOT_FOUND || e == ERR_GONE)
		return ERR_OK;
	TRY(e);
	n = strlen(kept);
	if (n <= front || memcmp(kept, ACCOUNT_FRONT, front) != 0 ||
	    !str_to_u64((struct str){kept + front, n - front}, ret))
		return ERR_CORRUPT;
	return ERR_OK;
}

static bool copy_word(struct str word, char to[DUTY_WORD_BYTES_MAX], size_t *ret_n)
{
	if (word.n > DUTY_WORD_BYTES_MAX)
		return false;
	if (word.n > 0)
		memcpy(to, word.p, word.n);
	*ret_n = word.n;
	return true;
}

static bool read_duty(struct db_stmt *s, int64_t now_us, struct duty *ret)
{
	struct bytes handle = db_bytes(s, 2);
	int64_t until = db_i64(s, 5);

	*ret = (struct duty){.n = db_u64(s, 0),
			     .key_id = db_u64(s, 3),
			     .ends_us = db_i64(s, 4),
			     .break_until_us = until > now_us ? until : 0};
	if (handle.n != HANDLE_BYTES)
		return false;
	memcpy(ret->handle, handle.p, HANDLE_BYTES);
	return copy_word(db_text(s, 1), ret->area_memory, &ret->area_n) &&
	       copy_word(db_text(s, 6), ret->role_memory, &ret->role_n) &&
	       copy_word(db_text(s, 7), ret->unit_memory, &ret->unit_n);
}

enum err duty_of(struct db *db, struct keyring *keys, uint64_t account, int64_t now_us,
		 struct duty *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_duty_live);
	enum err e = ERR_OK;
	bool row = false;

	CHECK(account != 0);
	db_bind_i64(s, 1, now_us);
	db_bind_u64(s, 2, DUTY_LIVE_MAX);
	for (;;) {
		uint64_t behind = 0;
		struct duty d;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_NOT_FOUND;
		e = read_duty(s, now_us, &d) ? account_behind(keys, d.handle, &behind)
					     : ERR_CORRUPT;
		if (e != ERR_OK || behind == account) {
			db_done(s);
			if (e == ERR_OK)
				*ret = d;
			return e;
		}
	}
}

static enum err count_by(struct db *db, enum sql sql, int64_t now_us, struct duty_count *ret,
			 unsigned *ret_n)
{
	struct db_stmt *s = db_stmt(db, sql);
	unsigned n = 0;
	bool row = false;

	db_bind_i64(s, 1, now_us);
	db_bind_u64(s, 2, DUTY_COUNTS_MAX);
	for (;;) {
		TRY(db_step(db, s, &row));
		if (!row)
			break;
		ret[n] = (struct duty_count){.on_duty = (unsigned)db_u64(s, 1),
					     .on_break = (unsigned)db_u64(s, 2)};
		if (!copy_word(db_text(s, 0), ret[n].word, &ret[n].word_n)) {
			db_done(s);
			return ERR_CORRUPT;
		}
		n++;
	}
	*ret_n = n;
	return ERR_OK;
}

enum err duty_count(struct db *db, int64_t now_us, struct duty_counts *ret)
{
	ret->on_duty = ret->on_break = 0;
	TRY(count_by(db, SQL_duty_by_role, now_us, ret->role, &ret->roles_n));
	TRY(count_by(db, SQL_duty_by_area, now_us, ret->area, &ret->areas_n));
	for (unsigned i = 0; i < ret->roles_n; i++) {
		ret->on_duty += ret->role[i].on_duty;
		ret->on_break += ret->role[i].on_break;
	}
	return ERR_OK;
}

enum err duty_places(struct db *db, int32_t day, struct duty_counts *counts)
{
	struct db_stmt *s = db_stmt(db, SQL_duty_grids);
	bool row = false;

	db_bind_i64(s, 1, PLACE_GRID);
	db_bind_i64(s, 2, day);
	db_bind_u64(s, 3, DUTY_COUNTS_MAX);
	for (;;) {
		struct str code;
		TRY(db_step(db, s, &row));
		if (!row)
			return ERR_OK;
		code = db_text(s, 0);
		for (unsigned i = 0; i < counts->areas_n; i++) {
			struct duty_count *c = &counts->area[i];
			if (!str_eq(code, (struct str){c->word, c->word_n}))
				continue;
			c->has_at = true;
			c->at =
			    (struct geo_point){(int32_t)db_i64(s, 1), (int32_t)db_i64(s, 2)};
		}
	}
}

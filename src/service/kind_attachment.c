/* case.attached, as an entry and as a row. apply only copies. */
#include "service/kind_attachment.h"

#include "service/kind_case.h"
#include "service/kinds.h"

#define MEMBERS 9u

static const struct str key_field = {"key", 3}; /* bound into the sealed value */

void attached_seal_key(const struct seal_key *data_key, uint64_t key_id,
		       const struct seal_key *file_key, const struct entropy *entropy,
		       uint8_t box[ATTACHED_KEY_BYTES], struct sealed *ret)
{
	uint8_t nonce[SEAL_NONCE_BYTES], blind[SEAL_BLIND_BYTES];
	struct str text = {(const char *)file_key->b, sizeof file_key->b};

	entropy_fill(entropy, nonce, sizeof nonce);
	entropy_fill(entropy, blind, sizeof blind);
	seal_value(data_key, key_id, key_field, nonce, blind, text, box, &ret->h);
	seal_wipe(blind, sizeof blind);
	ret->key_id = key_id;
	ret->box = (struct bytes){box, ATTACHED_KEY_BYTES};
}

enum err attached_open_key(const struct seal_key *data_key, const struct sealed *key,
			   struct seal_key *ret_file_key)
{
	uint8_t out[ATTACHED_KEY_BYTES];
	struct str text = {0};

	if (key->box.n != ATTACHED_KEY_BYTES)
		return ERR_UNVERIFIED;
	TRY(seal_open(data_key, key->key_id, key_field, key->box, &key->h, out, &text));
	memcpy(ret_file_key->b, text.p, sizeof ret_file_key->b);
	seal_wipe(out, sizeof out);
	return ERR_OK;
}

void attached_encode(struct entry_writer *w, const void *data)
{
	const struct case_attached *d = data;

	entry_key(w, "bytes");
	entry_int(w, (int64_t)d->bytes);
	entry_key(w, "case");
	entry_int(w, (int64_t)d->case_id);
	entry_key(w, "evidence");
	entry_bool(w, d->evidence);
	entry_key(w, "field");
	entry_str(w, d->field);
	if (d->has_hand) {
		kind_put_sealed(w, "hand", &d->hand);
	} else {
		entry_key(w, "hand");
		entry_object(w);
		entry_close(w);
	}
	entry_key(w, "hash");
	entry_hex(w, d->hash.b, HASH_BYTES);
	kind_put_sealed(w, "key", &d->key);
	entry_key(w, "media");
	entry_str(w, d->media);
	entry_key(w, "prev");
	entry_int(w, (int64_t)d->prev);
}

enum err attached_decode(const struct entry_value *data, struct arena *a, const void **ret_data)
{
	struct case_attached *d = arena_alloc(a, sizeof *d);
	struct str hex = {0};

	if (!d)
		return ERR_NO_MEMORY;
	if (entry_size(data) != MEMBERS)
		return ERR_CORRUPT;
	TRY(kind_get_u64(data, "bytes", &d->bytes));
	TRY(kind_get_u64(data, "case", &d->case_id));
	TRY(kind_get_bool(data, "evidence", &d->evidence));
	TRY(kind_get_str(data, "field", a, &d->field));
	d->has_hand = entry_size(entry_get(data, "hand")) > 0;
	if (!entry_is(entry_get(data, "hand"), ENTRY_OBJECT))
		return ERR_CORRUPT;
	if (d->has_hand)
		TRY(kind_get_sealed(data, "hand", a, &d->hand));
	TRY(kind_get_str(data, "hash", a, &hex));
	TRY(kind_get_sealed(data, "key", a, &d->key));
	TRY(kind_get_str(data, "media", a, &d->media));
	TRY(kind_get_u64(data, "prev", &d->prev));
	if (!hex_decode(hex, d->hash.b, HASH_BYTES) || d->key.box.n != ATTACHED_KEY_BYTES ||
	    d->field.n == 0 || d->field.n > ATTACHED_FIELD_MAX || d->media.n == 0 ||
	    d->media.n > ATTACHED_MEDIA_MAX)
		return ERR_CORRUPT;
	*ret_data = d;
	return ERR_OK;
}

enum err attached_apply(struct db *db, const struct entry_head *head, const void *data)
{
	const struct case_attached *d = data;
	struct db_stmt *s = db_stmt(db, SQL_attachment_insert);

	db_bind_u64(s, 1, head->n);
	db_bind_u64(s, 2, d->case_id);
	db_bind_text(s, 3, d->field);
	db_bind_bytes(s, 4, d->hash.b, HASH_BYTES);
	db_bind_u64(s, 5, d->bytes);
	db_bind_text(s, 6, d->media);
	db_bind_i64(s, 7, d->evidence);
	db_bind_u64(s, 8, d->key.key_id);
	TRY(db_run(db, s));
	TRY(kind_uses_key(db, d->key.key_id));
	return case_touch(db, head, d->case_id, d->has_hand ? &d->hand : NULL);
}

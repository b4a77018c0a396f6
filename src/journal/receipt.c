/* Receipts. */
#include "journal/receipt.h"

#include "base/check.h"
#include "base/entry.h"
#include "base/note.h"

#include <jansson.h>

#define KEY_LINE_MAX 256u

static const char *const members[] = {"format", "key",	 "n",	       "entry", "salt",
				      "values", "proof", "checkpoint", "secret", NULL};

static const enum msg step_msgs[RECEIPT_STEPS][2] = {
	[RECEIPT_SIGNATURE] = {MSG_RECEIPT_SIGNATURE_OFF, MSG_RECEIPT_SIGNATURE},
	[RECEIPT_ORIGIN] = {MSG_RECEIPT_ORIGIN_OFF, MSG_RECEIPT_ORIGIN},
	[RECEIPT_PROOF] = {MSG_RECEIPT_PROOF_OFF, MSG_RECEIPT_PROOF},
	[RECEIPT_NUMBER] = {MSG_RECEIPT_NUMBER_OFF, MSG_RECEIPT_NUMBER},
	[RECEIPT_VALUES] = {MSG_RECEIPT_VALUES_OFF, MSG_RECEIPT_VALUES},
};

enum msg receipt_step_msg(enum receipt_step step, bool holds)
{
	CHECK(step < RECEIPT_STEPS);
	return step_msgs[step][holds];
}

/* ---- writing ---- */

static json_t *b64_json(const void *bytes, size_t n)
{
	char text[64];
	struct buf b = buf_over(text, sizeof text);

	buf_put_b64(&b, bytes, n);
	CHECK(!b.over);
	return json_stringn(b.p, b.n);
}

static json_t *str_json(struct str s)
{
	return json_stringn(s.p, s.n);
}

static json_t *values_json(const struct receipt *r)
{
	json_t *values = json_object();

	for (unsigned i = 0; i < r->values_n; i++) {
		const struct receipt_value *v = &r->values[i];
		char field[PROBLEM_FIELD_BYTES_MAX + 1];
		json_t *value = json_object();
		/* what cannot be set is seen at the end: the object has too few members */
		(void)json_object_set_new(value, "blind", b64_json(v->blind, SEAL_BLIND_BYTES));
		(void)json_object_set_new(value, "text", str_json(v->text));
		snprintf(field, sizeof field, "%.*s", (int)v->field.n, v->field.p);
		if (json_object_size(value) != 2)
			json_decref(value);
		else
			(void)json_object_set_new(values, field, value);
	}
	return values;
}

static json_t *proof_json(const struct receipt *r)
{
	json_t *proof = json_array();

	for (unsigned i = 0; i < r->path_n; i++)
		(void)json_array_append_new(proof, b64_json(r->path[i].b, HASH_BYTES));
	return proof;
}

enum err receipt_put(const struct receipt *r, struct buf *out)
{
	json_t *json = json_object(), *values = values_json(r);
	size_t want = 7u + (r->values_n > 0) + r->has_secret, n = 0;
	bool whole = json_object_size(values) == r->values_n;

	(void)json_object_set_new(json, "format", json_string(RECEIPT_FORMAT));
	(void)json_object_set_new(json, "key", str_json(r->key));
	(void)json_object_set_new(json, "n", json_integer((json_int_t)r->n));
	(void)json_object_set_new(json, "entry", str_json(r->entry));
	(void)json_object_set_new(json, "salt", b64_json(r->salt, SALT_BYTES));
	if (r->values_n > 0)
		(void)json_object_set(json, "values", values);
	(void)json_object_set_new(json, "proof", proof_json(r));
	(void)json_object_set_new(json, "checkpoint", str_json(r->checkpoint));
	if (r->has_secret)
		(void)json_object_set_new(json, "secret", b64_json(r->secret, SEAL_SECRET_BYTES));
	whole = whole && json_object_size(json) == want &&
		json_array_size(json_object_get(json, "proof")) == r->path_n;
	if (whole)
		n = json_dumpb(json, out->p + out->n, out->cap - out->n, JSON_INDENT(1));
	json_decref(values);
	json_decref(json);
	if (!whole)
		return ERR_BAD_INPUT;
	if (n == 0 || n >= out->cap - out->n || n >= RECEIPT_BYTES_MAX)
		return ERR_TOO_LARGE;
	out->n += n;
	buf_put_char(out, '\n');
	return ERR_OK;
}

/* ---- reading ---- */

struct reading {
	struct arena *a;
	struct problem *problem;
};

static enum err refuse(struct reading *r, const char *field, enum msg msg)
{
	return problem_set(r->problem, ERR_BAD_INPUT, str_of(field), msg, NULL, 0);
}

static enum err get_text(struct reading *r, const json_t *v, const char *field, size_t max,
			 struct str *ret)
{
	struct str s;

	if (!v)
		return refuse(r, field, MSG_RECEIPT_MISSING);
	if (!json_is_string(v) || json_string_length(v) > max)
		return refuse(r, field, MSG_RECEIPT_FORM);
	s = arena_copy(r->a, (struct str){json_string_value(v), json_string_length(v)});
	if (!s.p)
		return ERR_NO_MEMORY;
	*ret = s;
	return ERR_OK;
}

static enum err get_bytes(struct reading *r, const json_t *v, const char *field, uint8_t *out,
			  size_t want)
{
	size_t n = 0;

	if (!v)
		return refuse(r, field, MSG_RECEIPT_MISSING);
	if (!json_is_string(v) ||
	    !b64_decode((struct str){json_string_value(v), json_string_length(v)}, out, want, &n) ||
	    n != want)
		return refuse(r, field, MSG_RECEIPT_FORM);
	return ERR_OK;
}

static enum err get_values(struct reading *r, json_t *values, struct receipt *ret)
{
	const char *name;
	json_t *v;

	if (!values)
		return ERR_OK;
	if (!json_is_object(values) || json_object_size(values) > RECEIPT_VALUES_MAX)
		return refuse(r, "values", MSG_RECEIPT_FORM);
	json_object_foreach(values, name, v) {
		struct receipt_value *to = &ret->values[ret->values_n++];
		char field[PROBLEM_FIELD_BYTES_MAX];
		snprintf(field, sizeof field, "values.%s", name);
		if (!json_is_object(v) || json_object_size(v) != 2 || strlen(name) > 64)
			return refuse(r, field, MSG_RECEIPT_FORM);
		to->field = arena_copy(r->a, str_of(name));
		if (!to->field.p)
			return ERR_NO_MEMORY;
		snprintf(field, sizeof field, "values.%s.blind", name);
		TRY(get_bytes(r, json_object_get(v, "blind"), field, to->blind, SEAL_BLIND_BYTES));
		snprintf(field, sizeof field, "values.%s.text", name);
		TRY(get_text(r, json_object_get(v, "text"), field, ENTRY_BYTES_MAX, &to->text));
	}
	return ERR_OK;
}

static enum err get_proof(struct reading *r, const json_t *proof, struct receipt *ret)
{
	if (!proof)
		return refuse(r, "proof", MSG_RECEIPT_MISSING);
	if (!json_is_array(proof) || json_array_size(proof) > RECEIPT_PATH_MAX)
		return refuse(r, "proof", MSG_RECEIPT_FORM);
	for (; ret->path_n < json_array_size(proof); ret->path_n++) {
		char field[24];
		snprintf(field, sizeof field, "proof[%u]", ret->path_n);
		TRY(get_bytes(r, json_array_get(proof, ret->path_n), field,
			      ret->path[ret->path_n].b, HASH_BYTES));
	}
	return ERR_OK;
}

static enum err only_members(struct reading *r, json_t *json)
{
	const char *name;
	json_t *v;

	json_object_foreach(json, name, v) {
		bool known = false;
		for (size_t i = 0; members[i]; i++)
			known = known || strcmp(members[i], name) == 0;
		if (!known)
			return refuse(r, name, MSG_RECEIPT_UNKNOWN);
	}
	return ERR_OK;
}

static enum err get_all(struct reading *r, json_t *json, struct receipt *ret)
{
	const json_t *format = json_object_get(json, "format"), *n = json_object_get(json, "n");
	const json_t *secret = json_object_get(json, "secret");

	if (!json_is_string(format) || strcmp(json_string_value(format), RECEIPT_FORMAT) != 0)
		return refuse(r, "format", MSG_RECEIPT_NO_RECEIPT);
	TRY(only_members(r, json));
	TRY(get_text(r, json_object_get(json, "key"), "key", KEY_LINE_MAX, &ret->key));
	if (!n)
		return refuse(r, "n", MSG_RECEIPT_MISSING);
	if (!json_is_integer(n) || json_integer_value(n) < 1 ||
	    json_integer_value(n) > ENTRY_INT_MAX)
		return refuse(r, "n", MSG_RECEIPT_FORM);
	ret->n = (uint64_t)json_integer_value(n);
	TRY(get_text(r, json_object_get(json, "entry"), "entry", ENTRY_BYTES_MAX, &ret->entry));
	TRY(get_bytes(r, json_object_get(json, "salt"), "salt", ret->salt, SALT_BYTES));
	TRY(get_values(r, json_object_get(json, "values"), ret));
	TRY(get_proof(r, json_object_get(json, "proof"), ret));
	TRY(get_text(r, json_object_get(json, "checkpoint"), "checkpoint", NOTE_BYTES_MAX,
		     &ret->checkpoint));
	ret->has_secret = secret != NULL;
	return secret ? get_bytes(r, secret, "secret", ret->secret, SEAL_SECRET_BYTES) : ERR_OK;
}

enum err receipt_parse(struct str text, struct arena *a, struct receipt *ret,
		       struct problem *problem)
{
	struct reading r = {a, problem};
	struct note_verifier verifier;
	struct receipt *receipt;
	json_error_t at;
	json_t *json;
	enum err e;

	if (text.n > RECEIPT_BYTES_MAX)
		return problem_set(problem, ERR_TOO_LARGE, STR(""), MSG_RECEIPT_TOO_LARGE, NULL, 0);
	receipt = arena_alloc(a, sizeof *receipt);
	if (!receipt)
		return ERR_NO_MEMORY;
	json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &at);
	if (!json) {
		e = problem_set(problem, ERR_BAD_JSON, STR(""), MSG_RECEIPT_NO_RECEIPT, NULL, 0);
		problem_at(problem, STR(""), (unsigned)(at.line > 0 ? at.line : 0), 0);
		return e;
	}
	e = json_is_object(json) ? get_all(&r, json, receipt)
				 : refuse(&r, "", MSG_RECEIPT_NO_RECEIPT);
	json_decref(json);
	if (e == ERR_OK && note_vkey_parse(receipt->key, &verifier) != ERR_OK)
		e = refuse(&r, "key", MSG_RECEIPT_FORM);
	TRY(e);
	*ret = *receipt;
	return ERR_OK;
}

/* ---- checking ---- */

static bool path_leads_to(const struct receipt *r, const struct checkpoint *c)
{
	struct hash32 h;

	hash_commitment(r->salt, r->entry, &h);
	merkle_leaf(h.b, HASH_BYTES, &h);
	return merkle_inclusion_verify(r->n - 1, c->size, &h, r->path, r->path_n, &c->root);
}

static bool value_fits(const json_t *entry, const struct receipt_value *v)
{
	char field[PROBLEM_FIELD_BYTES_MAX + 1];
	const json_t *h;
	struct hash32 want, got;
	size_t n = 0;

	snprintf(field, sizeof field, "%.*s", (int)v->field.n, v->field.p);
	h = json_object_get(json_object_get(json_object_get(entry, "data"), field), "h");
	if (!json_is_string(h) ||
	    !b64_decode((struct str){json_string_value(h), json_string_length(h)}, want.b,
			HASH_BYTES, &n) ||
	    n != HASH_BYTES)
		return false;
	seal_value_commitment(v->blind, v->text, &got);
	return hash_eq(&want, &got);
}

/* Steps 4 and 5, of the entry as JSON. */
static void check_entry(const struct receipt *r, const json_t *entry, struct receipt_result *ret)
{
	const json_t *n = json_object_get(entry, "n");

	ret->failed = RECEIPT_NUMBER;
	if (!json_is_integer(n) || json_integer_value(n) != (json_int_t)r->n)
		return;
	ret->failed = RECEIPT_VALUES;
	for (unsigned i = 0; i < r->values_n; i++) {
		struct str field = r->values[i].field;
		if (!value_fits(entry, &r->values[i])) {
			snprintf(ret->field, sizeof ret->field, "%.*s", (int)field.n, field.p);
			return;
		}
	}
	ret->failed = RECEIPT_STEPS;
}

void receipt_check(const struct receipt *r, struct receipt_result *ret)
{
	struct note_verifier verifier;
	struct checkpoint c;
	struct str text;
	json_t *entry;

	*ret = (struct receipt_result){.failed = RECEIPT_SIGNATURE};
	if (note_vkey_parse(r->key, &verifier) != ERR_OK ||
	    note_open(&verifier, r->checkpoint, &text) != ERR_OK)
		return;
	ret->failed = RECEIPT_ORIGIN;
	if (checkpoint_parse(text, &c) != ERR_OK || !str_eq(c.origin, str_of(verifier.name)))
		return;
	ret->size = c.size;
	ret->failed = RECEIPT_PROOF;
	if (!path_leads_to(r, &c))
		return;
	entry = json_loadb(r->entry.p, r->entry.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	ret->failed = RECEIPT_NUMBER;
	check_entry(r, entry, ret);
	json_decref(entry);
}

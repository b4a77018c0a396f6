/* YAML events into a tree with places, and the checks that every reader of a file needs. */
#include "config/config_yaml.h"

#include "base/check.h"

#include <yaml.h>

struct tree {
	struct config_file *file;
	struct config_node *top; /* the mapping or list that is open, or NULL */
	struct config_node *root;
	unsigned nodes_n;
	unsigned depth;
	bool has_key; /* within a mapping: the key is read, its value is not */
	struct str key;
	yaml_mark_t key_at;
};

static struct str number(unsigned long v, char memory[24])
{
	struct buf out = buf_over(memory, 24);

	buf_put_u64(&out, v);
	return buf_str(&out);
}

/* A problem at a place of the text that has no node. */
static enum err fail_at(const struct config_file *f, enum err err, yaml_mark_t at, enum msg msg,
			const struct str *args, unsigned n)
{
	enum err e = problem_set(f->problem, err, STR(""), msg, args, n);

	problem_at(f->problem, f->name, (unsigned)at.line + 1, (unsigned)at.column + 1);
	return e;
}

static enum err fail_cap(const struct config_file *f, yaml_mark_t at, enum msg msg,
			 unsigned long cap)
{
	char memory[24];
	const struct str arg = number(cap, memory);

	return fail_at(f, ERR_TOO_LARGE, at, msg, &arg, 1);
}

/* Make a node for an event and hang it into what is open. */
static enum err add_node(struct tree *t, enum config_kind kind, yaml_mark_t at, struct str text)
{
	struct config_node *top = t->top, *node;

	if (++t->nodes_n > CONFIG_NODES_MAX)
		return fail_cap(t->file, at, MSG_YAML_TOO_MANY, CONFIG_NODES_MAX);
	if (kind != CONFIG_TEXT && t->depth == CONFIG_DEPTH_MAX)
		return fail_cap(t->file, at, MSG_YAML_TOO_DEEP, CONFIG_DEPTH_MAX);
	node = arena_alloc(arena_scratch(t->file->arena), sizeof *node);
	text = arena_copy(t->file->arena, text);
	if (!node || !text.p)
		return fail_at(t->file, ERR_TOO_LARGE, at, MSG_CONFIG_NO_MEMORY, NULL, 0);
	*node = (struct config_node){.kind = kind,
				     .line = (unsigned)at.line + 1,
				     .column = (unsigned)at.column + 1,
				     .text = text,
				     .parent = top};
	if (!top) {
		t->root = node;
	} else {
		node->index = top->n++;
		if (top->kind == CONFIG_MAPPING) {
			node->key = t->key;
			node->key_line = (unsigned)t->key_at.line + 1;
			node->key_column = (unsigned)t->key_at.column + 1;
		}
		if (top->last)
			top->last->next = node;
		else
			top->first = node;
		top->last = node;
	}
	t->has_key = false;
	if (kind != CONFIG_TEXT) {
		t->top = node;
		t->depth++;
	}
	return ERR_OK;
}

static enum err add_key(struct tree *t, const yaml_event_t *event, struct str text)
{
	yaml_mark_t at = event->start_mark;

	if (text.n == 0)
		return fail_at(t->file, ERR_BAD_INPUT, at, MSG_YAML_KEY_NOT_TEXT, NULL, 0);
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && str_eq(text, STR("<<")))
		return fail_at(t->file, ERR_BAD_INPUT, at, MSG_YAML_MERGE_KEY, NULL, 0);
	if (t->top->n == CONFIG_KEYS_MAX)
		return fail_cap(t->file, at, MSG_YAML_TOO_MANY, CONFIG_KEYS_MAX);
	for (const struct config_node *node = t->top->first; node; node = node->next) {
		char memory[24];
		const struct str args[] = {text, number(node->key_line, memory)};
		if (str_eq(node->key, text))
			return fail_at(t->file, ERR_BAD_INPUT, at, MSG_YAML_DUPLICATE_KEY, args, 2);
	}
	t->key = arena_copy(arena_scratch(t->file->arena), text);
	if (!t->key.p)
		return fail_at(t->file, ERR_TOO_LARGE, at, MSG_CONFIG_NO_MEMORY, NULL, 0);
	t->key_at = at;
	t->has_key = true;
	return ERR_OK;
}

static bool wants_key(const struct tree *t)
{
	return t->top && t->top->kind == CONFIG_MAPPING && !t->has_key;
}

static enum err take_scalar(struct tree *t, const yaml_event_t *event)
{
	struct str text = {(const char *)event->data.scalar.value, event->data.scalar.length};

	if (wants_key(t))
		return add_key(t, event, text);
	return add_node(t, CONFIG_TEXT, event->start_mark, text);
}

static enum err take_opening(struct tree *t, const yaml_event_t *event, enum config_kind kind)
{
	if (wants_key(t))
		return fail_at(t->file, ERR_BAD_INPUT, event->start_mark, MSG_YAML_KEY_NOT_TEXT,
			       NULL, 0);
	return add_node(t, kind, event->start_mark, STR(""));
}

/* Anchors and tags, which texts, lists and mappings may all carry. */
static enum err refuse_extras(const struct tree *t, const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}
	if (anchor || event->type == YAML_ALIAS_EVENT)
		return fail_at(t->file, ERR_BAD_INPUT, event->start_mark, MSG_YAML_ANCHOR, NULL, 0);
	if (tag)
		return fail_at(t->file, ERR_BAD_INPUT, event->start_mark, MSG_YAML_TAG, NULL, 0);
	return ERR_OK;
}

static enum err take_event(struct tree *t, const yaml_event_t *event)
{
	TRY(refuse_extras(t, event));
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(t, event);
	case YAML_SEQUENCE_START_EVENT:
		return take_opening(t, event, CONFIG_SEQUENCE);
	case YAML_MAPPING_START_EVENT:
		return take_opening(t, event, CONFIG_MAPPING);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		t->top = t->top->parent;
		t->depth--;
		return ERR_OK;
	case YAML_DOCUMENT_START_EVENT:
		if (t->root)
			return fail_at(t->file, ERR_BAD_INPUT, event->start_mark,
				       MSG_YAML_SECOND_DOCUMENT, NULL, 0);
		return ERR_OK;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
	case YAML_ALIAS_EVENT:
		break;
	}
	return ERR_OK;
}

static enum err take_all(struct tree *t, yaml_parser_t *parser)
{
	for (;;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			const struct str arg = str_of(parser->problem ? parser->problem : "?");
			if (parser->error == YAML_MEMORY_ERROR)
				return fail_at(t->file, ERR_NO_MEMORY, parser->mark,
					       MSG_CONFIG_NO_MEMORY, NULL, 0);
			bool is_read = parser->error == YAML_READER_ERROR;
			return fail_at(t->file, ERR_BAD_INPUT,
				       is_read ? parser->mark : parser->problem_mark,
				       MSG_YAML_SYNTAX, &arg, 1);
		}
		bool is_end = event.type == YAML_STREAM_END_EVENT;
		enum err e = take_event(t, &event);
		yaml_event_delete(&event);
		if (e != ERR_OK || is_end)
			return e;
	}
}

/* The first line that is not UTF-8. */
static size_t bad_line(struct str text)
{
	size_t line = 0;

	while (text.n > 0) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) + 1 : text.n;
		if (!str_is_utf8((struct str){text.p, n}))
			break;
		text.p += n;
		text.n -= n;
		line++;
	}
	return line;
}

enum err config_read(struct str name, struct str text, struct arena *arena, struct problem *problem,
		     struct config_file *ret)
{
	struct config_file file = {name, arena, problem, NULL};
	struct tree t = {.file = &file};
	const yaml_mark_t start = {0, 0, 0};
	yaml_parser_t parser;

	if (text.n > CONFIG_BYTES_MAX)
		return fail_cap(&file, start, MSG_YAML_TOO_LARGE, CONFIG_BYTES_MAX);
	if (!str_is_utf8(text)) {
		yaml_mark_t at = {0, bad_line(text), 0};
		return fail_at(&file, ERR_BAD_INPUT, at, MSG_YAML_NOT_UTF8, NULL, 0);
	}
	if (str_starts(text, STR("\xEF\xBB\xBF"))) /* the mark that some editors put in front */
		text = (struct str){text.p + 3, text.n - 3};
	if (!yaml_parser_initialize(&parser))
		return fail_at(&file, ERR_NO_MEMORY, start, MSG_CONFIG_NO_MEMORY, NULL, 0);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	enum err e = take_all(&t, &parser);
	yaml_parser_delete(&parser);
	TRY(e);
	if (!t.root || (t.root->kind == CONFIG_TEXT && t.root->text.n == 0))
		return fail_at(&file, ERR_BAD_INPUT, start, MSG_YAML_EMPTY, NULL, 0);
	file.root = t.root;
	*ret = file;
	return ERR_OK;
}

/* "years[1].holidays[0].from", from the root down. */
static void put_path(const struct config_node *node, struct buf *out)
{
	const struct config_node *chain[CONFIG_DEPTH_MAX + 1];
	unsigned n = 0;

	for (; node->parent; node = node->parent) {
		CHECK(n <= CONFIG_DEPTH_MAX);
		chain[n++] = node;
	}
	for (unsigned i = n; i-- > 0;) {
		if (chain[i]->parent->kind == CONFIG_SEQUENCE) {
			buf_put_char(out, '[');
			buf_put_u64(out, chain[i]->index);
			buf_put_char(out, ']');
		} else {
			buf_put_z(out, i + 1 < n ? "." : "");
			buf_put_str(out, chain[i]->key);
		}
	}
}

enum err config_fail(const struct config_file *f, const struct config_node *node, enum msg msg,
		     const struct str *args, unsigned n)
{
	char memory[512];
	struct buf path = buf_over(memory, sizeof memory);

	put_path(node,
		 &path); /* a path too long for the buffer is cut, and cut shorter by the problem */
	enum err e = problem_set(f->problem, ERR_BAD_INPUT, buf_str(&path), msg, args, n);
	problem_at(f->problem, f->name, node->line, node->column);
	return e;
}

const struct config_node *config_find(const struct config_node *mapping, const char *key)
{
	CHECK(mapping->kind == CONFIG_MAPPING);
	for (const struct config_node *node = mapping->first; node; node = node->next)
		if (str_eq(node->key, str_of(key)))
			return node;
	return NULL;
}

/* Is `key` one of the words in `keys`, which have one blank between them? */
static bool is_word_of(struct str key, struct str keys)
{
	while (keys.n > 0) {
		const char *blank = memchr(keys.p, ' ', keys.n);
		size_t n = blank ? (size_t)(blank - keys.p) : keys.n;
		if (str_eq(key, (struct str){keys.p, n}))
			return true;
		n += blank ? 1 : 0;
		keys = (struct str){keys.p + n, keys.n - n};
	}
	return false;
}

enum err config_want_mapping(const struct config_file *f, const struct config_node *node,
			     const char *keys)
{
	if (node->kind != CONFIG_MAPPING)
		return config_fail(f, node, MSG_CONFIG_WANT_MAPPING, NULL, 0);
	for (const struct config_node *child = node->first; child; child = child->next) {
		const struct str args[] = {child->key, str_of(keys)};
		if (is_word_of(child->key, str_of(keys)))
			continue;
		enum err e = config_fail(f, child, MSG_CONFIG_UNKNOWN_KEY, args, 2);
		problem_at(f->problem, f->name, child->key_line, child->key_column);
		return e;
	}
	return ERR_OK;
}

enum err config_want_sequence(const struct config_file *f, const struct config_node *node,
			      unsigned n_max)
{
	char memory[24];

	if (node->kind != CONFIG_SEQUENCE)
		return config_fail(f, node, MSG_CONFIG_WANT_SEQUENCE, NULL, 0);
	if (node->n > n_max) {
		const struct str arg = number(n_max, memory);
		return config_fail(f, node, MSG_CONFIG_TOO_MANY, &arg, 1);
	}
	return ERR_OK;
}

enum err config_want_text(const struct config_file *f, const struct config_node *node,
			  size_t bytes_max, struct str *ret)
{
	char memory[24];

	if (node->kind != CONFIG_TEXT)
		return config_fail(f, node, MSG_CONFIG_WANT_TEXT, NULL, 0);
	if (node->text.n == 0)
		return config_fail(f, node, MSG_CONFIG_TEXT_EMPTY, NULL, 0);
	if (node->text.n > bytes_max) {
		const struct str arg = number(bytes_max, memory);
		return config_fail(f, node, MSG_CONFIG_TEXT_LONG, &arg, 1);
	}
	*ret = node->text;
	return ERR_OK;
}

enum err config_want(const struct config_file *f, const struct config_node *mapping,
		     const char *key, const struct config_node **ret)
{
	const struct config_node *node = config_find(mapping, key);
	const struct str arg = str_of(key);

	if (!node)
		return config_fail(f, mapping, MSG_CONFIG_MISSING, &arg, 1);
	*ret = node;
	return ERR_OK;
}

enum err config_want_both(const struct config_file *f, const struct config_node *node,
			  size_t bytes_max, struct str ret[LANG_COUNT])
{
	struct str text[LANG_COUNT];

	TRY(config_want_mapping(f, node, "zh en"));
	for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
		const struct config_node *child;
		TRY(config_want(f, node, lang_tag(lang), &child));
		TRY(config_want_text(f, child, bytes_max, &text[lang]));
	}
	memcpy(ret, text, sizeof text);
	return ERR_OK;
}

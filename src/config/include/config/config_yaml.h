/* The files that a community edits, read from memory into a tree that knows where each thing
 * stands. A plain part of YAML: mappings, lists and texts; no anchors, aliases, tags, merge keys,
 * repeated keys or second documents, each refused with its line and column. Every value is text
 * until a reader of a certain file says what it should be. Depends on base and libyaml (which
 * allocates while it parses and gives everything back). O(bytes). */
#ifndef LIREN_CONFIG_YAML_H
#define LIREN_CONFIG_YAML_H

#include "base/arena.h"
#include "base/problem.h"

#define CONFIG_BYTES_MAX 262144u
#define CONFIG_NODES_MAX 20000u
#define CONFIG_DEPTH_MAX 16u
#define CONFIG_KEYS_MAX 1024u /* of one mapping */

enum config_kind { CONFIG_TEXT, CONFIG_SEQUENCE, CONFIG_MAPPING };

struct config_node {
	enum config_kind kind;
	unsigned line, column; /* from 1; the column counts characters */
	unsigned n;            /* children */
	unsigned index;        /* among its siblings, from 0 */
	struct str text;       /* of CONFIG_TEXT; may be empty */
	struct str key;        /* what stands before the colon; of a child of a mapping */
	unsigned key_line, key_column;
	struct config_node *parent, *next, *first, *last;
};

/* A file that was read. It lives in the arena; the problem, which may be NULL, is filled by the
 * functions below. */
struct config_file {
	struct str name; /* as it shall stand in messages; a view that stays in place */
	struct arena *arena;
	struct problem *problem;
	const struct config_node *root;
};

/* Read `text` into the arena; nodes and keys into its scratch, where it has one, so that only texts
 * stay. ERR_BAD_INPUT and ERR_TOO_LARGE with the problem filled in;
 * ERR_NO_MEMORY where libyaml had none. *ret is used by the readers below also when they fail. */
enum err config_read(struct str name, struct str text, struct arena *arena, struct problem *problem,
		     struct config_file *ret) MUST_CHECK;

/* Say that something is wrong with `node`: fills the problem with file, line, column and the path
 * of the node
 * ("years[1].holidays[0].from"). Gives ERR_BAD_INPUT. */
enum err config_fail(const struct config_file *f, const struct config_node *node, enum msg msg,
		     const struct str *args, unsigned n);

/* The child of a mapping with this key, or NULL. */
const struct config_node *config_find(const struct config_node *mapping, const char *key);

/* Each fails with a problem where the node is of another kind. `keys` is the list of the keys a
 * mapping may have, with blanks between: a key outside it is refused and the list is shown. */
enum err config_want_mapping(const struct config_file *f, const struct config_node *node,
			     const char *keys) MUST_CHECK;
enum err config_want_sequence(const struct config_file *f, const struct config_node *node,
			      unsigned n_max) MUST_CHECK;
enum err config_want_text(const struct config_file *f, const struct config_node *node,
			  size_t bytes_max, struct str *ret) MUST_CHECK;

/* The child with this key, which must be there. */
enum err config_want(const struct config_file *f, const struct config_node *mapping,
		     const char *key, const struct config_node **ret) MUST_CHECK;

/* A text in both languages: {zh: …, en: …}. */
enum err config_want_both(const struct config_file *f, const struct config_node *node,
			  size_t bytes_max, struct str ret[LANG_COUNT]) MUST_CHECK;

#endif

/* What the readers of files about cases share: names with their places, lists of names, words in
 * both languages, yes and no, numbers. Each fails with the problem filled in. */
#ifndef LIREN_CONFIG_READ_H
#define LIREN_CONFIG_READ_H

#include "cases/model.h"
#include "config/config_yaml.h"

struct cases_at read_at(const struct config_file *f, const struct config_node *node);

/* ERR_TOO_LARGE: the arena is over. */
enum err read_no_room(const struct config_file *f);

/* n zeroed elements in the arena; a list of none is no error. */
enum err read_alloc(const struct config_file *f, size_t n, size_t size, void **ret) MUST_CHECK;

/* A name: letters, digits, _ and -. */
enum err read_name_node(const struct config_file *f, const struct config_node *node,
			struct cases_name *ret) MUST_CHECK;
enum err read_name(const struct config_file *f, const struct config_node *mapping, const char *key,
		   struct cases_name *ret) MUST_CHECK;
/* Where the key is absent the name stays empty, and its place is that of the mapping. */
enum err read_name_if(const struct config_file *f, const struct config_node *mapping,
		      const char *key, struct cases_name *ret) MUST_CHECK;
/* A list of names, or one name alone; absent: none. */
enum err read_names(const struct config_file *f, const struct config_node *mapping, const char *key,
		    struct cases_names *ret) MUST_CHECK;

enum err read_words(const struct config_file *f, const struct config_node *mapping, const char *key,
		    size_t bytes_max, struct str ret[LANG_COUNT]) MUST_CHECK;
enum err read_words_if(const struct config_file *f, const struct config_node *mapping,
		       const char *key, size_t bytes_max, struct str ret[LANG_COUNT]) MUST_CHECK;
/* {zh: [phrase, …], en: [phrase, …]}, either of them absent or empty; absent: none. */
enum err read_phrases_if(const struct config_file *f, const struct config_node *mapping,
			 const char *key, struct cases_phrases ret[LANG_COUNT]) MUST_CHECK;
enum err read_text(const struct config_file *f, const struct config_node *mapping, const char *key,
		   size_t bytes_max, struct str *ret) MUST_CHECK;
enum err read_text_if(const struct config_file *f, const struct config_node *mapping,
		      const char *key, size_t bytes_max, struct str *ret) MUST_CHECK;
enum err read_yes_if(const struct config_file *f, const struct config_node *mapping,
		     const char *key, bool *ret) MUST_CHECK;
enum err read_number(const struct config_file *f, const struct config_node *mapping,
		     const char *key, unsigned min, unsigned max, unsigned *ret) MUST_CHECK;
enum err read_limits_node(const struct config_file *f, const struct config_node *node,
			  struct cases_limits *ret) MUST_CHECK;

/* Refuse a word outside the list, which is shown. */
enum err read_fail_one_of(const struct config_file *f, const struct config_node *node,
			  const char *words);

/* A list under a key, an element for each item: allocates, then `read` fills them one by one. */
typedef enum err read_item_fn(const struct config_file *f, const struct config_node *item,
			      void *element);
enum err read_list(const struct config_file *f, const struct config_node *mapping, const char *key,
		   unsigned n_max, size_t size, read_item_fn *read, void **ret,
		   unsigned *ret_n) MUST_CHECK;
/* The same; absent: none. */
enum err read_list_if(const struct config_file *f, const struct config_node *mapping,
		      const char *key, unsigned n_max, size_t size, read_item_fn *read, void **ret,
		      unsigned *ret_n) MUST_CHECK;

/* A name with its words: {name: …, zh: …, en: …} into a struct that begins with them. */
enum err read_word(const struct config_file *f, const struct config_node *item, void *element);

#endif

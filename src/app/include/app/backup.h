/* Backups: a folder with a consistent copy of the journal, the attachments, etc/, liren.yaml
 * and a manifest, made while the office runs; and a store made again from one. No backup holds a
 * key: what is erased after it was taken stays erased when it is restored. */
#ifndef LIREN_APP_BACKUP_H
#define LIREN_APP_BACKUP_H

#include "app/settings.h"

#define BACKUP_FORMAT "liren-backup-1"

struct backup_summary {
	uint64_t entries, files, bytes;
};

struct backup_options {
	const struct settings *settings; /* of the store */
	const char *to;                  /* the folder to be made; must not exist */
	/* Bytes; what comes while it runs is not in the total: done may go beyond. NULL: none. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/* Durable when it returns; on failure what was made is removed. */
enum err backup_make(const struct backup_options *o, struct backup_summary *ret,
		     struct problem *problem) MUST_CHECK;

struct restore_options {
	const char *from;
	const struct settings
	    *settings;    /* of the new store; its folder must not exist, its keys must */
	const char *seen; /* file with the newest checkpoint that anybody kept; NULL: none */
	void (*progress)(void *ctx, uint64_t done, uint64_t total); /* NULL: none */
};

struct restore_summary {
	uint64_t entries;
	bool same_origin;        /* nothing was lost: the log goes on under its origin */
	char origin[ORIGIN_MAX]; /* under which it goes on */
	uint64_t without_key;    /* lines whose text nobody can open, though no entry erased them */
};

/* Check every hash of the manifest and verify the whole journal, then make the store: files,
 * keys.db from the key copy, liren.yaml, and a new log origin unless `seen` shows that nothing was
 * lost. On failure nothing is left of it. */
enum err restore_store(const struct restore_options *o, struct restore_summary *ret,
		       struct problem *problem) MUST_CHECK;

#endif

/* At rest, moving, moved: the thread goes from the second to the third, the writer the rest. */
#include "app/wal_mover.h"

#include "app/log.h"

#include <pthread.h>
#include <stdlib.h>

enum state { AT_REST, MOVING, MOVED };

struct wal_mover {
	struct db *writer; /* the writer's thread's */
	int rest_pages;	   /* of the WAL when the writer moved last, and so until the next commit */
	struct db *db;	   /* the thread's own */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work;
	enum state state;
	bool stopping;
};

static void *run(void *ctx)
{
	struct wal_mover *m = ctx;
	enum err said = ERR_OK, e;

	pthread_mutex_lock(&m->lock);
	for (;;) {
		while (m->state != MOVING && !m->stopping)
			pthread_cond_wait(&m->work, &m->lock);
		if (m->stopping)
			break;
		pthread_mutex_unlock(&m->lock);
		e = db_wal_move(m->db);
		if (e == ERR_LOCKED)
			e = ERR_OK; /* the writer does all of it just now, for an erasure */
		if (e != said) /* once, not with each try: a disk stays full for long */
			log_event(e == ERR_OK ? LOG_INFO_LEVEL : LOG_WARN_LEVEL, "wal", "move=%s",
				  err_info(e)->name);
		said = e;
		pthread_mutex_lock(&m->lock);
		m->state = MOVED;
	}
	pthread_mutex_unlock(&m->lock);
	return NULL;
}

enum err wal_mover_start(const char *path, const char *vfs, struct db *writer,
			 struct wal_mover **ret)
{
	struct db_options o = {.vfs = vfs};
	struct wal_mover *m = calloc(1, sizeof *m);
	enum err e = m ? db_open(path, DB_SCHEMA_journal, DB_MOVE, &o, &m->db) : ERR_NO_MEMORY;

	if (e != ERR_OK) {
		free(m);
		return e;
	}
	m->writer = writer;
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->work, NULL);
	if (pthread_create(&m->thread, NULL, run, m) != 0) {
		pthread_cond_destroy(&m->work);
		pthread_mutex_destroy(&m->lock);
		db_free(m->db);
		free(m);
		return ERR_NO_MEMORY;
	}
	db_wal_leave(writer);
	*ret = m;
	return ERR_OK;
}

bool wal_mover_look(struct wal_mover *m)
{
	int pages = db_wal_pages(m->writer);
	bool is_moved = false;

	if (pages < WAL_MOVER_PAGES)
		m->rest_pages = 0;
	if (pages < WAL_MOVER_PAGES || pages == m->rest_pages)
		return false;
	pthread_mutex_lock(&m->lock);
	if (m->state == AT_REST) {
		m->state = MOVING;
		pthread_cond_signal(&m->work);
	} else if (m->state == MOVED) {
		m->state = AT_REST;
		is_moved = true;
	}
	pthread_mutex_unlock(&m->lock);
	if (!is_moved || db_wal_move(m->writer) != ERR_OK)
		return false;
	m->rest_pages = pages;
	return true;
}

struct wal_mover *wal_mover_stop(struct wal_mover *m)
{
	if (!m)
		return NULL;
	pthread_mutex_lock(&m->lock);
	m->stopping = true;
	pthread_cond_signal(&m->work);
	pthread_mutex_unlock(&m->lock);
	pthread_join(m->thread, NULL);
	pthread_cond_destroy(&m->work);
	pthread_mutex_destroy(&m->lock);
	db_free(m->db);
	free(m);
	return NULL;
}

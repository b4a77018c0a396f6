/* CSV by one state a byte. */
#include "place/csv.h"

enum state { FIELD_START, PLAIN, QUOTED, QUOTE_SEEN, SKIPPING };

void csv_init(struct csv *c, char separator)
{
	memset(c, 0, sizeof *c - sizeof c->row);
	c->separator = separator;
	c->line_now = 1;
	c->fresh = true;
}

static void begin_row(struct csv *c)
{
	c->n = 0;
	c->column_n = 0;
	c->start[0] = 0;
	c->state = FIELD_START;
	c->bad = CSV_ROW;
	c->quoted = false;
	c->fresh = false;
	c->line = c->line_now;
}

static void skip(struct csv *c, enum csv_result why)
{
	if (c->bad == CSV_ROW)
		c->bad = why;
	c->state = SKIPPING;
}

static void put(struct csv *c, char byte)
{
	if (c->n == CSV_ROW_BYTES_MAX)
		skip(c, CSV_TOO_LARGE);
	else
		c->row[c->n++] = byte;
}

static void end_field(struct csv *c)
{
	if (c->column_n == CSV_COLUMNS_MAX) {
		skip(c, CSV_TOO_LARGE);
		return;
	}
	c->start[++c->column_n] = c->n;
	c->state = FIELD_START;
}

static enum csv_result end_row(struct csv *c)
{
	if (c->state == QUOTED)
		skip(c, CSV_BAD_QUOTE);
	if (c->state != SKIPPING)
		end_field(c);
	c->fresh = true;
	if (c->bad != CSV_ROW)
		return c->bad;
	for (unsigned i = 0; i < c->column_n; i++)
		c->column[i] = (struct str){c->row + c->start[i], c->start[i + 1] - c->start[i]};
	return str_is_utf8((struct str){c->row, c->n}) ? CSV_ROW : CSV_NOT_UTF8;
}

/* Nothing stands in the row so far. */
static bool is_blank(const struct csv *c)
{
	return c->n == 0 && c->column_n == 0 && !c->quoted && c->state == FIELD_START;
}

static void take(struct csv *c, char byte)
{
	switch ((enum state)c->state) {
	case FIELD_START:
		if (byte == '"') {
			c->state = QUOTED;
			c->quoted = true;
			return;
		}
		c->state = PLAIN;
		__attribute__((fallthrough));
	case PLAIN:
		if (byte == c->separator)
			end_field(c);
		else if (byte == '"')
			skip(c, CSV_BAD_QUOTE);
		else
			put(c, byte);
		return;
	case QUOTED:
		if (byte == '"')
			c->state = QUOTE_SEEN;
		else
			put(c, byte);
		return;
	case QUOTE_SEEN:
		if (byte == '"') {
			c->state = QUOTED;
			put(c, byte);
		} else if (byte == c->separator) {
			end_field(c);
		} else if (byte != '\r') {
			skip(c, CSV_BAD_QUOTE);
		}
		return;
	case SKIPPING:
		return;
	}
}

/* A CR before the line end belongs to it. */
static void drop_cr(struct csv *c)
{
	if (c->state == PLAIN && c->n > c->start[c->column_n] && c->row[c->n - 1] == '\r') {
		c->n--;
		if (c->n == c->start[c->column_n])
			c->state = FIELD_START;
	}
}

enum csv_result csv_read(struct csv *c, struct str piece, bool last, size_t *ret_used)
{
	static const char bom[] = "\xEF\xBB\xBF";

	for (size_t i = 0; i < piece.n; i++) {
		char byte = piece.p[i];
		if (c->bom < 3) {
			if (byte == bom[c->bom]) {
				c->bom++;
				continue;
			}
			c->bom = 3; /* a file that begins with half a mark is no UTF-8, which shows
				       below */
		}
		if (c->fresh)
			begin_row(c);
		if (byte != '\n' || c->state == QUOTED) {
			c->line_now += byte == '\n';
			take(c, byte);
			continue;
		}
		c->line_now++;
		drop_cr(c);
		if (is_blank(c)) {
			c->fresh = true;
			continue;
		}
		*ret_used = i + 1;
		return end_row(c);
	}
	*ret_used = piece.n;
	if (!last || c->fresh)
		return CSV_MORE;
	drop_cr(c);
	if (is_blank(c)) {
		c->fresh = true;
		return CSV_MORE;
	}
	return end_row(c);
}

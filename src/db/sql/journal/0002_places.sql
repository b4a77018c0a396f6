-- Places: all of it projections of place.set entries. What a place holds in full stands in the entry `n`; rows hold
-- what is searched, joined and listed.

-- id: number of the entry that made it. n: the entry in force. digest: front of SHA-256 over the entry's data, so that
-- the same content is known again. Days; the lowest and highest 32-bit numbers stand for open ends. search: normal
-- forms, one line a text.
CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    code INTEGER NOT NULL,
    ext TEXT NOT NULL,
    digest BLOB NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    has_at INTEGER NOT NULL,
    lat INTEGER NOT NULL,
    lon INTEGER NOT NULL,
    title TEXT NOT NULL,
    search TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX place_ext ON place (ext);
CREATE INDEX place_newest ON place (n);
CREATE INDEX place_child ON place (parent, kind, id);

-- Every version of a place.
CREATE TABLE place_version (
    id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;

-- How many places of a kind hang on one: a card does not count.
CREATE TABLE place_count (
    parent INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    places INTEGER NOT NULL,
    PRIMARY KEY (parent, kind)
) STRICT, WITHOUT ROWID;

-- What came after what: a building in the room of another.
CREATE TABLE place_follows (
    predecessor INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (predecessor, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_follows_id ON place_follows (id);

-- Places with a position, by kind and cell of about 50 m (row << 20 | column). What a map shows stands here too, so that
-- a box is read in one go.
CREATE TABLE place_cell (
    kind INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    id INTEGER NOT NULL,
    lat INTEGER NOT NULL,
    lon INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (kind, cell, id)
) STRICT, WITHOUT ROWID;

-- Tokens of place.search.
CREATE TABLE place_token (
    token TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (token, id)
) STRICT, WITHOUT ROWID;

-- Data keys, wrapped by the community key. No backup holds this file. secure_delete is on, and the rollback
-- journal is truncated at each commit, so a destroyed key leaves no byte here.
CREATE TABLE data_key (
    id INTEGER PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT;

-- Who stands behind an actor's handle: sealed under the data key of the same (person, record).
CREATE TABLE handle (
    handle BLOB PRIMARY KEY,
    key_id INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    commitment BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX handle_key ON handle (key_id);

-- floor: keys up to this id are never given out again (raised by a restore); synced: when the copy was last
-- brought up to date, microseconds UTC.
CREATE TABLE keyring (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    floor INTEGER NOT NULL,
    synced INTEGER NOT NULL
) STRICT;
INSERT INTO keyring VALUES (1, 0, 0);

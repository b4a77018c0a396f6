-- The journal, its tree, the projections and the outbox of one community: one file, because commits across
-- files are not atomic in WAL mode. All keys are ordered by time, so that a group touches few pages.

-- Journal. body: the exact bytes that were hashed. Leaf index = n - 1.
CREATE TABLE entry (
    n INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Tiles of the tree (C2SP tlog-tiles): id = level << 48 | index. Level 0 has full tiles only (the rest is
-- computed from the last entries); higher levels have one row that grows at the right edge.
CREATE TABLE tile (
    id INTEGER PRIMARY KEY,
    hashes BLOB NOT NULL
) STRICT;

-- Signed checkpoints, newest last. Kept for ever: each was seen by somebody.
CREATE TABLE checkpoint (
    size INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    at INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (size, epoch)
) STRICT, WITHOUT ROWID;

-- Projection: what this store is. One row.
CREATE TABLE community (
    code INTEGER PRIMARY KEY,
    demo INTEGER NOT NULL,
    zone TEXT NOT NULL,
    signing_key TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    origin TEXT NOT NULL
) STRICT;

-- Projection: the files of etc/ in force.
CREATE TABLE file_version (
    path TEXT NOT NULL,
    n INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (path, n)
) STRICT, WITHOUT ROWID;

-- Projection: lines, without their texts. key_id: the data key of the record. erased: number of the entry that
-- erased it, or 0.
CREATE TABLE line (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    erased INTEGER NOT NULL
) STRICT;

-- Outside the projections: client request ids, kept for 7 days. id first: ids in order of time (UUID version 7)
-- fall on one page.
CREATE TABLE request (
    id BLOB NOT NULL,
    actor BLOB NOT NULL,
    body BLOB NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (id, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_at ON request (at);

-- Outside the projections: effects on their way, keyed by (entry, index). state: 0 waiting, 1 expired.
CREATE TABLE outbox (
    n INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    arg INTEGER NOT NULL,
    at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state INTEGER NOT NULL,
    PRIMARY KEY (n, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (due) WHERE state = 0;
CREATE INDEX outbox_expired ON outbox (channel) WHERE state = 1;

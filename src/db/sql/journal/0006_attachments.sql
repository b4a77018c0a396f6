-- Projection: what is attached to cases. The files themselves lie in attachments/ (formats/attachment.md), outside
-- the projections. n: the entry that attached it. hash: of the sealed bytes, the file's name. key_id: the data key of
-- the (person, record) under which the entry seals the file's own key; once it is destroyed no copy can be opened.
CREATE TABLE attachment (
    n INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL,
    field TEXT NOT NULL,
    hash BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    media TEXT NOT NULL,
    evidence INTEGER NOT NULL,
    key_id INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_case ON attachment (case_id, n);
CREATE INDEX attachment_hash ON attachment (hash);
CREATE INDEX attachment_key ON attachment (key_id);

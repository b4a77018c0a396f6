-- What a name is found by: a keyed hash (base/seal.h), and the data key of the record it belongs to. Here and not in the
-- journal, so that it goes with that key: out of this file, its copy, and every backup, which never had it. A row says
-- where to look, not what is so: a name is opened and compared before anything is believed.
CREATE TABLE blind (
    idx BLOB NOT NULL,
    key_id INTEGER NOT NULL,
    PRIMARY KEY (idx, key_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX blind_key ON blind (key_id);

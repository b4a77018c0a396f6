-- What a grid had: handed in, opened, repeated, and nothing else: a grid has one worker, and workers
-- are not compared. Hand-backs that were upheld: what the responsibilities may have to say otherwise.
CREATE TABLE figure_area (
    month INTEGER NOT NULL,
    area TEXT NOT NULL,
    name TEXT NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY (month, area, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE hand_back (
    category TEXT NOT NULL,
    area TEXT NOT NULL,
    unit_from TEXT NOT NULL,
    unit_to TEXT NOT NULL,
    cases INTEGER NOT NULL,
    n INTEGER NOT NULL, -- the entry that upheld the last one
    PRIMARY KEY (category, area, unit_from, unit_to)
) STRICT, WITHOUT ROWID;

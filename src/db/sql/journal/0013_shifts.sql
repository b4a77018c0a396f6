-- Who keeps which desk: a projection of shift.* entries. A desk is a number within a unit; one that nobody ever opened has
-- no row. n, at: the entry by which it is kept now. handle: of whoever keeps it, in that entry. note: the entry that holds
-- the note for whoever takes over, 0 none is left yet.
CREATE TABLE shift (
    unit TEXT NOT NULL,
    desk INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    handle BLOB NOT NULL,
    note INTEGER NOT NULL,
    PRIMARY KEY (unit, desk)
) STRICT, WITHOUT ROWID;

-- Cases that came out of another office's file: a projection of case.imported entries. ext: "source:id", by which the same
-- record is known again. category, status: in that office's words. opened, closed, due: by its clock, 0 where it does not
-- say. What became of them here stands in case_rec.
CREATE TABLE case_import (
    id INTEGER PRIMARY KEY,
    ext TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    opened INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    due INTEGER NOT NULL
) STRICT;

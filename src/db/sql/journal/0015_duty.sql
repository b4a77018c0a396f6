-- Who is on duty: a projection of duty.* entries; a duty that was ended has no row. n: the entry that started it. area: the
-- grid, empty for none. handle: of whoever is on it, in its entries; key_id: that the account behind it is sealed under.
-- ends: by then it is over by itself. break_until: 0 none. Since when is nobody's to ask, and not here. Of item 24 of the
-- catalogue (unit_or_role, area, shifts).
CREATE TABLE duty (
    n INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    unit TEXT NOT NULL,
    area TEXT NOT NULL,
    handle BLOB NOT NULL,
    key_id INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    break_until INTEGER NOT NULL
) STRICT;
CREATE INDEX duty_ends ON duty (ends);

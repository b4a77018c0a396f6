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

-- What was last said of a device: a projection of device.state entries; one of which nothing was said has no row. n: the
-- entry. state: 1 working, 2 offline. source: the word of whoever said it. Item 15 of the catalogue (health).
CREATE TABLE device_state (
    place INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    state INTEGER NOT NULL,
    since INTEGER NOT NULL,
    source TEXT NOT NULL
) STRICT;
CREATE INDEX device_offline ON device_state (since, place) WHERE state = 2;

-- The newest entry that changed one of the two: whoever watches the wall asks for the counts anew when it is another.
CREATE TABLE wall (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    n INTEGER NOT NULL
) STRICT;
INSERT INTO wall VALUES (1, 0);

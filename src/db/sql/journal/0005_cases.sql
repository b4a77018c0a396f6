-- Cases: projections of case.handed_in and case.moved entries. No personal text is in them.

-- Every case. id: number of its first entry; n: of its last. at: recorded; happened: handed in. number: what is said on
-- the phone (day << 20 | counter). type_n, categories_n: entries of the files it stays under. key_id: data key of the
-- reporter's record. erased: the entry by which that key goes, 0 none. forget: when its personal data go by themselves,
-- 0 while it is not at an end, and once they have gone. doc: fields, clocks, signatures, hands (service/kind_case.h).
CREATE TABLE case_rec (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    number INTEGER NOT NULL,
    type_n INTEGER NOT NULL,
    categories_n INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    has_at INTEGER NOT NULL,
    lat INTEGER NOT NULL,
    lon INTEGER NOT NULL,
    area TEXT NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL,
    step INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    unit TEXT NOT NULL,
    marks INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    erased INTEGER NOT NULL,
    forget INTEGER NOT NULL,
    doc BLOB NOT NULL
) STRICT;
CREATE INDEX case_rec_forget ON case_rec (forget) WHERE forget > 0;

-- What the queue and the timer look at, of cases that are not at an end. n: the entry that last changed any of it, which
-- a message does not. due: earliest end of a running clock, 0 none; next: when the timer looks at it, 0 never.
CREATE TABLE case_open (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    due INTEGER NOT NULL,
    next INTEGER NOT NULL,
    number INTEGER NOT NULL,
    type_n INTEGER NOT NULL,
    categories_n INTEGER NOT NULL,
    place INTEGER NOT NULL,
    has_at INTEGER NOT NULL,
    lat INTEGER NOT NULL,
    lon INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    step INTEGER NOT NULL,
    drill INTEGER NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    unit TEXT NOT NULL,
    area TEXT NOT NULL,
    marks INTEGER NOT NULL
) STRICT;
CREATE INDEX case_open_next ON case_open (next) WHERE next > 0;

CREATE TABLE case_number (
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL
) STRICT;

-- Which case an entry is about.
CREATE TABLE case_change (
    n INTEGER PRIMARY KEY,
    id INTEGER NOT NULL
) STRICT;

-- What is tied to a case: kind 1 joined or merged into it, 2 its child, 3 split off from it, 4 repeats it.
CREATE TABLE case_link (
    target INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (target, kind, id)
) STRICT, WITHOUT ROWID;

-- Cases of a place, newest last: its card, and what comes back there.
CREATE TABLE case_place (
    place INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (place, id)
) STRICT, WITHOUT ROWID;

-- Those who follow a case, each with a record and a key of their own. n: the entry they joined by. hand_key: of who it
-- is, 0 without account. erased: the entry by which both keys go, 0 none.
CREATE TABLE case_follower (
    id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    hand_key INTEGER NOT NULL,
    channel TEXT NOT NULL,
    confidential INTEGER NOT NULL,
    erased INTEGER NOT NULL,
    PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;

-- Figures: what steps counted, by local month, lead unit and category.
CREATE TABLE figure (
    month INTEGER NOT NULL,
    unit TEXT NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY (month, unit, category, name)
) STRICT, WITHOUT ROWID;

-- The largest number of a data key that an entry uses: keys above it may be given out.
CREATE TABLE key_used (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    used INTEGER NOT NULL
) STRICT;
INSERT INTO key_used SELECT 1, coalesce(max(key_id), 0) FROM line;

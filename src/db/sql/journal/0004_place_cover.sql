-- Which places cover a point, and what the register says of a component: projections of place.set entries, as in 0002.

-- Places that have a shape. form: 1 a line, 2 an area. code: what files call it by. rings: for each ring the number of its points, then
-- latitude and longitude of each, all of them 32-bit numbers, the low byte first.
CREATE TABLE place_shape (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    ext TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    post TEXT NOT NULL,
    form INTEGER NOT NULL,
    rings BLOB NOT NULL
) STRICT;

-- The cells that cover the box of an area (size << 40 | row << 20 | column), at most 64 of one size. Kind and box
-- stand here too, so that most of what does not cover a point is left without a look at its shape.
CREATE TABLE place_cover (
    cell INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    south INTEGER NOT NULL,
    west INTEGER NOT NULL,
    north INTEGER NOT NULL,
    east INTEGER NOT NULL,
    PRIMARY KEY (cell, id)
) STRICT, WITHOUT ROWID;

-- Components, devices and facilities of which more is known than where they are.
CREATE TABLE place_register (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    use TEXT NOT NULL,
    owner TEXT NOT NULL,
    maintainer TEXT NOT NULL
) STRICT;
CREATE INDEX place_register_number ON place_register (number) WHERE number <> '';

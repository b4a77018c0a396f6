-- The log of looks at a camera's footage: the entries camera.looked, by camera. Of item 15 of the catalogue (looks_log): which post,
-- when, for what; never whom it showed.
CREATE TABLE camera_look (
    place INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (place, n)
) STRICT, WITHOUT ROWID;

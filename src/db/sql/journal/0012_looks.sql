-- Who looked: the entries that say so, by case. A look does not change the case, so it is none of its steps.
CREATE TABLE case_look (
    id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;

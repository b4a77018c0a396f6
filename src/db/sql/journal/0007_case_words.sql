-- The words of cases. All of it outside the projections: it is made again from the texts as long as their keys exist,
-- and removed with them.

-- Terms of a case (cases/terms.h: keyed hashes, thirteen characters each), by the case's id. Which words they stand for,
-- and the words of a case, cannot be read out of it.
CREATE VIRTUAL TABLE case_term USING fts5 (terms, content='', detail=none, columnsize=0, tokenize='ascii');

-- How many verified cases of a category hold a term, and how many cases and terms were counted: what the proposed
-- category has learnt.
CREATE TABLE case_word (
    term INTEGER NOT NULL,
    category INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (term, category)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_word_total (
    category INTEGER PRIMARY KEY,
    cases INTEGER NOT NULL,
    terms INTEGER NOT NULL
) STRICT;

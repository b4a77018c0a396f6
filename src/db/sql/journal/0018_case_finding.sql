-- Which finding of a visit a case comes of: a projection of case.found entries. file: the entry by which that version of the
-- checklist came into force. Of items 21 and 22 of the catalogue (checklist and version, findings); what was seen stands in the
-- case's own text, sealed.
CREATE TABLE case_finding (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    file INTEGER NOT NULL,
    checklist TEXT NOT NULL,
    line TEXT NOT NULL,
    category TEXT NOT NULL
) STRICT;

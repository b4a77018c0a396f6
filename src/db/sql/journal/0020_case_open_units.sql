-- Units beside the one that leads, codes parted by blanks: with a joint part in the case, and told of it when it was dispatched. As the
-- document of its row says (lines p: and m:told), so that the queue is read without it.
ALTER TABLE case_open ADD COLUMN joint TEXT NOT NULL DEFAULT '';
ALTER TABLE case_open ADD COLUMN told TEXT NOT NULL DEFAULT '';
UPDATE case_open SET told = (
    WITH line (rest) AS (
        SELECT substr(char(10) || CAST(doc AS TEXT), instr(char(10) || CAST(doc AS TEXT), char(10) || 'm:told=') + 8)
        FROM case_rec WHERE id = case_open.id)
    SELECT substr(rest, 1, instr(rest, char(10)) - 1) FROM line)
WHERE (SELECT instr(char(10) || CAST(doc AS TEXT), char(10) || 'm:told=') FROM case_rec WHERE id = case_open.id) > 0;
UPDATE case_open SET joint = (
    WITH RECURSIVE line (rest) AS (
        SELECT char(10) || CAST(doc AS TEXT) FROM case_rec WHERE id = case_open.id
        UNION ALL
        SELECT substr(rest, instr(rest, char(10) || 'p:') + 3) FROM line WHERE instr(rest, char(10) || 'p:') > 0)
    SELECT group_concat(substr(rest, 1, instr(rest, '=') - 1), ' ') FROM line WHERE substr(rest, 1, 1) <> char(10))
WHERE (SELECT instr(char(10) || CAST(doc AS TEXT), char(10) || 'p:') FROM case_rec WHERE id = case_open.id) > 0;

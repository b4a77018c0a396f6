-- Statements by name. Shared by drivers where the dialect allows.

-- name: savepoint
SAVEPOINT command;
-- name: savepoint_release
RELEASE command;
-- name: savepoint_rollback
ROLLBACK TO command;

-- name: entry_insert
INSERT INTO entry (n, salt, body) VALUES (?1, ?2, ?3);
-- name: entry_get
SELECT n, salt, body FROM entry WHERE n = ?1;
-- name: entry_range
SELECT n, salt, body FROM entry WHERE n >= ?1 AND n < ?2 ORDER BY n;
-- name: entry_last
SELECT n, salt, body FROM entry ORDER BY n DESC LIMIT 1;

-- name: entry_first
SELECT n FROM entry ORDER BY n LIMIT 1;

-- name: tile_get
SELECT hashes FROM tile WHERE id = ?1;
-- name: tile_put
INSERT INTO tile (id, hashes) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET hashes = excluded.hashes;
-- name: tile_count
SELECT count(*) FROM tile;
-- name: tile_ids
SELECT id FROM tile ORDER BY id;

-- name: checkpoint_insert
INSERT INTO checkpoint (size, epoch, at, note) VALUES (?1, ?2, ?3, ?4);
-- name: checkpoint_last
SELECT size, epoch, at, note FROM checkpoint ORDER BY size DESC, epoch DESC LIMIT 1;
-- name: checkpoint_after
SELECT size, epoch, note FROM checkpoint WHERE size > ?1 ORDER BY size, epoch;

-- name: community_insert
INSERT INTO community (code, demo, zone, signing_key, epoch, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
-- name: community_get
SELECT code, demo, zone, signing_key, epoch, origin FROM community;
-- name: community_epoch
UPDATE community SET epoch = ?1, origin = ?2, signing_key = ?3;

-- name: file_insert
INSERT INTO file_version (path, n, sha256, bytes) VALUES (?1, ?2, ?3, ?4);
-- name: file_last
SELECT n, sha256, bytes FROM file_version WHERE path = ?1 ORDER BY n DESC LIMIT 1;

-- name: file_in_force
SELECT f.path, f.n, f.sha256, f.bytes FROM file_version f
WHERE length(f.sha256) > 0 AND f.n = (SELECT max(g.n) FROM file_version g WHERE g.path = f.path) ORDER BY f.path;
-- name: file_versions
SELECT path, n, sha256, bytes FROM file_version ORDER BY n DESC;
-- name: file_content_put
INSERT INTO file_content (sha256, content) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING;
-- name: file_content_get
SELECT content FROM file_content WHERE sha256 = ?1;

-- name: line_insert
INSERT INTO line (n, at, key_id, erased) VALUES (?1, ?2, ?3, 0);
-- name: line_get
SELECT n, at, key_id, erased FROM line WHERE n = ?1;
-- name: line_erase
UPDATE line SET erased = ?2 WHERE n = ?1;
-- name: line_list
SELECT n, at, erased FROM line WHERE n < ?1 ORDER BY n DESC LIMIT ?2;

-- name: key_used_get
SELECT used FROM key_used;
-- name: key_used_raise
-- by its key: an update that may meet several rows takes a savepoint of its own, and the index writes what it gathered
UPDATE key_used SET used = ?1 WHERE one = 1 AND used < ?1;
-- name: line_last_key
SELECT max(coalesce((SELECT key_id FROM line ORDER BY n DESC LIMIT 1), 0),
    coalesce((SELECT max(key_id) FROM attachment), 0));

-- The rows of each projection in key order, key first: for the digest of a rebuild.
-- name: community_rows
SELECT code, demo, zone, signing_key, epoch, origin FROM community ORDER BY code;
-- name: file_version_rows
SELECT path, n, sha256, bytes FROM file_version ORDER BY path, n;
-- name: key_used_rows
SELECT one, used FROM key_used ORDER BY one;
-- name: attachment_rows
SELECT n, case_id, field, hash, bytes, media, evidence, key_id FROM attachment ORDER BY n;
-- name: line_rows
SELECT n, at, key_id, erased FROM line ORDER BY n;
-- name: case_rec_rows
SELECT id, n, at, happened, number, type_n, categories_n, key_id, place, has_at, lat, lon, area, category, state, step,
    outcome, unit, marks, closed, erased, forget, doc FROM case_rec ORDER BY id;
-- name: case_open_rows
SELECT id, n, due, next, number, type_n, categories_n, place, has_at, lat, lon, priority, step, drill, category, state,
    owner, unit, area, marks FROM case_open ORDER BY id;
-- name: case_number_rows
SELECT number, id FROM case_number ORDER BY number;
-- name: case_change_rows
SELECT n, id FROM case_change ORDER BY n;
-- name: case_finding_rows
SELECT id, n, file, checklist, line, category FROM case_finding ORDER BY id;
-- name: case_finding_insert
INSERT INTO case_finding (id, n, file, checklist, line, category) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
-- name: case_finding_get
SELECT n, file, checklist, line, category FROM case_finding WHERE id = ?1;
-- name: camera_look_rows
SELECT place, n FROM camera_look ORDER BY place, n;
-- name: camera_look_insert
INSERT INTO camera_look (place, n) VALUES (?1, ?2);
-- name: camera_look_list
SELECT n FROM camera_look WHERE place = ?1 AND n < ?2 ORDER BY n DESC LIMIT ?3;
-- name: case_look_rows
SELECT id, n FROM case_look ORDER BY id, n;
-- name: shift_rows
SELECT unit, desk, n, at, role, handle, note FROM shift ORDER BY unit, desk;
-- name: device_state_rows
SELECT place, n, state, since, source FROM device_state ORDER BY place;
-- name: wall_rows
SELECT one, n FROM wall ORDER BY one;
-- name: duty_rows
SELECT n, role, unit, area, handle, key_id, ends, break_until FROM duty ORDER BY n;
-- name: case_link_rows
SELECT target, kind, id, n FROM case_link ORDER BY target, kind, id;
-- name: case_place_rows
SELECT place, id FROM case_place ORDER BY place, id;
-- name: case_follower_rows
SELECT id, n, key_id, hand_key, channel, confidential, erased FROM case_follower ORDER BY id, n;
-- name: figure_area_rows
SELECT month, area, name, cases FROM figure_area ORDER BY month, area, name;
-- name: hand_back_rows
SELECT category, area, unit_from, unit_to, cases, n FROM hand_back ORDER BY category, area, unit_from, unit_to;
-- name: figure_rows
SELECT month, unit, category, name, cases FROM figure ORDER BY month, unit, category, name;
-- name: place_rows
SELECT id, n, kind, parent, code, ext, digest, valid_from, valid_until, has_at, lat, lon, title, search FROM place ORDER BY id;
-- name: place_cell_rows
SELECT kind, cell, id, lat, lon, valid_from, valid_until, parent, title FROM place_cell ORDER BY kind, cell, id;
-- name: place_count_rows
SELECT parent, kind, places FROM place_count ORDER BY parent, kind;
-- name: place_cover_rows
SELECT cell, id, kind, south, west, north, east FROM place_cover ORDER BY cell, id;
-- name: place_follows_rows
SELECT predecessor, id FROM place_follows ORDER BY predecessor, id;
-- name: place_register_rows
SELECT id, number, use, owner, maintainer FROM place_register ORDER BY id;
-- name: place_shape_rows
SELECT id, kind, valid_from, valid_until, ext, code, title, post, form, rings FROM place_shape ORDER BY id;
-- name: place_token_rows
SELECT token, id FROM place_token ORDER BY token, id;
-- name: place_version_rows
SELECT id, n, at, valid_from, valid_until, title FROM place_version ORDER BY id, n;

-- name: request_get
SELECT body, n, at FROM request WHERE id = ?1 AND actor = ?2;
-- name: request_insert
INSERT INTO request (id, actor, body, n, at) VALUES (?1, ?2, ?3, ?4, ?5);
-- name: request_sweep
DELETE FROM request WHERE (id, actor) IN (SELECT id, actor FROM request WHERE at < ?1 ORDER BY at LIMIT ?2);

-- name: outbox_insert
INSERT INTO outbox (n, idx, channel, arg, at, due, tries, state, lane) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7);
-- name: outbox_due
SELECT n, idx, channel, arg, at, due, tries FROM outbox
WHERE state = 0 AND lane = ?4 AND (due <= ?1 OR due > ?3) ORDER BY due, n, idx LIMIT ?2;
-- name: outbox_held
SELECT n FROM outbox WHERE state = 2 ORDER BY n DESC LIMIT 1;
-- name: outbox_release
UPDATE outbox SET state = 0 WHERE state = 2 AND n <= ?1;
-- name: outbox_waits_for
SELECT 1 FROM outbox WHERE channel = ?1 AND arg = ?2 AND state <> 1 LIMIT 1;
-- name: outbox_next
SELECT due FROM outbox WHERE state = 0 ORDER BY due LIMIT 1;
-- name: outbox_done
DELETE FROM outbox WHERE n = ?1 AND idx = ?2;
-- name: outbox_retry
UPDATE outbox SET due = ?3, tries = tries + 1 WHERE n = ?1 AND idx = ?2;
-- name: outbox_expire
UPDATE outbox SET state = 1 WHERE n = ?1 AND idx = ?2;
-- name: outbox_count
SELECT count(*), coalesce(min(at), 0) FROM outbox WHERE channel = ?1 AND state = ?2;
-- name: outbox_ended_add
INSERT INTO outbox_ended (channel, how, effects) VALUES (?1, ?2, 1)
ON CONFLICT (channel, how) DO UPDATE SET effects = effects + 1;
-- name: outbox_ended_get
SELECT effects FROM outbox_ended WHERE channel = ?1 AND how = ?2;
-- name: mail_day_add
INSERT INTO mail_day (day, case_id, recipient, mails) VALUES (?1, ?2, ?3, 1)
ON CONFLICT (day, case_id, recipient) DO UPDATE SET mails = mails + 1;
-- name: mail_day_get
SELECT mails FROM mail_day WHERE day = ?1 AND case_id = ?2 AND recipient = ?3;
-- name: mail_day_sweep
DELETE FROM mail_day WHERE day < ?1;

-- name: key_insert
INSERT INTO data_key (id, wrapped) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING;
-- name: key_get
SELECT wrapped FROM data_key WHERE id = ?1;
-- name: key_after
SELECT id, wrapped FROM data_key WHERE id > ?1 ORDER BY id LIMIT ?2;
-- name: key_last
SELECT coalesce(max(id), 0) FROM data_key;
-- name: keys_version
PRAGMA data_version;
-- name: key_count
SELECT count(*) FROM data_key;
-- name: key_delete
DELETE FROM data_key WHERE id = ?1;
-- name: handle_insert
INSERT INTO handle (handle, key_id, sealed, commitment) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (handle) DO NOTHING;
-- name: handle_get
SELECT key_id, sealed, commitment FROM handle WHERE handle = ?1;
-- name: handle_after
SELECT handle, key_id, sealed, commitment FROM handle WHERE key_id > ?1 ORDER BY key_id;
-- name: handle_delete
DELETE FROM handle WHERE key_id = ?1;
-- name: handle_last_key
SELECT coalesce(max(key_id), 0) FROM handle;
-- name: keyring_get
SELECT floor, synced FROM keyring;
-- name: keyring_floor
UPDATE keyring SET floor = ?1;
-- name: keyring_synced
UPDATE keyring SET synced = ?1;

-- name: place_put
INSERT INTO place (id, n, kind, parent, code, ext, digest, valid_from, valid_until, has_at, lat, lon, title, search)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
ON CONFLICT (id) DO UPDATE SET n = excluded.n, kind = excluded.kind, parent = excluded.parent, code = excluded.code,
    ext = excluded.ext, digest = excluded.digest, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
    has_at = excluded.has_at, lat = excluded.lat, lon = excluded.lon, title = excluded.title, search = excluded.search;
-- name: place_get
SELECT n, kind, parent, valid_from, valid_until, has_at, lat, lon, title, search, digest FROM place WHERE id = ?1;
-- name: place_by_ext
SELECT id, kind, digest FROM place WHERE ext = ?1;
-- name: place_of_parent
SELECT id FROM place WHERE parent = ?1 AND kind = ?2 AND valid_from <= ?4 AND valid_until >= ?5 ORDER BY id LIMIT ?3;
-- name: place_children
SELECT id, kind, valid_from, valid_until, has_at, lat, lon, title FROM place
WHERE parent = ?1 AND (kind, id) > (?2, ?3) ORDER BY kind, id LIMIT ?4;
-- name: place_count_other_days
SELECT kind, count(*) FROM place WHERE parent = ?1 AND (valid_from > -2147483648 OR valid_until < 2147483647)
    AND NOT (valid_from <= ?2 AND valid_until >= ?2) GROUP BY kind;
-- name: place_version_insert
INSERT INTO place_version (id, n, at, valid_from, valid_until, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
-- name: place_version_list
SELECT n, at, valid_from, valid_until, title FROM place_version WHERE id = ?1 ORDER BY n DESC LIMIT ?2;
-- name: place_count_add
INSERT INTO place_count (parent, kind, places) VALUES (?1, ?2, ?3)
ON CONFLICT (parent, kind) DO UPDATE SET places = places + excluded.places;
-- name: place_count_list
SELECT kind, places FROM place_count WHERE parent = ?1 ORDER BY kind;
-- name: place_follows_insert
INSERT INTO place_follows (predecessor, id) VALUES (?1, ?2) ON CONFLICT (predecessor, id) DO NOTHING;
-- name: place_follows_delete
DELETE FROM place_follows WHERE id = ?1;
-- name: place_follows_list
SELECT id FROM place_follows WHERE predecessor = ?1 ORDER BY id LIMIT ?2;
-- name: place_cell_insert
INSERT INTO place_cell (kind, cell, id, lat, lon, valid_from, valid_until, parent, title)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
-- name: place_cell_delete
DELETE FROM place_cell WHERE kind = ?1 AND cell = ?2 AND id = ?3;
-- name: place_cell_scan
SELECT cell, id, lat, lon, valid_from, valid_until, parent, title FROM place_cell
WHERE kind = ?1 AND cell >= ?2 AND cell <= ?3 ORDER BY cell, id;
-- name: place_span
SELECT (SELECT min(id) FROM place), (SELECT max(id) FROM place);
-- name: place_at_from
SELECT lat, lon FROM (SELECT kind, has_at, lat, lon FROM place WHERE id >= ?1 ORDER BY id LIMIT 64)
WHERE has_at = 1 AND kind <> 1 LIMIT 1;
-- name: place_token_insert
INSERT INTO place_token (token, id) VALUES (?1, ?2) ON CONFLICT (token, id) DO NOTHING;
-- name: place_token_delete
DELETE FROM place_token WHERE token = ?1 AND id = ?2;
-- name: place_token_count
SELECT count(*) FROM (SELECT 1 FROM place_token WHERE token >= ?1 AND token <= ?2 LIMIT ?3);
-- name: place_token_scan
SELECT id FROM place_token WHERE token >= ?1 AND token <= ?2 ORDER BY token, id LIMIT ?3;
-- name: place_shape_get
SELECT rings, form FROM place_shape WHERE id = ?1;
-- name: place_shape_put
INSERT INTO place_shape (id, kind, valid_from, valid_until, ext, code, title, post, rings, form)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, valid_from = excluded.valid_from,
    valid_until = excluded.valid_until, ext = excluded.ext, code = excluded.code, title = excluded.title,
    post = excluded.post, rings = excluded.rings, form = excluded.form;
-- name: place_shape_delete
DELETE FROM place_shape WHERE id = ?1;
-- name: place_cover_insert
INSERT INTO place_cover (cell, id, kind, south, west, north, east) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
-- name: place_cover_delete
DELETE FROM place_cover WHERE cell = ?1 AND id = ?2;
-- CROSS JOIN: the cells first, then the shapes of the few whose box holds the point. ?8: bits of kinds.
-- name: place_covering
SELECT s.id, s.kind, s.valid_from, s.valid_until, c.south, c.west, c.north, c.east, s.ext, s.code, s.title, s.post, s.rings
FROM place_cover AS c CROSS JOIN place_shape AS s ON s.id = c.id
WHERE c.cell IN (?1, ?2, ?3, ?4, ?5, ?6, ?7) AND (?8 >> c.kind) & 1
    AND c.south <= ?9 AND c.north >= ?9 AND c.west <= ?10 AND c.east >= ?10;
-- name: place_register_get
SELECT number, use, owner, maintainer FROM place_register WHERE id = ?1;
-- name: place_register_put
INSERT INTO place_register (id, number, use, owner, maintainer) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, use = excluded.use, owner = excluded.owner,
    maintainer = excluded.maintainer;
-- name: place_register_delete
DELETE FROM place_register WHERE id = ?1;
-- name: place_of_number
SELECT p.id, p.kind, p.valid_from, p.valid_until FROM place_register AS r CROSS JOIN place AS p ON p.id = r.id
WHERE r.number = ?1 AND r.number <> '' ORDER BY r.id;

-- name: case_insert
INSERT INTO case_rec (id, n, at, happened, number, type_n, categories_n, key_id, place, has_at, lat, lon, area, category,
    state, step, outcome, unit, marks, closed, erased, doc, forget)
VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 0, ?20, ?21);
-- name: case_update
UPDATE case_rec SET n = ?2, category = ?3, state = ?4, step = ?5, outcome = ?6, unit = ?7, marks = ?8, closed = ?9,
    doc = ?10, forget = ?11 WHERE id = ?1;
-- name: case_get
SELECT n, at, happened, number, type_n, categories_n, key_id, place, has_at, lat, lon, area, category, state, step,
    outcome, unit, marks, closed, erased, doc FROM case_rec WHERE id = ?1;
-- name: case_last
SELECT n FROM case_rec WHERE id = ?1;
-- name: case_erase
UPDATE case_rec SET erased = iif(erased = 0, ?2, erased) WHERE id = ?1;
-- name: case_forgotten
UPDATE case_rec SET forget = 0 WHERE id = ?1;
-- name: case_forget_due
SELECT id FROM case_rec WHERE forget > 0 AND forget <= ?1 ORDER BY forget LIMIT ?2;
-- name: case_forget_next
SELECT forget FROM case_rec WHERE forget > 0 ORDER BY forget LIMIT 1;
-- name: case_open_insert
INSERT INTO case_open (id, n, due, next, number, type_n, categories_n, place, has_at, lat, lon, priority, step, drill,
    category, state, owner, unit, area, marks, joint, told)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22);
-- Without `next`: its index is left alone.
-- name: case_open_update
UPDATE case_open SET n = ?2, due = ?3, priority = ?4, step = ?5, category = ?6, state = ?7, owner = ?8, unit = ?9,
    marks = ?10, joint = ?11, told = ?12 WHERE id = ?1;
-- name: case_open_update_next
UPDATE case_open SET n = ?2, due = ?3, priority = ?4, step = ?5, category = ?6, state = ?7, owner = ?8, unit = ?9,
    marks = ?10, joint = ?11, told = ?12, next = ?13 WHERE id = ?1;
-- name: case_open_delete
DELETE FROM case_open WHERE id = ?1;
-- name: case_open_get
SELECT n, due, next, number, type_n, categories_n, place, has_at, lat, lon, priority, step, drill, category, state, owner,
    unit, area, marks, joint, told FROM case_open WHERE id = ?1;
-- A row of the queue, with the last entry of its case: a message changes nothing else of it.
-- name: queue_get
SELECT r.n, o.due, o.next, o.number, o.type_n, o.categories_n, o.place, o.has_at, o.lat, o.lon, o.priority, o.step,
    o.drill, o.category, o.state, o.owner, o.unit, o.area, o.marks, o.joint, o.told
FROM case_open AS o CROSS JOIN case_rec AS r ON r.id = o.id WHERE o.id = ?1;
-- All of them at a start, without messages: case_rec is ten times as much to read, and lies scattered.
-- name: queue_scan
SELECT id, n, due, next, number, type_n, categories_n, place, has_at, lat, lon, priority, step, drill, category, state,
    owner, unit, area, marks, joint, told
FROM case_open ORDER BY id;
-- name: case_open_versions
SELECT DISTINCT type_n, categories_n FROM case_open;
-- name: case_timer_due
SELECT id, next FROM case_open WHERE next > 0 AND next <= ?1 ORDER BY next LIMIT ?2;
-- name: case_timer_next
SELECT next FROM case_open WHERE next > 0 ORDER BY next LIMIT 1;
-- name: case_import_insert
INSERT INTO case_import (id, status, closed, due, ext, category, opened) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
-- name: case_import_update
UPDATE case_import SET status = ?2, closed = ?3, due = ?4 WHERE id = ?1;
-- name: case_import_of_ext
SELECT i.id, o.marks FROM case_import AS i LEFT JOIN case_open AS o ON o.id = i.id WHERE i.ext = ?1;
-- name: case_import_get
SELECT ext, category, status, opened, closed, due FROM case_import WHERE id = ?1;
-- name: case_import_scan
SELECT i.opened, i.closed, i.due, c.marks, o.id IS NOT NULL
FROM case_import AS i JOIN case_rec AS c ON c.id = i.id LEFT JOIN case_open AS o ON o.id = i.id
WHERE i.ext >= ?1 AND i.ext < ?2;
-- name: case_import_waiting
SELECT count(*) FROM case_open WHERE marks & 3072 = 1024;
-- name: case_import_rows
SELECT id, ext, category, status, opened, closed, due FROM case_import ORDER BY id;
-- name: case_number_insert
INSERT INTO case_number (number, id) VALUES (?1, ?2);
-- name: case_number_get
SELECT id FROM case_number WHERE number = ?1;
-- name: case_number_last
SELECT number FROM case_number WHERE number >= ?1 AND number < ?2 ORDER BY number DESC LIMIT 1;
-- name: case_change_insert
INSERT INTO case_change (n, id) VALUES (?1, ?2);
-- name: case_change_after
SELECT n, id FROM case_change WHERE n > ?1 ORDER BY n LIMIT ?2;
-- name: case_change_tail
SELECT n, id FROM case_change WHERE n <= ?1 ORDER BY n DESC LIMIT ?2;
-- name: case_link_put
INSERT INTO case_link (target, kind, id, n) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (target, kind, id) DO UPDATE SET n = excluded.n;
-- name: case_link_list
SELECT kind, id, n FROM case_link WHERE target = ?1 ORDER BY kind, id LIMIT ?2;
-- name: case_link_of_kind
SELECT id FROM case_link WHERE target = ?1 AND kind = ?2 ORDER BY id LIMIT ?3;
-- name: case_place_insert
INSERT INTO case_place (place, id) VALUES (?1, ?2);
-- name: case_place_delete
DELETE FROM case_place WHERE place = ?1 AND id = ?2;
-- name: case_relocate
UPDATE case_rec SET place = ?2, has_at = ?3, lat = ?4, lon = ?5, area = ?6 WHERE id = ?1;
-- name: case_open_relocate
UPDATE case_open SET place = ?2, has_at = ?3, lat = ?4, lon = ?5, area = ?6 WHERE id = ?1;
-- name: case_place_list
SELECT id FROM case_place WHERE place = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;
-- name: case_follower_insert
INSERT INTO case_follower (id, n, key_id, channel, confidential, hand_key, erased) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0);
-- name: case_followers_erase
UPDATE case_follower SET erased = ?2 WHERE id = ?1 AND erased = 0;
-- name: case_follower_erase
UPDATE case_follower SET erased = ?2 WHERE id = (SELECT id FROM case_change WHERE n = ?1) AND n = ?1;
-- name: case_follower_keys
SELECT key_id, hand_key FROM case_follower WHERE id = ?1 AND erased = 0 ORDER BY n;
-- name: case_follower_of
SELECT f.key_id, f.hand_key, f.erased, f.id FROM case_change c JOIN case_follower f ON f.id = c.id AND f.n = c.n WHERE c.n = ?1;
-- name: case_follower_count
SELECT count(*) FROM (SELECT 1 FROM case_follower WHERE id = ?1 LIMIT ?2);
-- name: case_follower_list
SELECT n, key_id, channel, confidential FROM case_follower WHERE id = ?1 ORDER BY n LIMIT ?2;
-- name: figure_add
INSERT INTO figure (month, unit, category, name, cases) VALUES (?1, ?2, ?3, ?4, 1)
ON CONFLICT (month, unit, category, name) DO UPDATE SET cases = cases + 1;
-- name: figure_area_add
INSERT INTO figure_area (month, area, name, cases) VALUES (?1, ?2, ?3, 1)
ON CONFLICT (month, area, name) DO UPDATE SET cases = cases + 1;
-- name: figure_area_list
SELECT month, area, name, cases FROM figure_area WHERE month >= ?1 AND month <= ?2 ORDER BY month, area, name;
-- name: hand_back_add
INSERT INTO hand_back (category, area, unit_from, unit_to, cases, n) VALUES (?1, ?2, ?3, ?4, 1, ?5)
ON CONFLICT (category, area, unit_from, unit_to) DO UPDATE SET cases = cases + 1, n = ?5;
-- name: hand_back_list
SELECT category, area, unit_from, unit_to, cases, n FROM hand_back ORDER BY category, area, unit_from, unit_to;
-- name: figure_list
SELECT month, unit, category, name, cases FROM figure WHERE month >= ?1 AND month <= ?2 ORDER BY month, unit, category, name;
-- name: case_change_get
SELECT c.id, r.number, iif(r.erased = 0, r.key_id, 0), iif(f.erased = 0, f.key_id, 0)
FROM case_change c JOIN case_rec r ON r.id = c.id
LEFT JOIN case_follower f ON f.id = c.id AND f.n = c.n WHERE c.n = ?1;
-- name: case_follower_get
SELECT key_id, erased FROM case_follower WHERE id = ?1 AND n = ?2;
-- name: case_link_count
SELECT count(*) FROM (SELECT 1 FROM case_link WHERE target = ?1 AND kind = ?2 LIMIT 1000);
-- name: case_link_get
SELECT n FROM case_link WHERE target = ?1 AND kind = ?2 AND id = ?3;
-- name: case_change_last
SELECT n FROM case_change ORDER BY n DESC LIMIT 1;

-- name: attachment_insert
INSERT INTO attachment (n, case_id, field, hash, bytes, media, evidence, key_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
-- name: attachment_named
SELECT 1 FROM attachment WHERE hash = ?1 LIMIT 1;
-- name: attachment_same_file
SELECT b.n, b.hash, b.key_id FROM attachment a JOIN attachment b ON b.hash = a.hash WHERE a.n = ?1 ORDER BY b.n;
-- name: attachment_keys_of_case
SELECT n, key_id FROM attachment WHERE case_id = ?1 ORDER BY n;
-- name: attachment_after
SELECT n, hash, bytes, key_id FROM attachment WHERE n > ?1 ORDER BY n LIMIT ?2;

-- name: case_term_put
INSERT INTO case_term (rowid, terms) VALUES (?1, ?2);
-- name: case_term_remove
INSERT INTO case_term (case_term, rowid, terms) VALUES ('delete', ?1, ?2);
-- name: case_term_merge
INSERT INTO case_term (case_term, rank) VALUES ('merge', ?1);
-- name: case_term_clear
INSERT INTO case_term (case_term) VALUES ('delete-all');
-- name: case_term_find
SELECT rowid FROM case_term WHERE case_term MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4;
-- name: case_word_add
INSERT INTO case_word (term, category, n) VALUES (?1, ?2, 1) ON CONFLICT (term, category) DO UPDATE SET n = n + 1;
-- name: case_word_less
UPDATE case_word SET n = n - 1 WHERE term = ?1 AND category = ?2;
-- name: case_word_none
DELETE FROM case_word WHERE term = ?1 AND category = ?2 AND n <= 0;
-- name: case_word_clear
DELETE FROM case_word;
-- name: case_word_total_clear
DELETE FROM case_word_total;
-- name: case_word_get
SELECT category, n FROM case_word WHERE term = ?1;
-- name: case_word_total_add
INSERT INTO case_word_total (category, cases, terms) VALUES (?1, ?2, ?3)
ON CONFLICT (category) DO UPDATE SET cases = cases + excluded.cases, terms = terms + excluded.terms;
-- name: case_word_cases
SELECT cases FROM case_word_total WHERE category = ?1;
-- name: case_word_totals
SELECT category, cases, terms FROM case_word_total ORDER BY category;
-- name: case_closed_at_place
SELECT r.id, r.category, r.closed, r.marks, r.doc FROM case_place p JOIN case_rec r ON r.id = p.id
WHERE p.place = ?1 AND p.id < ?2 ORDER BY p.id DESC LIMIT ?3;
-- name: case_touch
UPDATE case_rec SET n = ?2, doc = ?3 WHERE id = ?1;
-- name: attachment_of_case
SELECT field FROM attachment WHERE n = ?1 AND case_id = ?2;
-- name: attachment_list
SELECT n, field, hash, bytes, media, evidence FROM attachment WHERE case_id = ?1 AND n > ?2 ORDER BY n LIMIT ?3;
-- name: attachment_count
SELECT count(*) FROM (SELECT 1 FROM attachment WHERE case_id = ?1 LIMIT ?2);
-- name: case_open_usual
SELECT id FROM case_open WHERE id > ?1 AND priority >= 3 ORDER BY id LIMIT ?2;
-- name: case_change_of
SELECT id FROM case_change WHERE n = ?1;
-- name: place_newest
SELECT coalesce(max(n), 0) FROM place;

-- name: blind_insert
INSERT INTO blind (idx, key_id) VALUES (?1, ?2) ON CONFLICT (idx, key_id) DO NOTHING;
-- name: blind_find
SELECT key_id FROM blind WHERE idx = ?1 ORDER BY key_id DESC LIMIT ?2;
-- name: blind_after
SELECT idx, key_id FROM blind WHERE key_id > ?1 ORDER BY key_id;
-- name: blind_delete
DELETE FROM blind WHERE key_id = ?1;
-- name: blind_last_key
SELECT coalesce(max(key_id), 0) FROM blind;

-- name: account_rows
SELECT id, n, at, kind, lang, key_id, named, contact, posts, ended, erased FROM account ORDER BY id;
-- name: account_secret_rows
SELECT n, account, kind, codes, key_id, over FROM account_secret ORDER BY n;
-- name: account_insert
INSERT INTO account (id, n, at, kind, lang, key_id, named, contact, posts, ended, erased)
VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0);
-- name: account_change
UPDATE account SET n = ?2, lang = ?3, named = ?4, contact = ?5, posts = ?6 WHERE id = ?1;
-- name: account_end
UPDATE account SET ended = ?2 WHERE id = ?1 AND ended = 0;
-- name: account_erase
UPDATE account SET erased = ?2 WHERE id = ?1 AND erased = 0;
-- name: account_get
SELECT id, n, at, kind, lang, key_id, named, contact, posts, ended, erased FROM account WHERE id = ?1;
-- name: account_by_key
SELECT id, n, at, kind, lang, key_id, named, contact, posts, ended, erased FROM account WHERE key_id = ?1;
-- name: account_list
SELECT id, n, at, kind, lang, key_id, named, contact, posts, ended, erased FROM account
WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3;
-- name: account_secret_insert
INSERT INTO account_secret (n, account, kind, codes, key_id, over) VALUES (?1, ?2, ?3, ?4, ?5, 0);
-- name: account_secret_over
UPDATE account_secret SET over = ?3 WHERE account = ?1 AND kind = ?2 AND over = 0;
-- name: account_secrets_over
UPDATE account_secret SET over = ?2 WHERE account = ?1 AND over = 0;
-- name: account_secret_live
SELECT n, codes, key_id FROM account_secret WHERE account = ?1 AND kind = ?2 AND over = 0;
-- name: account_secret_get
SELECT account, kind, codes, key_id, over FROM account_secret WHERE n = ?1;
-- name: account_hash_insert
INSERT INTO account_hash (n, box, commitment, used) VALUES (?1, ?2, ?3, 0);
-- name: account_hash_get
SELECT box, commitment, used FROM account_hash WHERE n = ?1;
-- name: account_hash_use
UPDATE account_hash SET used = used | ?2 WHERE n = ?1 AND used & ?2 = 0;
-- name: account_hash_delete
DELETE FROM account_hash WHERE n = ?1;

-- name: session_insert
INSERT INTO session (token, account, post, secret, began, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?5);
-- name: session_get
SELECT s.id, s.account, s.post, s.began, s.seen, a.kind, a.lang, a.posts, a.ended
FROM session s JOIN account a ON a.id = s.account WHERE s.token = ?1;
-- name: session_newest
SELECT coalesce(max(seen), 0) FROM session;
-- name: session_touch
UPDATE session SET seen = ?2 WHERE id = ?1 AND seen < ?2;
-- name: session_switch
UPDATE session SET post = ?3 WHERE id = ?1 AND account = ?2;
-- name: session_end
DELETE FROM session WHERE id = ?1 AND account = ?2;
-- name: session_end_account
DELETE FROM session WHERE account = ?1;
-- name: session_end_secret
DELETE FROM session WHERE account = ?1 AND secret = ?2;
-- name: session_end_all
DELETE FROM session;
-- name: session_end_old
DELETE FROM session WHERE id IN (SELECT id FROM session WHERE account = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2);
-- name: session_sweep
DELETE FROM session WHERE id IN (SELECT id FROM session WHERE began < ?1 ORDER BY began LIMIT ?2);
-- name: session_list
SELECT id, post, secret, began, seen FROM session WHERE account = ?1 ORDER BY id DESC LIMIT ?2;

-- name: look_insert
INSERT INTO case_look (id, n) VALUES (?1, ?2);
-- name: look_list
SELECT n FROM case_look WHERE id = ?1 AND n < ?2 ORDER BY n DESC LIMIT ?3;
-- name: case_follower_confidential
SELECT confidential FROM case_follower WHERE id = ?1 AND n = ?2;
-- name: case_followed
SELECT 1 FROM case_follower WHERE id = ?1 LIMIT 1;
-- name: look_entry
SELECT c.id, f.confidential FROM case_change c LEFT JOIN case_follower f ON f.id = c.id AND f.n = c.n WHERE c.n = ?1;
-- name: case_doc_set
UPDATE case_rec SET doc = ?2 WHERE id = ?1;
-- name: case_after
SELECT id FROM case_rec WHERE id > ?1 ORDER BY id LIMIT ?2;
-- name: case_count
SELECT count(*) FROM case_rec;

-- name: shift_set
INSERT INTO shift (unit, desk, n, at, role, handle, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
ON CONFLICT (unit, desk) DO UPDATE SET n = excluded.n, at = excluded.at, role = excluded.role, handle = excluded.handle,
    note = 0;
-- name: shift_note
UPDATE shift SET note = ?3 WHERE unit = ?1 AND desk = ?2;
-- name: shift_list
SELECT desk, n, at, role, handle, note FROM shift WHERE unit = ?1 ORDER BY desk LIMIT ?2;

-- name: duty_start
INSERT INTO duty (n, role, unit, area, handle, key_id, ends, break_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0);
-- name: duty_break
UPDATE duty SET break_until = ?2 WHERE n = ?1;
-- name: duty_delete
DELETE FROM duty WHERE n = ?1;
-- name: duty_live
SELECT n, area, handle, key_id, ends, break_until, role, unit FROM duty
WHERE ends > ?1 AND n NOT IN (SELECT n FROM duty_left) ORDER BY n LIMIT ?2;
-- name: duty_over
SELECT n, key_id FROM duty WHERE ends <= ?1 ORDER BY n LIMIT ?2;
-- name: duty_leave
INSERT INTO duty_left (n) VALUES (?1);
-- name: duty_left_sweep
DELETE FROM duty_left WHERE n NOT IN (SELECT n FROM duty);
-- name: duty_count
SELECT count(*) FROM duty WHERE ends > ?1 AND n NOT IN (SELECT n FROM duty_left);
-- name: duty_grids
SELECT s.code, c.lat, c.lon FROM place_cell AS c CROSS JOIN place_shape AS s ON s.id = c.id
WHERE c.kind = ?1 AND c.valid_from <= ?2 AND c.valid_until >= ?2 LIMIT ?3;
-- name: duty_by_role
SELECT role, count(*), sum(break_until > ?1) FROM duty
WHERE ends > ?1 AND n NOT IN (SELECT n FROM duty_left) GROUP BY role ORDER BY role LIMIT ?2;
-- name: duty_by_area
SELECT area, count(*), sum(break_until > ?1) FROM duty
WHERE ends > ?1 AND n NOT IN (SELECT n FROM duty_left) GROUP BY area ORDER BY area LIMIT ?2;

-- name: wall_set
UPDATE wall SET n = ?1 WHERE one = 1;
-- name: wall_get
SELECT n FROM wall;
-- name: device_state_set
INSERT INTO device_state (place, n, state, since, source) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (place) DO UPDATE SET n = excluded.n, state = excluded.state, since = excluded.since, source = excluded.source;
-- name: device_state_get
SELECT n, state, since, source FROM device_state WHERE place = ?1;
-- name: device_counts
SELECT coalesce(r.use, '') AS kind, sum(s.state = 1), sum(s.state = 2) FROM device_state AS s
LEFT JOIN place_register AS r ON r.id = s.place GROUP BY kind ORDER BY kind LIMIT ?1;
-- name: device_offline
SELECT s.place, s.since, s.source, coalesce(r.use, ''), coalesce(r.maintainer, ''), s.n FROM device_state AS s
LEFT JOIN place_register AS r ON r.id = s.place
WHERE s.state = 2 AND (s.since, s.place) > (?1, ?2) ORDER BY s.since, s.place LIMIT ?3;

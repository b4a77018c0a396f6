-- Mail waits in a lane of its own: whatever a mail server does, nobody looks through waiting mail to find a key
-- that must go. lane: 0 the store's own, 1 mail.
ALTER TABLE outbox ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (lane, due) WHERE state = 0;

-- Outside the projections: how effects of a channel ended, counted. how: enum effect_end.
CREATE TABLE outbox_ended (
    channel INTEGER NOT NULL,
    how INTEGER NOT NULL,
    effects INTEGER NOT NULL,
    PRIMARY KEY (channel, how)
) STRICT, WITHOUT ROWID;

-- Outside the projections: mails of a case to one recipient (0 the reporter, else the entry by which a follower
-- joined) on a day (UTC); days before yesterday's are removed.
CREATE TABLE mail_day (
    day INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    recipient INTEGER NOT NULL,
    mails INTEGER NOT NULL,
    PRIMARY KEY (day, case_id, recipient)
) STRICT, WITHOUT ROWID;

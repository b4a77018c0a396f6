-- Accounts: projections of account.* entries. Names and contacts stand sealed in entries only.

-- id: the entry that made it; n: the one that holds it as it is. kind: 0 resident, 1 staff. key_id: data key of its record.
-- posts: one line each (service/account.h). ended, erased: the entries that did it, 0 none.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    lang INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    named INTEGER NOT NULL,
    contact INTEGER NOT NULL,
    posts TEXT NOT NULL,
    ended INTEGER NOT NULL,
    erased INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_key ON account (key_id);
CREATE INDEX account_kind ON account (kind, id);

-- What somebody signs in with. n: the entry that set it, which is a sheet's number, too. kind: 0 password, 1 sheet of
-- codes. key_id: the data key that what is kept of it is sealed under. over: the entry by which it is dead, 0 none.
CREATE TABLE account_secret (
    n INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    codes INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    over INTEGER NOT NULL
) STRICT;
CREATE INDEX account_secret_live ON account_secret (account, kind) WHERE over = 0;

-- Outside the projections: the hash of a password, or those of a sheet's codes, sealed under the key of the secret. used:
-- bits of the codes that are used up.
CREATE TABLE account_hash (
    n INTEGER PRIMARY KEY,
    box BLOB NOT NULL,
    commitment BLOB NOT NULL,
    used INTEGER NOT NULL
) STRICT;

-- Outside the projections: who is signed in. token: its hash. secret: the entry of what it was signed in with, 0 in a demo.
-- began, seen: on the clock of sessions (service/accounts.h), microseconds.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token BLOB NOT NULL,
    account INTEGER NOT NULL,
    post INTEGER NOT NULL,
    secret INTEGER NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX session_token ON session (token);
CREATE INDEX session_account ON session (account, id);
CREATE INDEX session_began ON session (began);

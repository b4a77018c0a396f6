-- Duties whose person left the office, or the post of the duty: they count no more, and are swept when their time is over. No
-- entry says so, for beside that of the account it would tell for ever whose duty it was; so this is no projection of the
-- record, and a store that is made again from its entries counts them until they are over by themselves.
CREATE TABLE duty_left (
    n INTEGER PRIMARY KEY
) STRICT;

-- Effects that wait until the words of their cases are merged out of the index (state 2): found by this, also after a
-- restart. They are few, and none as a rule.
CREATE INDEX outbox_held ON outbox (n) WHERE state = 2;

-- What hangs on a place and is not valid for ever: so that what is valid no longer is counted apart without a look at the rest.
CREATE INDEX place_child_dated ON place (parent, kind, valid_from, valid_until)
WHERE valid_from > -2147483648 OR valid_until < 2147483647;

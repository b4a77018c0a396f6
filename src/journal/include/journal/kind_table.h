/* The one table of entry kinds: symbol, name, version, Chinese, English, the form of `data`. Names
 * and versions are for ever. No include guard: included with KIND defined. formats/journal.md shows
 * this table. */
KIND(JOURNAL_OPENED, "journal.opened", 1, "账本开立", "the record begins; always entry 1",
     "`community` (12 digits), `demo` (true or false), `key` (verifier key), `zone` (IANA time "
     "zone)")
KIND(JOURNAL_REOPENED, "journal.reopened", 1, "账本重开",
     "a restored backup goes on under a new log origin",
     "`epoch`, `key` (verifier key of the new origin), `link` (note signed under the old origin)")
KIND(FILE_LOADED, "file.loaded", 1, "配置文件生效", "a file of `etc/` comes into force",
     "`bytes`, `path`, `sha256` (hex)")
KIND(LINE_WRITTEN, "line.written", 1, "写入一条", "a line of text", "`text` (sealed)")
KIND(RECORD_ERASED, "record.erased", 1, "清除一条记录", "the keys of a record are to be destroyed",
     "`keys` (array of key numbers), `reason` (`owner`, `retention` or `order`), `record` (number "
     "of the entry that made it)")
KIND(CLOCK_CONFIRMED, "clock.confirmed", 1, "确认时钟",
     "an operator confirmed a clock that had jumped ahead", "`from`, `to` (microseconds UTC)")
KIND(PLACE_SET, "place.set", 1, "登记地点", "a place as it is from now on: new, or a new version of it",
     "`aliases` (texts), `at` (latitude and longitude in E7, or empty), `code` (12 digits or "
     "empty), `ext` (`source:id`), `fields` (by name, only those set), `form` (`none`, "
     "`line` or `area`), `id` (number of the entry that made it), `kind`, `parent` (id or "
     "0), `predecessors` (ids), `shape` (rings: latitude, longitude, latitude, … in E7), "
     "`valid_from` and `valid_until` (date or empty)")
KIND(CASE_ATTACHED, "case.attached", 1, "附上一份材料",
     "a picture, a voice or a document is attached to a case; the file lies beside the journal",
     "`bytes` (of the sealed file), `case` (number of the entry that made it), `evidence` (true or "
     "false: place and "
     "time are kept), `field` (of the case type), `hash` (hex, of the sealed file), `key` (sealed: "
     "the 32 bytes that "
     "open the file), `media` (media type), `prev` (number of the case's entry before this one, or "
     "0)")

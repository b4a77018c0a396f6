/* The one table of messages: symbol, sentence in Chinese, sentence in English. {0} … {9} are
 * arguments and are the same in both. Add a row at the end of its block. No include guard: it is
 * included with MSG defined. */

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
MSG(REQUEST_REUSED_REMEDY, "新的内容请使用新的请求编号", "Use a new request id for new content")
MSG(SEND_JSON, "请用 Content-Type: application/json 发送", "Send it with Content-Type: application/json")
MSG(SEND_JSON_OBJECT, "请发送一个 JSON 对象，键不重复，嵌套不超过 8 层",
    "Send one JSON object without repeated keys, nested at most 8 deep")
MSG(FIELD_UNKNOWN, "此处没有这个字段，请去掉", "There is no such field here; leave it out")
MSG(REQUEST_ID_REMEDY, "请附上 16 至 64 个字符的请求编号（A-Z a-z 0-9 - _），重试时沿用同一个",
    "Send an id of 16 to 64 characters (A-Z a-z 0-9 - _), the same one when trying again")
MSG(LINE_TEXT_REMEDY, "请写 1 至 4000 字节的文字", "Write a text of 1 to 4,000 bytes")
MSG(SECRET_REMEDY, "请附上回执里的 secret", "Send the secret from the receipt")
MSG(QUERY_NUMBER_REMEDY, "请给出范围内的正整数", "Give a positive whole number within the range")

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
MSG(PROOF_NO_OWNER, "“{0}”没有责任方；请用 owner 写明由谁负责",
    "\"{0}\" has no owner; name the role that must act")
MSG(PROOF_NO_CLOCK, "“{0}”没有在走的计时；请在 runs 里写一个（诉求人的计时不算）",
    "\"{0}\" runs no clock; name one under runs (the reporter's does not count)")
MSG(PROOF_CLOCK_NOT_SURE,
    "“{0}”的计时不是每件都有时限或都在走；请给其中一个补上 limit，停过的用 starts 重新开始",
    "No clock of \"{0}\" is sure to run in every case: give one a limit of its own, and start again what "
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
MSG(PROOF_KIND, "“{0}”应是这种字段：{1}", "\"{0}\" should be a field of kind {1}")
MSG(PROOF_FILLS_KIND, "“{0}”不能直接填写，请改用 {1}", "\"{0}\" is not filled in; use {1} for it")
MSG(PROOF_OUTCOME, "终结状态要有 outcome，其他状态不能有",
    "A final state has an outcome, and no other state does")
MSG(PROOF_POST_ROLE, "post 要写明 role，其他单位不能写", "A post names its role, and no other unit does")
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
MSG(PROOF_ITEM_FIELD, "数据项 {1} 没有“{0}”这个字段", "Data item {1} has no field \"{0}\"")
MSG(PROOF_ITEM_CLASS, "数据项 {0} 不含个人信息，个人字段不能放在这里",
    "Data item {0} holds nothing personal; a personal field cannot stand in it")

/* liren casetype */
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
MSG(ZONE_UNKNOWN, "没有时区“{0}”，例如 Asia/Shanghai", "There is no time zone \"{0}\"; one is Asia/Shanghai")
MSG(STORE_EXISTS, "{0} 里已有数据，不会覆盖", "There is a store in {0}; it is not overwritten")

/* the command line */
MSG(CLI_TITLE, "里仁：社区安全与服务平台", "Liren: neighbourhood safety and services")
MSG(CLI_INIT, "新建数据文件夹和密钥", "make a data folder and its keys")
MSG(CLI_SERVE, "提供服务，直到收到停止信号", "serve a store until told to stop")
MSG(CLI_DEMO, "在 http://localhost:8420 提供演示", "serve a demo at http://localhost:8420")
MSG(CLI_CLOCK, "确认系统时钟（confirm）", "confirm the system's clock (confirm)")
MSG(CLI_VERSION, "显示版本", "print the version")
MSG(CLI_HELP, "显示本说明", "print this list")
MSG(CLI_MORE, "各命令的选项：liren 命令 --help；详见 man liren", "Options of a command: liren COMMAND --help. More: man liren")
MSG(CLI_INIT_DONE, "已新建 {0}；密钥在 {1}，请另行妥善保管", "Made {0}; its keys are in {1}: keep them safe, and apart")
MSG(CLI_NOT_RUNNING, "{0} 没有在运行", "Nothing serves {0}")
MSG(CLI_CLOCK_SENT, "已通知正在运行的服务，结果见其日志", "The running office was told; its log has the result")

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

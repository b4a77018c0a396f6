/* The one table of errors: symbol, number, HTTP status, may be tried again, stable name, sentence
 * in Chinese and in English. Numbers and names are part of the API and are never reused. No include
 * guard: it is included wherever a list of errors is needed (enum, lookup, documents, tests) with
 * ERR defined. */
ERR(OK, 0, 200, 0, "ok", "成功", "Done")
ERR(BAD_INPUT, 1, 400, 0, "bad-input", "输入内容不符合要求", "The input is not as required")
ERR(BAD_JSON, 2, 400, 0, "bad-json", "请求正文不是有效的 JSON", "The body is not valid JSON")
ERR(TOO_LARGE, 3, 413, 0, "too-large", "内容超过上限", "The content is over its cap")
ERR(NOT_FOUND, 4, 404, 0, "not-found", "没有找到", "There is nothing here")
ERR(BAD_METHOD, 5, 405, 0, "bad-method", "此地址不支持这种请求方法", "This address does not take that method")
ERR(BAD_MEDIA, 6, 415, 0, "bad-media-type", "正文类型不受支持",
    "The media type of the body is not supported")
ERR(FORBIDDEN, 7, 403, 0, "forbidden", "没有权限", "This is not permitted")
ERR(REQUEST_REUSED, 8, 422, 0, "request-id-reused", "同一请求编号对应了不同的内容",
    "The request id was used before with another body")
ERR(GONE, 9, 410, 0, "gone", "已清除", "This was erased")
ERR(BUSY, 10, 503, 1, "busy", "排队已满，请稍后再试", "The queue is full; try again shortly")
ERR(CLOCK_HELD, 11, 503, 1, "clock-held", "系统时钟异常前跳，等待值守人员确认",
    "The system clock jumped ahead; writing waits for an operator")
ERR(STOPPING, 12, 503, 1, "stopping", "服务正在停止", "The service is stopping")
ERR(NO_SPACE, 13, 507, 1, "no-space", "磁盘空间不足，内容没有保存", "The disk is full; nothing was saved")
ERR(STORE, 14, 503, 1, "store-failed", "存储读写失败，内容没有保存",
    "Reading or writing the store failed; nothing was saved")
ERR(NO_MEMORY, 15, 503, 1, "no-memory", "内存不足", "Out of memory")
ERR(NOT_YET, 16, 409, 1, "not-yet", "校验快照尚未覆盖这条记录，一秒后再试",
    "No signed checkpoint covers this entry yet; try again in a second")
ERR(CORRUPT, 17, 500, 0, "corrupt", "数据与账本不一致", "The data do not agree with the record")
ERR(NEWER_STORE, 18, 500, 0, "newer-store", "数据由更新版本的程序写成",
    "The store was written by a newer program")
ERR(LOCKED, 19, 503, 1, "locked", "数据目录正被另一个进程使用",
    "Another process has this store open for writing")
ERR(KEYS, 20, 500, 0, "keys", "密钥文件缺失或不可用", "A key file is missing or cannot be used")
ERR(UNVERIFIED, 21, 422, 0, "unverified", "校验不符", "It does not verify")
ERR(EXISTS, 22, 409, 0, "exists", "已经存在", "It exists already")
ERR(INTERNAL, 23, 500, 0, "internal", "内部错误", "Internal error")
ERR(CONFLICT, 24, 409, 0, "conflict", "与当前状态冲突", "This does not fit the state it is in")
ERR(TOO_MANY, 25, 429, 1, "too-many", "尝试次数过多，请稍后再试",
    "Too many tries; wait a little, then try again")
ERR(NOT_SIGNED_IN, 26, 401, 0, "not-signed-in", "没有登录，或登录信息不对",
    "Not signed in, or what was given to sign in is not right")
ERR(HEAD_TOO_LARGE, 27, 431, 0, "head-too-large", "请求头超过上限",
    "The head of the request is over its cap")

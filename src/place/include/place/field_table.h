/* The one table of what is kept of a place beside its frame: symbol, name, form, item of the data
 * catalogue, kinds that have it, least, most (bytes of a text), Chinese, English. What has no row
 * is not kept. Rows ascend by name, as the keys of an entry do. CAMERA: only of a device whose
 * device_kind is "camera". No include guard: included with PLACE_FIELD defined. */
PLACE_FIELD(ADDRESS, "address", TEXT, 1, ANY, 1, 240, "标准地址", "standard address")
PLACE_FIELD(AVAILABILITY_PERMILLE, "availability_permille", NUMBER, 15, ON(DEVICE), 0, 1000,
	    "承诺可用率(千分之)", "availability promised, per mille")
PLACE_FIELD(BUILT_YEAR, "built_year", NUMBER, 2, ON(BUILDING), 1000, 9999, "建成年份", "year built")
PLACE_FIELD(CONTRACT_END, "contract_end", DATE, 15, ON(DEVICE) | ON(FACILITY), 0, 0, "合同到期",
	    "contract ends")
PLACE_FIELD(CONTRACT_FIRM, "contract_firm", TEXT, 15, ON(DEVICE) | ON(FACILITY), 1, 120, "合同单位",
	    "firm under contract")
PLACE_FIELD(DEVICE_KIND, "device_kind", TEXT, 15, ON(DEVICE), 1, 40, "设备类别", "kind of device")
PLACE_FIELD(ELECTRONIC_DOOR, "electronic_door", YES_NO, 2, ON(BUILDING) | ON(STAIR) | ON(GATE), 0,
	    1, "电子门禁", "electronic door")
PLACE_FIELD(FILED_WITH_POLICE, "filed_with_police", YES_NO, 15, CAMERA, 0, 1, "已向公安备案",
	    "filed with the police")
PLACE_FIELD(FIRE_LANE, "fire_lane", YES_NO, 3, ON(WAY), 0, 1, "消防通道", "fire lane")
PLACE_FIELD(FLOORS, "floors", NUMBER, 2, ON(BUILDING) | ON(STAIR), 0, 300, "层数", "floors")
PLACE_FIELD(FOOTAGE_DAYS, "footage_days", NUMBER, 15, CAMERA, 0, 3650, "录像保存天数",
	    "days of footage kept")
PLACE_FIELD(LEVEL, "level", TEXT, 3, ON(AREA), 1, 40, "层级", "level")
PLACE_FIELD(LIFT, "lift", YES_NO, 2, ON(BUILDING) | ON(STAIR), 0, 1, "电梯", "lift")
PLACE_FIELD(MAINTAINER, "maintainer", TEXT, 12, ON(COMPONENT) | ON(DEVICE) | ON(FACILITY), 1, 120,
	    "养护单位", "maintainer")
PLACE_FIELD(MAY_LOOK, "may_look", TEXT, 15, CAMERA, 1, 240, "可查看的单位和岗位",
	    "units and posts that may look")
PLACE_FIELD(NAME, "name", TEXT, 1, ANY, 1, 240, "名称", "name")
PLACE_FIELD(NAME_EN, "name_en", TEXT, 1, ANY, 1, 240, "英文名", "name in English")
PLACE_FIELD(NAME_ZH, "name_zh", TEXT, 1, ANY, 1, 240, "中文名", "name in Chinese")
PLACE_FIELD(NUMBER, "number", TEXT, 12,
	    ON(COMPONENT) | ON(DEVICE) | ON(FACILITY) | ON(GRID) | ON(AREA), 1, 64, "编号", "number")
PLACE_FIELD(OWNER, "owner", TEXT, 12, ON(COMPONENT) | ON(DEVICE) | ON(FACILITY) | ON(WAY), 1, 120,
	    "权属单位", "owner")
PLACE_FIELD(POST, "post", TEXT, 3, ON(GRID) | ON(AREA), 1, 120, "责任岗位", "responsible post")
PLACE_FIELD(ROOMS, "rooms", NUMBER, 2, ON(BUILDING) | ON(STAIR) | ON(FLOOR), 0, 10000, "房间数",
	    "rooms")
PLACE_FIELD(SIGN_UP, "sign_up", YES_NO, 15, CAMERA, 0, 1, "已设提示标识", "sign put up")
PLACE_FIELD(STEPS, "steps", YES_NO, 3, ON(WAY), 0, 1, "台阶", "steps")
PLACE_FIELD(STRUCTURE, "structure", TEXT, 2, ON(BUILDING), 1, 64, "结构", "structure")
PLACE_FIELD(USE, "use", TEXT, 2,
	    ON(BUILDING) | ON(ROOM) | ON(FACILITY) | ON(GATE) | ON(WAY) | ON(COMPONENT), 1, 64,
	    "用途类别", "use")
PLACE_FIELD(WIDTH_CM, "width_cm", NUMBER, 3, ON(WAY) | ON(GATE), 1, 20000, "宽度(厘米)", "width in cm")

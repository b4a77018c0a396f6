/* The one table of kinds of places: symbol, number (for ever), name, rank, class of its texts
 * (catalogue: 0 public, 1 internal), Chinese, English. A place hangs on one of a smaller rank; an
 * area also on an area; nothing hangs on a grid, which is a dated relation and no part of an
 * address. No include guard: included with PLACE_KIND defined. */
PLACE_KIND(AREA, 1, "area", 1, 0, "区域", "area")
PLACE_KIND(GRID, 2, "grid", 2, 0, "网格", "grid")
PLACE_KIND(WAY, 3, "way", 2, 0, "道路巷道", "lane or way")
PLACE_KIND(BUILDING, 4, "building", 3, 0, "楼栋", "building")
PLACE_KIND(STAIR, 5, "stair", 4, 0, "单元", "stair")
PLACE_KIND(FLOOR, 6, "floor", 5, 0, "楼层", "floor")
PLACE_KIND(ROOM, 7, "room", 6, 1, "房间", "room")
PLACE_KIND(GATE, 8, "gate", 7, 0, "出入口", "gate")
PLACE_KIND(FACILITY, 9, "facility", 7, 0, "设施", "facility")
PLACE_KIND(COMPONENT, 10, "component", 8, 0, "部件", "component")
PLACE_KIND(DEVICE, 11, "device", 9, 0, "设备", "device")

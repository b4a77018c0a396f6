// The community's zone: days and hours are told as the clock on its wall has them, whatever zone the reader's machine is in.
// Until the office has said its zone, that of the machine.

const QUARTER_MS = 15 * 60_000
const CACHE_MAX = 2_000

let format: Intl.DateTimeFormat | undefined
/** Offsets by quarter of an hour, for which no zone has a second one. */
const offsets = new Map<number, number>()

/** An IANA name, such as Asia/Shanghai; one that this browser does not know changes nothing. */
export function setZone(name: string | undefined): void {
	offsets.clear()
	try {
		format = name
			? new Intl.DateTimeFormat('en-US', {
					timeZone: name,
					hourCycle: 'h23',
					year: 'numeric',
					month: 'numeric',
					day: 'numeric',
					hour: 'numeric',
					minute: 'numeric',
				})
			: undefined
	} catch {
		format = undefined
	}
}

/** How many milliseconds the wall is ahead of UTC at this moment. */
function offsetAt(ms: number): number {
	if (!format) return -new Date(ms).getTimezoneOffset() * 60_000
	const quarter = Math.floor(ms / QUARTER_MS)
	const known = offsets.get(quarter)
	if (known !== undefined) return known
	const at = quarter * QUARTER_MS
	const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
	const offset = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute) - at
	if (offsets.size >= CACHE_MAX) offsets.clear()
	offsets.set(quarter, offset)
	return offset
}

export interface Wall {
	year: number
	/** 0 to 11, as in Date. */
	month: number
	day: number
	weekday: number
	hours: number
	minutes: number
}

/** What calendar and clock on the wall say at this moment. */
export function wallOf(at: Date): Wall {
	const wall = new Date(at.getTime() + offsetAt(at.getTime()))
	return {
		year: wall.getUTCFullYear(),
		month: wall.getUTCMonth(),
		day: wall.getUTCDate(),
		weekday: wall.getUTCDay(),
		hours: wall.getUTCHours(),
		minutes: wall.getUTCMinutes(),
	}
}

/** The moment at which the wall shows what UTC shows at `utc`; of an hour that is left out, one beside it. */
export function instantOf(utc: number): number {
	const about = utc - offsetAt(utc)
	return utc - offsetAt(about)
}

/** The moment at which the day of `at` ends on the wall. */
export function midnightAfter(at: Date): number {
	const { year, month, day } = wallOf(at)
	return instantOf(Date.UTC(year, month, day + 1))
}

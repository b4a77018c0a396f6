// Spans and limits as the look spells them: `42 分`, `19 时 07 分`, then in the limit's own unit `2 工作日`. Pure.
// English beside it: `42 min`, `19 h 07 min`, `2 working days`.

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The unit in which a limit is written: those of the calendars. */
export type TimeUnit = 'minute' | 'hour' | 'working_hour' | 'working_day' | 'calendar_day'

const WORDS: Record<TimeUnit, { zh: string; one: string; many: string }> = {
	minute: { zh: '分', one: 'min', many: 'min' },
	hour: { zh: '时', one: 'h', many: 'h' },
	working_hour: { zh: '工作时', one: 'working hour', many: 'working hours' },
	working_day: { zh: '工作日', one: 'working day', many: 'working days' },
	calendar_day: { zh: '天', one: 'day', many: 'days' },
}

/** A count of units: `4 时`, `1 工作日`, `5 天`. */
export function limit(count: number, unit: TimeUnit, locale: string): string {
	const words = WORDS[unit]
	if (locale.startsWith('zh')) return `${count} ${words.zh}`
	return `${count} ${count === 1 ? words.one : words.many}`
}

export interface SpanStyle {
	/** Time that is left is rounded up, so that `0 分` is never said of what still runs; else rounded down. */
	up?: boolean
	/** The limit's own unit, for spans of two days and more; without it, days. */
	unit?: TimeUnit
	/** How many of that unit, where only a calendar can say (working hours and days). */
	units?: number
}

/** Under one hour in minutes, under two days in hours and minutes, then in the limit's own unit. Never negative. */
export function span(ms: number, locale: string, style: SpanStyle = {}): string {
	const round = style.up ? Math.ceil : Math.floor
	const zh = locale.startsWith('zh')
	const minutes = Math.max(0, round(ms / MINUTE_MS))
	if (minutes < 60) return zh ? `${minutes} 分` : `${minutes} min`
	if (minutes < 2 * 24 * 60) {
		const rest = String(minutes % 60).padStart(2, '0')
		const hours = Math.floor(minutes / 60)
		return zh ? `${hours} 时 ${rest} 分` : `${hours} h ${rest} min`
	}
	const { unit = 'calendar_day', units } = style
	if (units !== undefined) return limit(units, unit, locale)
	if (unit === 'hour' || unit === 'minute') return limit(round(ms / HOUR_MS), 'hour', locale)
	return limit(round(ms / DAY_MS), 'calendar_day', locale)
}

/** `60 m`, `1.2 km`: metres up to a kilometre, rounded to ten above 100. */
export function metres(m: number): string {
	if (m < 100) return `${Math.round(m)} m`
	if (m < 995) return `${Math.round(m / 10) * 10} m`
	return `${(m / 1000).toFixed(1)} km`
}

/** `步行 3 分`: at least one minute. */
export function walk(seconds: number, locale: string): string {
	const minutes = Math.max(1, Math.ceil(seconds / 60))
	return locale.startsWith('zh') ? `步行 ${minutes} 分` : `${minutes} min on foot`
}

// Moments as the look spells them: `08:12` today, `昨 13:05`, `明天 03:30`, `6 月 15 日 18:00`, with the year in other
// years. Pure: the present is handed in; days are those of the reader's zone.

const two = (value: number) => String(value).padStart(2, '0')
const dayOf = (date: Date, ahead = 0) =>
	new Date(date.getFullYear(), date.getMonth(), date.getDate() + ahead).getTime()
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const DAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']

const isZh = (locale: string) => locale.startsWith('zh')

/** `08:12` */
export function clockTime(at: Date): string {
	return `${two(at.getHours())}:${two(at.getMinutes())}`
}

/** `6 月 15 日`, `15 Jun`; with the year where it is not that of `now`. */
export function day(at: Date, now: Date, locale: string): string {
	const sameYear = at.getFullYear() === now.getFullYear()
	if (isZh(locale))
		return `${sameYear ? '' : `${at.getFullYear()} 年 `}${at.getMonth() + 1} 月 ${at.getDate()} 日`
	return `${at.getDate()} ${MONTHS[at.getMonth()]}${sameYear ? '' : ` ${at.getFullYear()}`}`
}

/** `今天`, `明天`, `昨天`, else the day. */
export function nearDay(at: Date, now: Date, locale: string): string {
	const zh = isZh(locale)
	if (dayOf(at) === dayOf(now)) return zh ? '今天' : 'today'
	if (dayOf(at) === dayOf(now, 1)) return zh ? '明天' : 'tomorrow'
	if (dayOf(at) === dayOf(now, -1)) return zh ? '昨天' : 'yesterday'
	return day(at, now, locale)
}

/** `6 月 11 日 周四`, `Thu 11 Jun` */
export function weekday(at: Date, now: Date, locale: string): string {
	return isZh(locale)
		? `${day(at, now, locale)} 周${DAYS_ZH[at.getDay()]}`
		: `${DAYS[at.getDay()]} ${day(at, now, locale)}`
}

export function moment(at: Date, now: Date, locale: string): string {
	const clock = clockTime(at)
	const zh = isZh(locale)
	if (dayOf(at) === dayOf(now)) return clock
	if (dayOf(at) === dayOf(now, -1)) return zh ? `昨 ${clock}` : `yesterday ${clock}`
	if (dayOf(at) === dayOf(now, 1)) return zh ? `明天 ${clock}` : `tomorrow ${clock}`
	return zh ? `${day(at, now, locale)} ${clock}` : `${day(at, now, locale)}, ${clock}`
}

/** Several moments under one another: the month is named where it changes, `6 月 10 日 18:40`, then `10 日 18:52`. */
export function momentList(all: readonly Date[], now: Date, locale: string): string[] {
	return all.map((at, i) => {
		const before = all[i - 1]
		const sameMonth =
			before?.getFullYear() === at.getFullYear() && before.getMonth() === at.getMonth()
		if (!isZh(locale)) return `${day(at, now, locale)}, ${clockTime(at)}`
		return `${sameMonth ? `${at.getDate()} 日` : day(at, now, locale)} ${clockTime(at)}`
	})
}

export function fromMicroseconds(us: number): Date {
	return new Date(Math.floor(us / 1000))
}

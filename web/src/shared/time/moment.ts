// Moments as the look spells them: `08:12` today, `昨 13:05`, `明天 03:30`, `6 月 15 日 18:00`, with the year in other
// years. Pure: the present is handed in; days are those of the community's zone.

import { wallOf } from './zone'

const two = (value: number) => String(value).padStart(2, '0')
/** The day on the wall as a number that grows by one a day. */
const dayOf = (date: Date, ahead = 0) => {
	const { year, month, day } = wallOf(date)
	return Math.round(Date.UTC(year, month, day + ahead) / 86_400_000)
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const DAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']

const isZh = (locale: string) => locale.startsWith('zh')

/** `08:12` */
export function clockTime(at: Date): string {
	const { hours, minutes } = wallOf(at)
	return `${two(hours)}:${two(minutes)}`
}

/** `6 月 15 日`, `15 Jun`; with the year where it is not that of `now`. */
export function day(at: Date, now: Date, locale: string): string {
	const { year, month, day: date } = wallOf(at)
	const sameYear = year === wallOf(now).year
	if (isZh(locale)) return `${sameYear ? '' : `${year} 年 `}${month + 1} 月 ${date} 日`
	return `${date} ${MONTHS[month]}${sameYear ? '' : ` ${year}`}`
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
	const { weekday: of } = wallOf(at)
	return isZh(locale) ? `${day(at, now, locale)} 周${DAYS_ZH[of]}` : `${DAYS[of]} ${day(at, now, locale)}`
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
		if (!isZh(locale)) return `${day(at, now, locale)}, ${clockTime(at)}`
		const before = all[i - 1] && wallOf(all[i - 1]!)
		const wall = wallOf(at)
		const sameMonth = before?.year === wall.year && before.month === wall.month
		return `${sameMonth ? `${wall.day} 日` : day(at, now, locale)} ${clockTime(at)}`
	})
}

export function fromMicroseconds(us: number): Date {
	return new Date(Math.floor(us / 1000))
}

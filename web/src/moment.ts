// Moments as the look spells them: `08:12` today, `昨 13:05` yesterday, `6 月 15 日 18:00`, with the year in other years.
// Pure: the present is handed in.

const two = (value: number) => String(value).padStart(2, '0')
const dayOf = (date: Date, back = 0) =>
	new Date(date.getFullYear(), date.getMonth(), date.getDate() - back).getTime()
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function moment(at: Date, now: Date, locale: string): string {
	const clock = `${two(at.getHours())}:${two(at.getMinutes())}`
	const zh = locale.startsWith('zh')
	if (dayOf(at) === dayOf(now)) return clock
	if (dayOf(at) === dayOf(now, 1)) return zh ? `昨 ${clock}` : `yesterday ${clock}`
	const sameYear = at.getFullYear() === now.getFullYear()
	if (zh)
		return `${sameYear ? '' : `${at.getFullYear()} 年 `}${at.getMonth() + 1} 月 ${at.getDate()} 日 ${clock}`
	return `${at.getDate()} ${MONTHS[at.getMonth()]}${sameYear ? '' : ` ${at.getFullYear()}`}, ${clock}`
}

export function fromMicroseconds(us: number): Date {
	return new Date(Math.floor(us / 1000))
}

// How much time a clock has left: its kind (the shape that shows it) and its words, `到场 超 42 分`. Pure: the present is
// handed in. A kind changes at 30 minutes and at zero, and at no other moment.

import { nearDay } from './moment'
import { MINUTE_MS, type SpanStyle, type TimeUnit, span } from './span'
import { midnightAfter } from './zone'

export const SOON_MS = 30 * MINUTE_MS

/** What is said of a stage's clock. Moments are milliseconds since 1970. */
export interface StageClock {
	/** The stage in the reader's language: 到场. */
	stage: string
	/** When it must be done; missing where nothing is due. */
	due?: number
	/** Suspended 挂账: it does not run; `review` is when it is looked at again. */
	suspended?: boolean
	review?: number
	unit?: TimeUnit
	units?: number
}

export const TIME_KINDS = ['overdue', 'soon', 'in_time', 'suspended'] as const
export type TimeKind = (typeof TIME_KINDS)[number]

export function timeKind(clock: Pick<StageClock, 'due' | 'suspended'>, now: number): TimeKind {
	if (clock.suspended) return 'suspended'
	if (clock.due === undefined) return 'in_time'
	const left = clock.due - now
	return left < 0 ? 'overdue' : left <= SOON_MS ? 'soon' : 'in_time'
}

function styleOf(clock: StageClock, up: boolean): SpanStyle {
	return {
		up,
		...(clock.unit === undefined ? {} : { unit: clock.unit }),
		...(clock.units === undefined ? {} : { units: clock.units }),
	}
}

/** `超 42 分`, `剩 11 分`; `42 min over`, `11 min left`. Less than a minute is one minute, on both sides. */
export function leftOver(clock: StageClock, now: number, locale: string): string {
	const zh = locale.startsWith('zh')
	if (clock.due === undefined) return ''
	const left = clock.due - now
	if (left < 0) {
		const text = span(Math.max(-left, MINUTE_MS), locale, styleOf(clock, false))
		return zh ? `超 ${text}` : `${text} over`
	}
	const text = span(Math.max(left, MINUTE_MS), locale, styleOf(clock, true))
	return zh ? `剩 ${text}` : `${text} left`
}

/** The chip's words: `到场 超 42 分`, `处置 剩 3 时 48 分`, `挂账 今天复查`. */
export function chipText(clock: StageClock, now: number, locale: string): string {
	const zh = locale.startsWith('zh')
	if (clock.suspended) {
		const word = zh ? '挂账' : 'suspended'
		if (clock.review === undefined) return word
		const on = nearDay(new Date(clock.review), new Date(now), locale)
		return zh ? `${word} ${on}复查` : `${word}, review ${on}`
	}
	const text = leftOver(clock, now, locale)
	return text ? `${clock.stage} ${text}` : clock.stage
}

/** The reporter's clock: `反映 19 时 07 分`. It never stops before the confirmation. */
export function reporterText(since: number, until: number, locale: string): string {
	const text = span(until - since, locale)
	return locale.startsWith('zh') ? `反映 ${text}` : `age ${text}`
}

/** The four groups of the queue, by time left: what is due today is what is due before midnight. */
export const GROUPS = ['overdue', 'soon', 'today', 'later'] as const
export type Group = (typeof GROUPS)[number]

export function groupOf(clock: Pick<StageClock, 'due' | 'suspended' | 'review'>, now: number): Group {
	const kind = timeKind(clock, now)
	if (kind === 'overdue' || kind === 'soon') return kind
	const at = kind === 'suspended' ? clock.review : clock.due
	if (at === undefined) return 'later'
	return at < midnightAfter(new Date(now)) ? 'today' : 'later'
}

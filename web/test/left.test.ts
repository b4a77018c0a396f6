// The words of time, as the look writes them.
import { describe, expect, it } from 'vitest'
import {
	type StageClock,
	chipText,
	groupOf,
	leftOver,
	reporterText,
	timeKind,
} from '../src/shared/time/left'
import { limit, metres, span, walk } from '../src/shared/time/span'

const MIN = 60_000
const HOUR = 60 * MIN
const DAY = 24 * HOUR
const now = new Date(2026, 5, 11, 8, 12).getTime()
const clock = (stage: string, left: number, more: Partial<StageClock> = {}): StageClock => ({
	stage,
	due: now + left,
	...more,
})

describe('spans', () => {
	it.each([
		[0, '0 分', '0 min'],
		[42 * MIN, '42 分', '42 min'],
		[59 * MIN + 59_999, '59 分', '59 min'],
		[HOUR, '1 时 00 分', '1 h 00 min'],
		[19 * HOUR + 7 * MIN, '19 时 07 分', '19 h 07 min'],
		[2 * DAY - MIN, '47 时 59 分', '47 h 59 min'],
		[2 * DAY, '2 天', '2 days'],
		[43 * DAY + 5 * HOUR, '43 天', '43 days'],
		[-5, '0 分', '0 min'],
	])('%d ms', (ms, zh, en) => {
		expect(span(ms, 'zh-CN')).toBe(zh)
		expect(span(ms, 'en')).toBe(en)
	})

	it('from two days on, in the limit’s own unit', () => {
		expect(span(60 * HOUR, 'zh-CN', { unit: 'hour' })).toBe('60 时')
		expect(span(3 * DAY, 'zh-CN', { unit: 'working_day', units: 2 })).toBe('2 工作日')
		expect(span(3 * DAY, 'en', { unit: 'working_day', units: 1 })).toBe('1 working day')
		expect(span(3 * DAY, 'zh-CN', { unit: 'working_day' })).toBe('3 天')
		expect(span(30 * HOUR, 'zh-CN', { unit: 'working_day', units: 2 })).toBe('30 时 00 分')
	})

	it.each([
		[4, 'hour', '4 时', '4 h'],
		[1, 'working_day', '1 工作日', '1 working day'],
		[5, 'calendar_day', '5 天', '5 days'],
		[1, 'calendar_day', '1 天', '1 day'],
		[30, 'minute', '30 分', '30 min'],
		[4, 'working_hour', '4 工作时', '4 working hours'],
	] as const)('a limit of %d %s', (n, unit, zh, en) => {
		expect(limit(n, unit, 'zh-CN')).toBe(zh)
		expect(limit(n, unit, 'en')).toBe(en)
	})

	it.each([
		[60, '60 m'],
		[99.6, '100 m'],
		[143, '140 m'],
		[994, '990 m'],
		[995, '1.0 km'],
		[1240, '1.2 km'],
	])('%d metres', (m, text) => expect(metres(m)).toBe(text))

	it('walks at least a minute', () => {
		expect(walk(10, 'zh-CN')).toBe('步行 1 分')
		expect(walk(181, 'zh-CN')).toBe('步行 4 分')
		expect(walk(180, 'en')).toBe('3 min on foot')
	})
})

describe('chips', () => {
	it.each([
		[clock('到场', -42 * MIN), '到场 超 42 分', 'overdue'],
		[clock('到场', -1), '到场 超 1 分', 'overdue'],
		[clock('到场', 11 * MIN), '到场 剩 11 分', 'soon'],
		[clock('到场', 10 * MIN + 1), '到场 剩 11 分', 'soon'],
		[clock('到场', 0), '到场 剩 1 分', 'soon'],
		[clock('签收', 30 * MIN), '签收 剩 30 分', 'soon'],
		[clock('签收', 30 * MIN + 1), '签收 剩 31 分', 'in_time'],
		[clock('处置', 3 * HOUR + 48 * MIN), '处置 剩 3 时 48 分', 'in_time'],
		[clock('处置', 3 * DAY, { unit: 'working_day', units: 2 }), '处置 剩 2 工作日', 'in_time'],
		[
			{ stage: '处置', suspended: true, review: new Date(2026, 5, 11, 18).getTime() },
			'挂账 今天复查',
			'suspended',
		],
		[{ stage: '处置', suspended: true }, '挂账', 'suspended'],
		[{ stage: '处置' }, '处置', 'in_time'],
	] satisfies [StageClock, string, string][])('%o', (of, text, kind) => {
		expect(chipText(of, now, 'zh-CN')).toBe(text)
		expect(timeKind(of, now)).toBe(kind)
	})

	it('in English', () => {
		expect(chipText(clock('on site', -42 * MIN), now, 'en')).toBe('on site 42 min over')
		expect(chipText(clock('on site', 11 * MIN), now, 'en')).toBe('on site 11 min left')
		expect(leftOver(clock('x', 3 * HOUR), now, 'en')).toBe('3 h 00 min left')
		const review = new Date(2026, 6, 2).getTime()
		expect(chipText({ stage: 'x', suspended: true, review }, now, 'en')).toBe('suspended, review 2 Jul')
	})

	it('the reporter’s clock', () => {
		const since = new Date(2026, 5, 10, 13, 5).getTime()
		expect(reporterText(since, now, 'zh-CN')).toBe('反映 19 时 07 分')
		expect(reporterText(since, now, 'en')).toBe('age 19 h 07 min')
	})
})

describe('groups', () => {
	const midnight = new Date(2026, 5, 12).getTime()
	it.each([
		[{ due: now - 1 }, 'overdue'],
		[{ due: now }, 'soon'],
		[{ due: now + 30 * MIN + 1 }, 'today'],
		[{ due: midnight - 1 }, 'today'],
		[{ due: midnight }, 'later'],
		[{}, 'later'],
		[{ due: now - DAY, suspended: true, review: now + HOUR }, 'today'],
		[{ suspended: true }, 'later'],
	] as const)('%o', (of, group) => expect(groupOf(of, now)).toBe(group))
})

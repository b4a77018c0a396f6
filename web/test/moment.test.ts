import { describe, expect, it } from 'vitest'
import { fromMicroseconds, moment, momentList, nearDay, weekday } from '../src/shared/time/moment'

const now = new Date(2026, 5, 11, 8, 12)

it.each([
	[new Date(2026, 5, 11, 3, 30), '03:30', '03:30'],
	[new Date(2026, 5, 10, 23, 59), '昨 23:59', 'yesterday 23:59'],
	[new Date(2026, 5, 12, 3, 30), '明天 03:30', 'tomorrow 03:30'],
	[new Date(2026, 5, 13, 0, 0), '6 月 13 日 00:00', '13 Jun, 00:00'],
	[new Date(2026, 5, 9, 13, 5), '6 月 9 日 13:05', '9 Jun, 13:05'],
	[new Date(2025, 11, 31, 18, 0), '2025 年 12 月 31 日 18:00', '31 Dec 2025, 18:00'],
])('%s', (at, zh, en) => {
	expect(moment(at, now, 'zh-CN')).toBe(zh)
	expect(moment(at, now, 'en')).toBe(en)
})

describe('days', () => {
	it.each([
		[new Date(2026, 5, 11, 23, 59), '今天', 'today'],
		[new Date(2026, 5, 10, 0, 0), '昨天', 'yesterday'],
		[new Date(2026, 5, 12, 0, 0), '明天', 'tomorrow'],
		[new Date(2026, 6, 2, 9, 0), '7 月 2 日', '2 Jul'],
	])('%s', (at, zh, en) => {
		expect(nearDay(at, now, 'zh-CN')).toBe(zh)
		expect(nearDay(at, now, 'en')).toBe(en)
	})

	it('are named', () => {
		expect(weekday(now, now, 'zh-CN')).toBe('6 月 11 日 周四')
		expect(weekday(now, now, 'en')).toBe('Thu 11 Jun')
	})
})

it('a list names the month where it changes', () => {
	const all = [
		new Date(2026, 5, 10, 18, 40),
		new Date(2026, 5, 10, 18, 52),
		new Date(2026, 5, 11, 8, 52),
		new Date(2026, 6, 1, 0, 5),
	]
	expect(momentList(all, now, 'zh-CN')).toEqual([
		'6 月 10 日 18:40',
		'10 日 18:52',
		'11 日 08:52',
		'7 月 1 日 00:05',
	])
	expect(momentList(all, now, 'en')[1]).toBe('10 Jun, 18:52')
})

it('counts microseconds from 1970 in UTC', () => {
	expect(fromMicroseconds(1781136000000999).toISOString()).toBe('2026-06-11T00:00:00.000Z')
})

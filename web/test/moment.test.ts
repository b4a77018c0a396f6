import { expect, it } from 'vitest'
import { fromMicroseconds, moment } from '../src/moment'

const now = new Date(2026, 5, 11, 8, 12)

it.each([
	[new Date(2026, 5, 11, 3, 30), '03:30', '03:30'],
	[new Date(2026, 5, 10, 23, 59), '昨 23:59', 'yesterday 23:59'],
	[new Date(2026, 5, 9, 13, 5), '6 月 9 日 13:05', '9 Jun, 13:05'],
	[new Date(2025, 11, 31, 18, 0), '2025 年 12 月 31 日 18:00', '31 Dec 2025, 18:00'],
])('%s', (at, zh, en) => {
	expect(moment(at, now, 'zh-CN')).toBe(zh)
	expect(moment(at, now, 'en')).toBe(en)
})

it('counts microseconds from 1970 in UTC', () => {
	expect(fromMicroseconds(1781136000000999).toISOString()).toBe('2026-06-11T00:00:00.000Z')
})

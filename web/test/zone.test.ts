// The community's zone: the wall's day and hour, whatever zone the machine is in (these tests run in Shanghai's).
import { afterEach, describe, expect, it } from 'vitest'
import { groupOf } from '../src/shared/time/left'
import { clockTime, moment, nearDay } from '../src/shared/time/moment'
import { instantOf, midnightAfter, setZone, wallOf } from '../src/shared/time/zone'

const at = (text: string) => new Date(text)
afterEach(() => setZone(undefined))

describe('the zone of the community', () => {
	it('is the machine’s until the office has said one, and when a browser does not know it', () => {
		const now = at('2026-06-11T00:22:00Z')
		expect(clockTime(now)).toBe(`${String(now.getHours()).padStart(2, '0')}:22`)
		setZone('Nowhere/At_all')
		expect(clockTime(now)).toBe(`${String(now.getHours()).padStart(2, '0')}:22`)
	})

	it('tells hours, days and what is near by its wall', () => {
		const now = at('2026-06-11T00:22:00Z')
		setZone('Asia/Shanghai')
		expect(clockTime(now)).toBe('08:22')
		expect(moment(at('2026-06-10T15:59:00Z'), now, 'zh-CN')).toBe('昨 23:59')
		expect(nearDay(at('2026-06-10T16:00:00Z'), now, 'en')).toBe('today')
		setZone('America/New_York')
		expect(clockTime(now)).toBe('20:22')
		expect(moment(at('2026-06-10T15:59:00Z'), now, 'zh-CN')).toBe('11:59')
		expect(nearDay(at('2026-06-11T04:00:00Z'), now, 'en')).toBe('tomorrow')
		setZone('Asia/Kathmandu')
		expect(clockTime(now)).toBe('06:07')
	})

	it('ends the day at its own midnight, also where the clocks change in the night', () => {
		const now = at('2026-06-11T00:22:00Z').getTime()
		setZone('America/New_York')
		expect(midnightAfter(new Date(now))).toBe(at('2026-06-11T04:00:00Z').getTime())
		expect(groupOf({ due: at('2026-06-11T03:59:00Z').getTime() }, now)).toBe('today')
		expect(groupOf({ due: at('2026-06-11T04:01:00Z').getTime() }, now)).toBe('later')
		// 8 March 2026: the day has 23 hours.
		expect(midnightAfter(at('2026-03-08T05:30:00Z'))).toBe(at('2026-03-09T04:00:00Z').getTime())
		expect(instantOf(Date.UTC(2026, 2, 9, 0, 0))).toBe(at('2026-03-09T04:00:00Z').getTime())
		expect(wallOf(at('2026-03-08T07:00:00Z'))).toMatchObject({ day: 8, hours: 3, weekday: 0 })
	})
})

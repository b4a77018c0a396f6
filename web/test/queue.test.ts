// The queue's order, and what counts as a change of it.
import { describe, expect, it } from 'vitest'
import { type Slot, clockOf, countChanges, isIn, orderOf, underHeads } from '../src/console/queue/order'
import { cluster } from '../src/console/map/cluster'
import { row } from './fixtures/cases'

const MIN_US = 60_000_000
const now = new Date(2026, 5, 11, 8, 12).getTime()
const due = (minutes: number) => now * 1000 + minutes * MIN_US

describe('the order', () => {
	it('goes by group and deadline; what has none comes last', () => {
		const rows = [
			row(1, {}),
			row(2, { due: due(600) }),
			row(3, { due: due(-42) }),
			row(4, { due: due(11) }),
			row(5, { due: due(-90) }),
			row(6, { due: due(60 * 30) }),
			row(7, { due: due(60), marks: ['suspended'] }),
		]
		expect(orderOf(rows, now)).toEqual([
			{ id: 5, group: 'overdue' },
			{ id: 3, group: 'overdue' },
			{ id: 4, group: 'soon' },
			{ id: 7, group: 'today' },
			{ id: 2, group: 'today' },
			{ id: 6, group: 'later' },
			{ id: 1, group: 'later' },
		])
	})

	it('a suspended case is never overdue: its review is what is due', () => {
		const suspended = row(1, { due: due(-5), marks: ['suspended'] })
		expect(clockOf(suspended, 'x')).toEqual({ stage: 'x', suspended: true, review: due(-5) / 1000 })
		expect(orderOf([suspended], now)[0]!.group).toBe('today')
	})

	it('is shown under heads that are not empty', () => {
		const slots: Slot[] = [
			{ id: 3, group: 'overdue' },
			{ id: 1, group: 'later' },
			{ id: 2, group: 'later' },
		]
		expect(underHeads(slots)).toEqual([
			{ group: 'overdue', ids: [3] },
			{ group: 'later', ids: [1, 2] },
		])
	})
})

describe('tabs', () => {
	it.each([
		[row(1, { state: 'checking' }), ['all', 'check']],
		[row(1, { due_clock: 'precheck' }), ['all', 'check']],
		[row(1, { state: 'closed' }), ['all', 'callback']],
		[row(1, { marks: ['suspended', 'supervised'] }), ['all', 'suspended']],
		[row(1, {}), ['all']],
	])('%o', (of, tabs) => {
		expect((['all', 'check', 'callback', 'suspended'] as const).filter((tab) => isIn(tab, of))).toEqual(tabs)
	})
})

describe('changes', () => {
	const slots = (text: string): Slot[] =>
		[...text].map((letter) => ({
			id: letter.toLowerCase().charCodeAt(0),
			group: letter === letter.toUpperCase() ? 'soon' : 'later',
		}))
	it.each([
		['abc', 'abc', 0],
		['abc', 'abcd', 1],
		['abc', 'ac', 1],
		['abc', 'cab', 1],
		['abcd', 'dcba', 3],
		['abc', 'Bac', 1],
		['abc', 'xyz', 6],
		['', 'ab', 2],
		['abcde', 'bcdea', 1],
	])('from %s to %s: %d', (from, to, count) => {
		expect(countChanges(slots(from), slots(to))).toBe(count)
	})
})

describe('marks of the map', () => {
	const mark = (id: number, x: number, y: number, kind: 'overdue' | 'soon' | 'in_time' = 'in_time') => ({
		id,
		x,
		y,
		kind,
		step: id,
	})

	it('nearer than 20 px become one, with the most urgent shape', () => {
		const found = cluster([mark(1, 0, 0), mark(2, 10, 0, 'overdue'), mark(3, 19, 0, 'soon'), mark(4, 31, 0)])
		expect(found.map((one) => [one.ids, one.kind, one.step, one.x])).toEqual([
			[[2, 3, 1], 'overdue', 2, 10],
			[[4], 'in_time', 4, 31],
		])
	})

	it('at 20 px and more they stay apart', () => {
		expect(cluster([mark(1, 0, 0), mark(2, 20, 0)])).toHaveLength(2)
		expect(cluster([mark(1, -1, -1), mark(2, -19, 5)])).toHaveLength(1)
	})

	it('agrees with comparing every pair, wherever they lie', () => {
		let seed = 7
		const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
		const marks = Array.from({ length: 300 }, (_, i) => mark(i, random() * 400 - 200, random() * 400 - 200))
		const naive: { x: number; y: number; n: number }[] = []
		for (const one of marks) {
			const near = naive
				.map((other) => ({ other, d: Math.hypot(other.x - one.x, other.y - one.y) }))
				.filter(({ d }) => d < 20)
				.sort((a, b) => a.d - b.d)[0]
			if (near) near.other.n++
			else naive.push({ x: one.x, y: one.y, n: 1 })
		}
		expect(cluster(marks).map(({ x, y, ids }) => ({ x, y, n: ids.length }))).toEqual(naive)
	})
})

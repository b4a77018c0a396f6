// One's own earlier report of the same, and what the office said last.
import { describe, expect, it } from 'vitest'
import type { HistoryStep } from '../src/shared/api/cases'
import { isSame, lastAnswer } from '../src/portal/report/earlier'
import { DRAIN } from './fixtures/cases'

const { at } = DRAIN
const north = (m: number) => ({ lat: at!.lat + Math.round((m / 111_320) * 1e7), lon: at!.lon })
const about = { category: '0204', at: north(50) }

describe('the same matter', () => {
	it('is of the category, at the place or within 60 m', () => {
		const { place: _, ...without } = DRAIN
		expect(isSame(about, without)).toBe(true)
		expect(isSame({ ...about, at: north(70) }, without)).toBe(false)
		expect(isSame({ ...about, category: '0102' }, without)).toBe(false)
		expect(isSame({ at: about.at }, without)).toBe(false)
		expect(isSame({ category: '0204' }, without)).toBe(false)
		expect(isSame({ category: '0204', place: { id: 9 } }, DRAIN)).toBe(true)
		expect(isSame({ category: '0204', place: { id: 10 }, at: at! }, DRAIN)).toBe(false)
	})
})

describe('the last answer', () => {
	const step = (n: number, more: Partial<HistoryStep>): HistoryStep => ({
		n,
		at: n,
		command: 'x',
		role: 'duty_officer',
		state: 'handling',
		step: 4,
		...more,
	})
	const said = { public: { zh: '已立案', en: 'opened' } }
	it('is the newest of the office that tells something', () => {
		const steps = [
			step(6, { ...said, role: 'timer' }),
			step(5, { ...said, mine: true }),
			step(4, { ...said, role: 'reporter' }),
			step(3, {}),
			step(2, said),
			step(1, said),
		]
		expect(lastAnswer(steps)?.n).toBe(2)
		expect(lastAnswer([step(7, { sealed: ['answer'] }), ...steps])?.n).toBe(7)
		expect(lastAnswer(steps.slice(0, 4))).toBeUndefined()
	})
})

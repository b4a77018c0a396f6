import { describe, expect, it } from 'vitest'
import { axisOf, passedStage, shareOf, unitBars, unitUsed } from '../src/shared/case/clocks'
import { stepStates } from '../src/shared/case/steps'

const H = 3_600_000
const now = 100 * H
const stages = [
	{ stage: '处置', due: now + 19 * H },
	{ stage: '到场', due: now - H },
]

describe('the unit’s clock', () => {
	it('is green until the passed stage, then red', () => {
		const unit = { from: now - 5 * H, stages }
		expect(passedStage(unit, now)?.stage).toBe('到场')
		expect(unitBars(unit, now)).toEqual([
			{ kind: 'run', from: now - 5 * H, to: now - H },
			{ kind: 'over', from: now - H, to: now },
		])
		expect(unitUsed(unit, now)).toBe(5 * H)
	})

	it('a stage that was reached is not passed, whenever it was due', () => {
		const unit = { from: now - 5 * H, stages: [{ stage: '到场', due: now - H, done: now - 2 * H }] }
		expect(passedStage(unit, now)).toBeUndefined()
		expect(unitBars(unit, now)).toEqual([{ kind: 'run', from: now - 5 * H, to: now }])
	})

	it('is broken where suspended, and does not count there', () => {
		const unit = {
			from: now - 10 * H,
			stages: [{ stage: '处置', due: now + H }],
			pauses: [{ from: now - 6 * H, to: now - 2 * H }, { from: now - H }],
		}
		expect(unitBars(unit, now).map((bar) => [bar.kind, (bar.to - bar.from) / H])).toEqual([
			['run', 4],
			['paused', 4],
			['run', 1],
			['paused', 1],
		])
		expect(unitUsed(unit, now)).toBe(5 * H)
	})

	it('ends when it was done', () => {
		const unit = { from: now - 5 * H, to: now - 4 * H, stages }
		expect(unitBars(unit, now)).toEqual([{ kind: 'run', from: now - 5 * H, to: now - 4 * H }])
	})

	it('has no bar before it began', () => {
		expect(unitBars({ from: now + H, stages: [] }, now)).toEqual([])
	})
})

describe('the axis', () => {
	it('begins at the report and ends at the last limit', () => {
		expect(axisOf({ from: now - 19 * H }, { from: now - 5 * H, stages }, now)).toEqual([
			now - 19 * H,
			now + 19 * H,
		])
	})

	it('does not let a far limit squeeze the past', () => {
		const far = { from: now - H, stages: [{ stage: '复原', due: now + 900 * H }] }
		expect(axisOf({ from: now - 48 * H }, far, now)).toEqual([now - 48 * H, now + 48 * H])
		expect(axisOf({ from: now }, far, now)).toEqual([now, now + 24 * H])
	})

	it('is shared out between 0 and 1', () => {
		expect([5, 10, 15, 20, 25].map((at) => shareOf(at, [10, 20]))).toEqual([0, 0, 0.5, 1, 1])
	})
})

it('steps before the present are done, those after are to come', () => {
	expect(stepStates(4)).toEqual([
		'done',
		'done',
		'done',
		'present',
		'to_come',
		'to_come',
		'to_come',
	])
	expect(new Set(stepStates(7, true))).toEqual(new Set(['done']))
})

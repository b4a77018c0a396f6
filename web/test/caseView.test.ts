import { describe, expect, it } from 'vitest'
import {
	actOf,
	actorOf,
	caseClock,
	decisionOn,
	dueClock,
	loopsOf,
	signOf,
	stepBefore,
	trackOf,
} from '../src/console/case/caseView'
import { reporterClock, unitClock } from '../src/shared/case/caseClocks'
import type { Case } from '../src/shared/api/cases'
import { FileWords } from '../src/shared/case/words'
import { DRAIN, DRAIN_HISTORY, NOW } from './fixtures/cases'
import { FILES } from './fixtures/files'

const words = new FileWords(FILES, 'zh-CN')
const type = words.type('resident-request', 20)
const setting = { words, type, locale: 'zh-CN', now: NOW }
const OWN = { escalate: '超时提级', hand_in: '反映' }
const { steps } = DRAIN_HISTORY
const stepOf = (n: number) => steps.find((step) => step.n === n)!

describe('the track', () => {
	it('gives the last moment of each step, and how far the present one is over', () => {
		expect(trackOf(DRAIN, steps, setting).map(({ state, time }) => `${state} ${time ?? ''}`.trim())).toEqual([
			'done 昨 13:05',
			'done 昨 13:21',
			'done 03:30',
			'present 超 42 分',
			'to_come',
			'to_come',
			'to_come',
		])
	})

	it('a case that ended is done up to where it came, and not beyond', () => {
		const ended = { ...DRAIN, state: 'ended', step: 7 }
		expect(new Set(trackOf(ended, steps, setting).map((step) => step.state))).toEqual(new Set(['done']))
		const early: Case = { ...DRAIN, state: 'ended', step: 2 }
		expect(trackOf(early, steps, setting).map((step) => step.state)).toEqual([
			'done',
			'done',
			'to_come',
			'to_come',
			'to_come',
			'to_come',
			'to_come',
		])
	})

	it('counts the ways back', () => {
		const say = (key: string, { n }: { n: number }) => `${key} ${n}`
		expect(loopsOf(DRAIN, say)).toEqual([{ from: 4, to: 3, label: 'loop.handBack 1' }])
		const again = { ...DRAIN, fields: [{ field: 'reworks', value: '2' }] }
		expect(loopsOf(again, say)).toEqual([{ from: 6, to: 4, label: 'loop.rework 2' }])
		expect(loopsOf({ ...DRAIN, fields: [] }, say)).toEqual([])
	})
})

describe('the clocks', () => {
	it('the one that sorts is the one that is due when the case is', () => {
		expect(dueClock(DRAIN)?.name).toBe('on_site')
		expect(caseClock(DRAIN, setting)).toEqual({ stage: '到场', due: new Date(2026, 5, 11, 7, 30).getTime() })
		const { due: _, ...without } = DRAIN
		expect(dueClock(without)?.name).toBe('on_site')
	})

	it('a suspended case shows its review', () => {
		const suspended = { ...DRAIN, marks: ['suspended'] }
		expect(caseClock(suspended, setting)).toMatchObject({ suspended: true, review: DRAIN.due! / 1000 })
	})

	it('the reporter’s runs from handing in, the unit’s from its last beginning, with the cause', () => {
		expect(reporterClock(DRAIN)).toEqual({ from: new Date(2026, 5, 10, 13, 5).getTime() })
		const closed = DRAIN.handed_in + 3_600_000_000
		expect(reporterClock({ ...DRAIN, clocks: [], closed }).to).toBe(closed / 1000)
		const unit = unitClock(DRAIN, steps, setting)!
		expect(unit.from).toBe(new Date(2026, 5, 11, 3, 30).getTime())
		expect(unit.stages.map((stage) => stage.stage)).toEqual(['到场', '处置'])
		expect(unit.restarts).toEqual([{ at: unit.from, cause: '同意退单并改派' }])
		expect(unitClock({ ...DRAIN, clocks: [] }, steps, setting)).toBeUndefined()
	})
})

describe('the record', () => {
	it('says who and what in the words of the files; a timer is nobody', () => {
		expect(actorOf(stepOf(1020), words, '到时自动')).toBe('供排水')
		expect(actorOf(stepOf(1100), words, '到时自动')).toBe('值班长')
		expect(actorOf(stepOf(1060), words, '到时自动')).toBe('到时自动')
		const act = (n: number) => actOf(stepOf(n), stepBefore(stepOf(n), steps), setting, OWN)
		expect(act(1100)).toBe('催办')
		expect(act(870)).toBe('反映')
	})

	it('names the unit where it changed, and the role that it went up to', () => {
		const act = (n: number, all = steps) => actOf(stepOf(n), stepBefore(stepOf(n), all), setting, OWN)
		expect([940, 1010, 1012, 1020, 1060, 1100].map((n) => act(n))).toEqual([
			'派遣 → 物业服务人',
			'退单',
			'同意退单并改派 → 供排水',
			'签收',
			'超时提级 → 值班长',
			'催办',
		])
		const { lead_unit: _, ...photo } = { ...stepOf(1020), n: 1015, command: 'attach' }
		expect(act(1020, [stepOf(1020), photo, stepOf(1012)])).toBe('签收')
	})

	it('marks what went up and what came back', () => {
		expect([1100, 1060, 1010].map((n) => signOf(stepOf(n)))).toEqual(['dot', 'up', 'back'])
	})

	it('a hand-back is decided by who leads when its state is left', () => {
		const back = stepOf(1010)
		const then = (n: number, more: object) => ({ ...back, n, command: 'rule', state: 'handling', ...more })
		expect(decisionOn(back, steps)).toBe('accepted')
		expect(decisionOn(back, [back])).toBe('open')
		expect(decisionOn(back, [then(1011, { command: 'remind', state: 'handed_back' }), back])).toBe('open')
		expect(decisionOn(back, [then(1012, {}), back])).toBe('refused')
		expect(decisionOn(back, [then(1012, { command: 'dispatch' }), back])).toBe('refused')
		expect(decisionOn(back, [then(1012, { lead_unit: 'WAT' }), back])).toBe('accepted')
		// A later dispatch to another unit is no word on it.
		const again = then(1030, { command: 'dispatch', state: 'dispatched', lead_unit: 'WAT' })
		expect(decisionOn(back, [again, then(1012, {}), back])).toBe('refused')
		expect(decisionOn(back, [then(1012, { command: 'withdraw', state: 'ended' }), back])).toBe('none')
	})
})

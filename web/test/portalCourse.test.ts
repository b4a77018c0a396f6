// Why it took so long, in lines: both clocks, pauses, moved dates, hand-backs, levels; also after the end.
import { describe, expect, it } from 'vitest'
import { courseOf } from '../src/portal/case/course'
import en from '../src/portal/i18n/en'
import zh from '../src/portal/i18n/zh-CN'
import type { Why } from '../src/shared/api/cases'
import { FileWords } from '../src/shared/case/words'
import { addWords, i18n } from '../src/shared/i18n'
import { NOW } from './fixtures/cases'
import { FILES } from './fixtures/files'

addWords({ 'zh-CN': zh, en })
const settingIn = (locale: 'zh-CN' | 'en') => {
	const words = new FileWords(FILES, locale)
	return {
		words,
		type: words.type('resident-request', 20),
		locale,
		now: NOW,
		say: (key: string, values: Record<string, string | number> = {}) => i18n.global.t(key, values, { locale }),
	}
}
const at = (text: string) => new Date(`2026-06-${text}+08:00`).getTime() * 1000
const WHY: Why = {
	answers: [],
	clocks: [
		{ of: 'reporter', name: 'reporter', runs: [{ from: at('09T09:00:00'), ended: at('10T18:30:00') }], pauses: [], dates: [] },
		{
			of: 'unit',
			name: 'done',
			runs: [
				{ unit: 'URB', from: at('09T09:00:00'), ended: at('09T12:00:00'), due: at('09T17:00:00'), limit: { unit: 'hour', amount: 8 } },
				{ unit: 'WAT', from: at('09T12:00:00'), ended: at('10T18:30:00'), due: at('10T17:00:00'), limit: { unit: 'working_day', amount: 1 } },
			],
			pauses: [{ state: 'handed_back', from: at('09T10:00:00'), to: at('09T12:00:00') }],
			dates: [{ command: 'extend', at: at('09T13:00:00'), first: at('09T20:00:00'), now: at('10T17:00:00') }],
		},
	],
	hand_backs: [
		{ entry: 5, at: at('09T10:00:00'), unit: 'URB', verdict: 'upheld', decided: at('09T12:00:00'), to: 'WAT' },
		{ entry: 6, at: at('09T14:00:00'), unit: 'WAT', verdict: 'refused' },
	],
	raised: [{ entry: 7, at: at('10T17:00:00'), clock: 'done', role: 'desk_lead', level: 1, limit: { unit: 'working_day', amount: 1 }, due: at('10T17:00:00'), over: 0 }],
}

describe('why it took so long', () => {
	it('has each clock with start, limit, end, what it used without its pauses, and how long over', () => {
		const setting = settingIn('zh-CN')
		const parts = courseOf(WHY, setting)
		expect(parts.map(({ of }) => of)).toEqual(['reporter', 'unit', 'hand_backs', 'raised'])
		expect(parts[0]!.lines).toEqual(['6 月 9 日 09:00 至 昨 18:30：33 时 30 分'])
		const [urb, wat] = [setting.words.unit('URB'), setting.words.unit('WAT')]
		expect(parts[1]!.lines).toEqual([
			`${urb}：6 月 9 日 09:00 至 6 月 9 日 12:00：1 时 00 分；时限 8 时，6 月 9 日 17:00 到期`,
			`${wat}：6 月 9 日 12:00 至 昨 18:30：30 时 30 分；时限 1 工作日，昨 17:00 到期；超 1 时 30 分`,
			`6 月 9 日 10:00 至 6 月 9 日 12:00 暂停：${setting.words.state('handed_back', setting.type)}`,
			'6 月 9 日 13:00 期限由 6 月 9 日 20:00 改为 昨 17:00',
		])
	})

	it('has what came of each hand-back, and each level', () => {
		const setting = settingIn('en')
		const [, , backs, raised] = courseOf(WHY, setting)
		const wat = setting.words.unit('WAT')
		expect(backs!.lines[0]).toMatch(new RegExp(`: handed back by .*; upheld, it went to ${wat}$`))
		expect(backs!.lines[1]).toMatch(/; not upheld, the unit keeps it$/)
		expect(raised!.lines[0]).toMatch(/\(limit 1 working day\) ran out at .*: one level up, to /)
	})

	it('counts what still runs until now, and a pause that goes on', () => {
		const run = { from: NOW * 1000 - 3 * 3_600_000_000, due: NOW * 1000 + 3_600_000_000 }
		const open: Why = {
			answers: [],
			clocks: [{ of: 'unit', name: 'done', runs: [run], pauses: [{ state: 'asking', from: NOW * 1000 - 3_600_000_000 }], dates: [] }],
		}
		const [part] = courseOf(open, settingIn('en'))
		expect(part!.lines[0]).toMatch(/^runs since .*: 2 h 00 min; until /)
		expect(part!.lines[0]).not.toContain('over')
		expect(part!.lines[1]).toMatch(/^stands still since /)
		expect(courseOf({ answers: [] }, settingIn('en'))).toEqual([])
	})
})

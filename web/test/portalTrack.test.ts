// A matter as its reporter reads it, made from the case, its history and the files in force.
import { describe, expect, it } from 'vitest'
import {
	actOf,
	actorOf,
	askedOf,
	holderOf,
	isFinal,
	otherCommands,
	raisedLines,
	signOf,
	reasonsOf,
	silenceOf,
	textsOf,
	trackKind,
	trackOf,
	waitingClock,
} from '../src/portal/case/track'
import { formFields, missingField, valuesOf } from '../src/portal/case/form'
import en from '../src/portal/i18n/en'
import zh from '../src/portal/i18n/zh-CN'
import type { Case, CaseCommand } from '../src/shared/api/cases'
import { FileWords } from '../src/shared/case/words'
import { addWords, i18n } from '../src/shared/i18n'
import { DRAIN, DRAIN_HISTORY, NOW } from './fixtures/cases'
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
const setting = settingIn('zh-CN')
const { steps } = DRAIN_HISTORY
const WATER = setting.words.unit('WAT')
const command = (name: string, fills: string[] = [], may_fill: string[] = []): CaseCommand => ({
	command: name,
	transition: name,
	role: 'reporter',
	words: { zh: name, en: name },
	fills,
	may_fill,
})
const MS = (text: string) => new Date(`2026-06-${text}+08:00`).getTime() * 1000
const clock = (name: string, due: string, more = {}) => ({ name, state: 'runs' as const, due: MS(due), ...more })
const CLOSED: Case = {
	...DRAIN,
	state: 'closed',
	step: 6,
	owner: 'duty_officer',
	due: MS('13T12:00:00'),
	clocks: [clock('calling_back', '13T12:00:00', { owner: 'duty_officer' }), clock('confirming', '21T12:00:00')],
	commands: [command('callback', ['callback_result']), command('not_solved', ['not_solved_text'], ['partly', 'photos']), command('follow')],
}

describe('the seven in plain words', () => {
	it('are done up to the present, which has the words of its state; the month is named once', () => {
		expect(trackOf(DRAIN, steps, setting).map(({ state, name, time }) => [state, name, time ?? ''])).toEqual([
			['done', '收到了', '6 月 10 日 13:05'],
			['done', '立案了', '10 日 13:21'],
			['done', `交给${WATER}，转过 1 次`, '11 日 03:30'],
			['present', '办理中', '11 日 03:35'],
			['to_come', '反馈结果', ''],
			['to_come', '核查，请您确认', ''],
			['to_come', '请您评价', ''],
		])
	})

	it('say the same in English', () => {
		const names = trackOf(DRAIN, steps, settingIn('en')).map(({ name }) => name)
		expect(names.slice(0, 2)).toEqual(['received', 'opened'])
		expect(names[2]).toMatch(/^given to .*, passed on × 1$/)
		expect(names[3]).toBe('being handled')
	})

	it('end with the outcome; what was not confirmed is never ticked, what was not reached is not done', () => {
		const ended = { ...DRAIN, state: 'ended', step: 7, outcome: 'confirmed' }
		expect(trackOf(ended, steps, setting).map(({ state }) => state)).toEqual(Array(7).fill('done'))
		expect(trackOf(ended, steps, setting)[6]!.name).toBe('办结并经诉求人确认')
		const silent = { ...ended, outcome: 'not_confirmed' }
		expect(trackOf(silent, steps, setting)[6]!.state).toBe('not_confirmed')
		const refused = { ...ended, step: 2, outcome: 'not_opened' }
		expect(trackOf(refused, steps, setting).map(({ state }) => state)).toEqual([
			...Array<string>(2).fill('done'),
			...Array<string>(5).fill('to_come'),
		])
		expect(isFinal(ended, setting.type)).toBe(true)
		expect(isFinal(DRAIN, setting.type)).toBe(false)
	})

	it('take the colour of time from the clock that is waited by', () => {
		expect(trackKind(DRAIN, setting)).toBe('overdue')
		expect(trackKind(CLOSED, setting)).toBe('in_time')
		expect(trackKind({ ...DRAIN, marks: ['suspended'] }, setting)).toBe('suspended')
	})
})

describe('who has it, until when, what if not', () => {
	it('is the unit while a unit must act', () => {
		expect(holderOf(DRAIN, setting)).toBe(WATER)
		expect(waitingClock(DRAIN)?.name).toBe('on_site')
		expect(silenceOf(DRAIN)).toBe('late')
	})

	it('is one level up once a limit ran out: to whom, which limit, how long over', () => {
		expect(raisedLines(DRAIN, setting)).toEqual([
			`超时提级到${setting.words.role('desk_lead')}：“${setting.words.stage('on_site', setting.type)}”（时限 4 时）已到期，超 42 分`,
		])
		expect(raisedLines(DRAIN, settingIn('en'))[0]).toMatch(/^one level up, to .*: “.*” \(limit: 4 h\) ran out, 42 min over$/)
		const [, on_site] = DRAIN.clocks
		const byDate = { ...on_site!, limit: undefined as never }
		delete (byDate as { limit?: unknown }).limit
		expect(raisedLines({ ...DRAIN, clocks: [byDate] }, setting)[0]).toContain('”已到期，超 42 分')
		expect(raisedLines({ ...DRAIN, clocks: [{ ...on_site!, state: 'stopped' }] }, setting)).toEqual([])
	})

	it('is one’s own answer once it is asked for, with the clock of that answer', () => {
		expect(askedOf(CLOSED)).toBe('confirm')
		expect(waitingClock(CLOSED)?.name).toBe('confirming')
		expect(holderOf(CLOSED, setting)).toBe(`${setting.words.role('duty_officer')}，等您回答`)
		const rating = { ...CLOSED, commands: [command('rate', ['answer_rate']), command('not_solved')] }
		expect(askedOf(rating)).toBe('rate')
		expect(askedOf({ commands: [command('reply')] })).toBe('reply')
		expect(askedOf({ commands: [command('object')] })).toBe('object')
		expect(askedOf({ commands: [command('message')] })).toBeUndefined()
	})

	it('lists only the commands that have no place of their own', () => {
		expect(otherCommands({ commands: [...CLOSED.commands, command('object'), command('message')] }).map((one) => one.command)).toEqual(['object'])
	})
})

describe('the record', () => {
	const of = (n: number) => steps.find((step) => step.n === n)!
	const before = (n: number) => steps[steps.indexOf(of(n)) + 1]

	it('names one’s own side, units with roles, and the timer; never a person', () => {
		const mine = { ...DRAIN, secret_holder: 'reporter' as const }
		expect(actorOf(of(870), mine, setting)).toBe('您')
		expect(actorOf(of(1020), mine, setting)).toBe(`${WATER}（${setting.words.role('unit_handler')}）`)
		expect(actorOf(of(1060), mine, setting)).toBe('计时')
	})

	it('says the unit where it changed, and public words before those of the desk', () => {
		expect(actOf(of(870), undefined, setting)).toBe('反映了这件事')
		expect(actOf(of(1012), before(1012), setting)).toBe(`同意退单并改派，交给${WATER}`)
		expect(actOf({ ...of(1020), lead_unit: 'WAT' }, of(1012), setting)).toBe('签收')
		expect(actOf(of(1060), before(1060), setting)).toBe(
			`“${setting.words.stage('on_site', setting.type)}”到期没有办好，提级到${setting.words.role('desk_lead')}`,
		)
		const bare = { ...of(1060), raised: [] }
		expect(actOf(bare, before(1060), setting)).toBe('到期没有办好，已交上级')
		expect(signOf(bare)).toBe('up')
		expect(actOf({ ...of(900), public: { zh: '已立案', en: 'opened' } }, undefined, setting)).toBe('已立案')
	})

	it('gives the reason of a step of the office in words, and nothing of what was handed in', () => {
		const refused = { ...of(900), fields: [{ field: 'hand_back_reason', value: 'not_ours' }, { field: 'hand_backs', value: '1' }] }
		expect(reasonsOf(refused, setting)).toEqual([{ name: '退单原因', value: '非本单位职责' }])
		expect(reasonsOf({ ...refused, command: 'hand_in' }, setting)).toEqual([])
	})

	it('opens what may be opened, and one’s own', () => {
		const sealed = steps.map((step) => (step.n === 870 ? { ...step, sealed: ['text', 'contact'] } : step))
		expect(textsOf(DRAIN, sealed)).toEqual([{ field: 'text', n: 870 }])
		const own = sealed.map((step) => ({ ...step, mine: step.n === 870 }))
		expect(textsOf(DRAIN, own)).toEqual([
			{ field: 'text', n: 870 },
			{ field: 'contact', n: 870 },
		])
	})
})

describe('the form of a command', () => {
	const asks = command('not_solved', ['message'], ['photos', 'reworks', 'unheard'])

	it('has the fields of the type in order, without those that the page says itself', () => {
		const fields = formFields(asks, setting.type, ['reworks'])
		expect(fields.map(({ field, required }) => [field.name, required])).toEqual([
			['message', true],
			['photos', false],
		])
		expect(missingField(fields, { message: '  ' })).toBe('message')
		expect(missingField(fields, { message: 'x' })).toBeUndefined()
	})

	it('sends what was written and what the page says, where the command takes it', () => {
		expect(valuesOf(asks, { message: ' x ', photos: '' }, { reworks: 'no', partly: 'yes' })).toEqual([
			{ field: 'message', value: 'x' },
			{ field: 'reworks', value: 'no' },
		])
	})
})

// A case as the person who reported it reads it: seven steps in plain words, who has it, until when, and what happens if
// not. Pure. What no table names is shown in the words of the files in force.

import type { Case, CaseClock, CaseCommand, HistoryStep, Limit } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'
import { STEP_NAMES, type TrackStep, stepStates } from '../../shared/case/steps'
import type { FileWords } from '../../shared/case/words'
import { type TimeKind, timeKind } from '../../shared/time/left'
import { momentList } from '../../shared/time/moment'
import { limit as limitWords, span } from '../../shared/time/span'

export type Say = (key: string, values?: Record<string, string | number>) => string

export interface Setting {
	words: FileWords
	type: CaseType | undefined
	locale: string
	now: number
	say: Say
}

const ms = (us: number) => us / 1000

export function fieldOf(of: Pick<Case, 'fields'>, name: string): string | undefined {
	return of.fields.find((field) => field.field === name)?.value
}

export function countOf(of: Pick<Case, 'fields'>, name: string): number {
	const count = Number(fieldOf(of, name) ?? 0)
	return Number.isSafeInteger(count) && count > 0 ? count : 0
}

export function isFinal(of: Pick<Case, 'state' | 'outcome'>, type: CaseType | undefined): boolean {
	return type?.states.find((state) => state.name === of.state)?.final ?? of.outcome !== undefined
}

/** When the case last came to each of its steps, by their numbers; a step that was passed over has the next one's time. */
export function reachedAt(history: readonly Pick<HistoryStep, 'n' | 'at' | 'step' | 'state'>[]): Map<number, number> {
	const last = new Map<number, number>()
	let before: { state: string } | undefined
	for (const step of [...history].sort((a, b) => a.n - b.n)) {
		if (step.state !== before?.state) last.set(step.step, ms(step.at))
		before = step
	}
	return last
}

function nameOf(step: number, state: TrackStep['state'], of: Case, setting: Setting): string {
	const { say, words, type } = setting
	const unit = of.unit ? words.unit(of.unit) : ''
	if (state === 'present' && step !== 7) return words.state(of.state, type)
	const form = state === 'done' ? 'done' : 'toCome'
	const named = (key: string) => say(`track.${form}.${key}`, { unit: unit || say('track.someUnit') })
	const name = named(STEP_NAMES[step - 1]!)
	const backs = countOf(of, 'hand_backs')
	return step === 3 && state === 'done' && backs > 0 ? say('track.handedOn', { name, n: backs }) : name
}

/** The seven with their moments, the month named where it changes. */
export function trackOf(of: Case, history: readonly HistoryStep[], setting: Setting): TrackStep[] {
	const final = isFinal(of, setting.type)
	const at = reachedAt(history)
	if (!at.has(1)) at.set(1, ms(of.handed_in))
	const states = stepStates(of.step, final).map((state, i): TrackStep['state'] => {
		if (i + 1 > of.step) return 'to_come'
		return i + 1 === 7 && of.outcome === 'not_confirmed' ? 'not_confirmed' : state
	})
	const shown = states.map((state, i) => (state === 'to_come' ? undefined : at.get(i + 1)))
	const dates = shown.filter((time): time is number => time !== undefined).map((time) => new Date(time))
	const times = momentList(dates, new Date(setting.now), setting.locale)
	return states.map((state, i) => {
		const name =
			final && i + 1 === of.step && of.outcome
				? setting.words.outcome(of.outcome, setting.type)
				: nameOf(i + 1, state, of, setting)
		return shown[i] === undefined ? { state, name } : { state, name, time: times.shift()! }
	})
}

/** Of what the reader is asked, the clock that runs for the answer. */
const ASKED_BY = { confirm: 'confirming', rate: 'rating', reply: 'asking', object: 'objecting' } as const

/** The clock that the reader waits by: that of one's own answer, else of whoever must act now. */
export function waitingClock(of: Case): CaseClock | undefined {
	const running = of.clocks.filter((clock) => clock.state === 'runs' && clock.due !== undefined)
	const asked = askedOf(of)
	return (
		running.find((clock) => asked !== undefined && clock.name === ASKED_BY[asked]) ??
		running.find((clock) => clock.due === of.due) ??
		running.filter((clock) => clock.owner === of.owner).sort((a, b) => a.due! - b.due!)[0] ??
		running.sort((a, b) => a.due! - b.due!)[0]
	)
}

export function trackKind(of: Case, setting: Setting): TimeKind {
	const due = waitingClock(of)?.due ?? of.due
	const suspended = of.marks.includes('suspended')
	return timeKind({ ...(due === undefined ? {} : { due: ms(due) }), suspended }, setting.now)
}

const UNITS = ['unit_handler', 'unit_lead', 'joint_handler']

/** Who has it: the unit where a unit must act, else the role. Never a person. */
export function holderOf(of: Case, setting: Setting): string {
	const { words, say } = setting
	if (isFinal(of, setting.type)) return say('standing.nobody')
	const who =
		of.unit && UNITS.includes(of.owner ?? '') ? words.unit(of.unit) : of.owner ? words.role(of.owner) : ''
	return askedOf(of) ? say('standing.waitsForYou', { who }) : who
}

const has = (of: Pick<Case, 'commands'>, command: string) => of.commands.some((one) => one.command === command)

/** What the reader is asked for. A rating goes before the word that it is not solved after all. */
export function askedOf(of: Pick<Case, 'commands'>): keyof typeof ASKED_BY | undefined {
	if (has(of, 'rate')) return 'rate'
	if (has(of, 'callback') || has(of, 'not_solved')) return 'confirm'
	if (has(of, 'reply')) return 'reply'
	return has(of, 'object') ? 'object' : undefined
}

/** What happens without an answer, or without the work; a key of the page's words. */
export function silenceOf(of: Case): keyof typeof ASKED_BY | 'late' | undefined {
	return askedOf(of) ?? (waitingClock(of) ? 'late' : undefined)
}

/** `5 工作日`; empty where the clock was given a date. */
export function limitOf(limit: Limit | undefined, locale: string): string {
	return limit ? limitWords(limit.amount, limit.unit, locale) : ''
}

/** Each running clock that went up: to whom, which limit ran out, how long over it is. */
export function raisedLines(of: Case, { words, type, locale, now, say }: Setting): string[] {
	return of.clocks
		.filter((clock) => clock.state !== 'stopped' && (clock.level ?? 0) > 0)
		.map((clock) => {
			const values = {
				role: clock.raised_to ? words.role(clock.raised_to) : '',
				clock: words.stage(clock.name, type),
				limit: limitOf(clock.limit, locale),
				over: clock.due === undefined ? '' : span(now - ms(clock.due), locale),
			}
			return say(values.limit ? 'standing.raisedBy' : 'standing.raisedByDate', values)
		})
}

/** A step in which the timer went up a level. */
const isRaise = (step: HistoryStep): boolean => step.role === 'timer' && step.command === 'escalate'

/** Who acted: one's own side, the unit, the role; a timer is the clock. */
export function actorOf(step: HistoryStep, of: Pick<Case, 'secret_holder'>, { words, say }: Setting): string {
	if (step.mine || (step.role !== '' && step.role === of.secret_holder)) return say('record.you')
	if (step.role === 'timer' || step.role === '') return say('record.timer')
	const role = words.role(step.role)
	return step.unit ? say('record.ofUnit', { unit: words.unit(step.unit), role }) : role
}

/** What was done: the public words where there are some, else those of the case type; and the unit, where `before`, the
 * step before it, had another. */
export function actOf(
	step: HistoryStep,
	before: Pick<HistoryStep, 'lead_unit'> | undefined,
	{ words, type, say }: Setting,
): string {
	if (step.command === 'hand_in') return say('record.handedIn')
	if (step.command === 'attach') {
		const field = step.fields?.find((one) => one.field === 'field')?.value
		return say('record.attached', { what: field ? words.fieldName(field, type) : '' })
	}
	if (isRaise(step)) {
		const lines = (step.raised ?? []).map(({ clock, role }) =>
			say('record.raisedBy', { clock: words.stage(clock, type), role: role ? words.role(role) : '' }),
		)
		return lines.length > 0 ? lines.join(say('record.and')) : say('record.raised')
	}
	const transition = words.transition(step.transition, type)
	const act = words.say(step.public ?? transition?.words, step.command || words.state(step.state, type))
	return step.lead_unit && step.lead_unit !== before?.lead_unit ? say('record.toUnit', { act, unit: words.unit(step.lead_unit) }) : act
}

/** What a step of the office gives as its reason, result or date, in words: the reader is told, not only that it was done. */
export function reasonsOf(step: HistoryStep, { words, type }: Setting): { name: string; value: string }[] {
	if (step.command === 'hand_in') return []
	return (step.fields ?? [])
		.filter(({ field }) => ['choice', 'date'].includes(words.field(field, type)?.kind ?? ''))
		.map(({ field, value }) => ({ name: words.fieldName(field, type), value: words.value(field, value, type) }))
}

export function signOf(step: HistoryStep): 'dot' | 'up' | 'back' {
	if (step.command === 'hand_back') return 'back'
	return step.late || isRaise(step) ? 'up' : 'dot'
}

export function textsOf(of: Case, history: readonly HistoryStep[]): { field: string; n: number }[] {
	const may = new Set(of.sealed.filter((one) => one.may_open).map((one) => one.field))
	return history.flatMap((step) =>
		(step.sealed ?? [])
			.filter((field) => may.has(field) || step.mine === true)
			.map((field) => ({ field, n: step.n })),
	)
}

/** Commands that the page has a place of its own for; `follow` is what the reader already does. */
const PLACED = ['callback', 'not_solved', 'rate', 'message', 'withdraw', 'follow']

export function otherCommands(of: Pick<Case, 'commands'>): CaseCommand[] {
	return of.commands.filter(({ command }) => !PLACED.includes(command))
}

export function commandOf(of: Pick<Case, 'commands'>, name: string): CaseCommand | undefined {
	return of.commands.find(({ command }) => command === name)
}

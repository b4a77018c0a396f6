// What the case page shows, made from the case, its history and the files in force. Pure.

import type { Case, CaseClock, HistoryStep } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'
import { type TrackLoop, type TrackStep, stepStates } from '../../shared/case/steps'
import type { FileWords } from '../../shared/case/words'
import { type StageClock, leftOver, timeKind } from '../../shared/time/left'
import { moment } from '../../shared/time/moment'

export interface Setting {
	words: FileWords
	type: CaseType | undefined
	locale: string
	now: number
}

const ms = (us: number) => us / 1000

export function fieldOf(of: Pick<Case, 'fields'>, name: string): string | undefined {
	return of.fields.find((field) => field.field === name)?.value
}

function countOf(of: Case, name: string): number {
	const count = Number(fieldOf(of, name) ?? 0)
	return Number.isSafeInteger(count) ? count : 0
}

/** The clock by which the case is sorted: the one that is due when the case is. */
export function dueClock(of: Case): CaseClock | undefined {
	const running = of.clocks.filter((clock) => clock.state === 'runs' && clock.due !== undefined)
	return running.find((clock) => clock.due === of.due) ?? running.sort((a, b) => a.due! - b.due!)[0]
}

export function caseClock(of: Case, { words, type }: Setting): StageClock {
	const clock = dueClock(of)
	const suspended = of.marks.includes('suspended')
	const due = clock?.due ?? of.due
	return {
		stage: clock ? words.stage(clock.name, type) : words.state(of.state, type),
		...(due === undefined ? {} : suspended ? { review: ms(due) } : { due: ms(due) }),
		...(suspended ? { suspended } : {}),
	}
}

/** When the case last came into a state of each of the seven. */
function reachedAt(history: readonly HistoryStep[]): Map<number, number> {
	const last = new Map<number, number>()
	let state: string | undefined
	for (const step of [...history].sort((a, b) => a.n - b.n)) {
		if (step.state !== state) last.set(step.step, ms(step.at))
		state = step.state
	}
	return last
}

export function trackOf(of: Case, history: readonly HistoryStep[], setting: Setting): TrackStep[] {
	const { words, type, locale, now } = setting
	const final = type?.states.find((state) => state.name === of.state)?.final ?? of.closed !== undefined
	const at = reachedAt(history)
	if (!at.has(1)) at.set(1, ms(of.handed_in))
	const clock = caseClock(of, setting)
	return stepStates(of.step, final).map((state, i) => {
		const reached = at.get(i + 1)
		// A refused or joined case ends early: what was not reached is not done.
		const passed = i + 1 <= of.step
		const shown = final && !passed ? 'to_come' : state
		if (shown === 'present' && timeKind(clock, now) !== 'suspended')
			return { state: shown, time: leftOver(clock, now, locale) }
		if (shown === 'present') return { state: shown, time: words.state(of.state, type) }
		if (shown === 'to_come' || reached === undefined) return { state: shown }
		return { state: shown, time: moment(new Date(reached), new Date(now), locale) }
	})
}

export function loopsOf(of: Case, say: (key: string, values: { n: number }) => string): TrackLoop[] {
	const loops: TrackLoop[] = []
	const backs = countOf(of, 'hand_backs')
	const reworks = countOf(of, 'reworks') + countOf(of, 'not_solved_times')
	if (backs > 0) loops.push({ from: 4, to: 3, label: say('loop.handBack', { n: backs }) })
	if (reworks > 0) loops.push({ from: 6, to: 4, label: say('loop.rework', { n: reworks }) })
	return loops
}

/** Who acted: their unit, else their role; a timer is nobody. */
export function actorOf(step: HistoryStep, words: FileWords, timer: string): string {
	if (step.role === 'timer' || step.role === '') return timer
	return step.unit ? words.unit(step.unit) : words.role(step.role)
}

/** Acts that no case type names, by their command. */
export function ownActs(t: (key: string) => string): Record<string, string> {
	return {
		escalate: t('caseBox.raised'),
		hand_in: t('caseBox.handedIn'),
		attach: t('caseBox.attached'),
		import: t('caseBox.imported'),
		correct_place: t('caseBox.placeCorrected'),
		follow: t('caseBox.followed'),
	}
}

/** The step that says who led before this one, for `actOf`: an attachment says nothing of it. `history` is the newest first. */
export function stepBefore(step: HistoryStep, history: readonly HistoryStep[]): HistoryStep | undefined {
	return history.find((other) => other.n < step.n && other.command !== 'attach')
}

/** Whom a step brought it to: the roles that it went up to, else the unit, where another led in `before`, the step before. */
function toOf(step: HistoryStep, before: HistoryStep | undefined, words: FileWords): string {
	const roles = new Set((step.raised ?? []).flatMap(({ role }) => (role ? [words.role(role)] : [])))
	if (roles.size > 0) return [...roles].join(' · ')
	return step.lead_unit && step.lead_unit !== before?.lead_unit ? words.unit(step.lead_unit) : ''
}

/** The act in the words of the case type: 派遣 → 供排水, 超时提级 → 值班长; what it has no words for is in `own`. */
export function actOf(
	step: HistoryStep,
	before: HistoryStep | undefined,
	{ words, type }: Pick<Setting, 'words' | 'type'>,
	own: Record<string, string>,
): string {
	const transition = words.transition(step.transition, type)
	const act = transition ? words.say(transition.words) : (own[step.command] ?? step.command)
	const to = toOf(step, before, words)
	return to ? `${act} → ${to}` : act
}

export function signOf(step: HistoryStep): 'dot' | 'up' | 'back' {
	if (step.command === 'hand_back') return 'back'
	return step.late || (step.role === 'timer' && step.command === 'escalate') ? 'up' : 'dot'
}

export type Decision = 'accepted' | 'refused' | 'open' | 'none'

/** What was decided on a hand-back, as the figures have it: by the step that leaves its state. Accepted where another unit
 * leads then; `none` where something else came of the case before. `history` is the newest first. */
export function decisionOn(step: HistoryStep, history: readonly HistoryStep[]): Decision {
	const later = history.filter((other) => other.n > step.n && other.command !== 'attach').sort((a, b) => a.n - b.n)
	const left = later.find((other) => other.state !== step.state)
	if (!left) return 'open'
	if (left.lead_unit && left.lead_unit !== step.lead_unit) return 'accepted'
	return left.command === 'rule' || left.command === 'dispatch' ? 'refused' : 'none'
}

/** The commands that have a place of their own on the page; the others are listed. */
export const SET_APART = ['remind', 'supervise', 'message'] as const

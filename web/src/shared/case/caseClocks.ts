// The two clocks of a case, from the case and its history. Pure.

import type { Case, HistoryStep } from '../api/cases'
import type { CaseType } from '../api/office'
import type { ReporterClock, UnitClock } from './clocks'
import type { FileWords } from './words'

const ms = (us: number) => us / 1000

/** Once a case has ended its clocks are gone: the reporter's then stops where it was closed. */
export function reporterClock(of: Case): ReporterClock {
	const clock = of.clocks.find((one) => one.name === 'reporter')
	const from = ms(of.handed_in)
	const to = clock ? clock.ended : of.closed
	return to === undefined ? { from } : { from, to: ms(to) }
}

/** The lead unit's clock: the clocks of whoever owns `done`, from when that one last began. */
export function unitClock(
	of: Case,
	history: readonly HistoryStep[],
	setting: { words: FileWords; type: CaseType | undefined },
): UnitClock | undefined {
	const { words, type } = setting
	const done = of.clocks.find((clock) => clock.name === 'done')
	if (done?.started === undefined) return undefined
	const own = of.clocks.filter(
		(clock) => clock.owner === done.owner && clock.due !== undefined && clock.name !== 'reporter',
	)
	const backs = history.some((step) => step.command === 'hand_back')
	const cause = history.find((step) => ms(step.at) === ms(done.started!))
	const transition = words.transition(cause?.transition, type)
	return {
		from: ms(done.started),
		...(done.ended === undefined ? {} : { to: ms(done.ended) }),
		stages: own.map((clock) => ({
			stage: words.stage(clock.name, type),
			due: ms(clock.due!),
			...(clock.ended === undefined ? {} : { done: ms(clock.ended) }),
		})),
		...(backs && transition ? { restarts: [{ at: ms(done.started), cause: words.say(transition.words) }] } : {}),
	}
}

// One's own earlier report of the same matter, found among the receipts of this phone, with the last answer to it: it is shown
// before the report goes out again. Asks the office only for what one's own receipts open; nothing lists matters by reporter.

import { type Case, type HistoryStep, caseHistory, getCase, openTexts } from '../../shared/api/cases'
import type { Point } from '../../shared/api/places'
import { CallFailed } from '../../shared/api/problem'
import { uuidv7 } from '../../shared/uuidv7'
import type { Matter } from '../matters'

/** As many of the newest are looked at. */
const LOOKED_AT_MAX = 10
const NEAR_M = 60
const M_OF_DEGREE_E7 = 111_320 / 10_000_000
/** The field of an answer in words. */
const ANSWER = 'answer'

export interface About {
	category?: string
	place?: { id: number }
	at?: Point
}

export interface Earlier {
	of: Case
	/** The newest step of the office that tells the reporter something; none yet where there is none. */
	step?: HistoryStep
	/** The answer in words, where there is one. */
	text?: string
}

function isNear(a: Point, b: Point): boolean {
	const north = (a.lat - b.lat) * M_OF_DEGREE_E7
	const east = (a.lon - b.lon) * M_OF_DEGREE_E7 * Math.cos((a.lat / 1e7) * (Math.PI / 180))
	return Math.hypot(north, east) <= NEAR_M
}

/** The same matter: its category, at its place or within 60 m. */
export function isSame(about: About, of: Pick<Case, 'category' | 'place' | 'at'>): boolean {
	if (!about.category || about.category !== of.category) return false
	if (about.place && of.place) return about.place.id === of.place.id
	return about.at !== undefined && of.at !== undefined && isNear(about.at, of.at)
}

/** What the office said last: by words or by a text; what the reporter and the clock did is none. */
export function lastAnswer(steps: readonly HistoryStep[]): HistoryStep | undefined {
	return steps.find(
		(step) => !step.mine && step.role !== 'reporter' && step.role !== 'timer' && (step.public || step.sealed?.includes(ANSWER)),
	)
}

async function textOf(id: number, step: HistoryStep, auth: string | undefined): Promise<string | undefined> {
	if (!step.sealed?.includes(ANSWER)) return undefined
	const { texts } = await openTexts(id, [{ field: ANSWER, n: step.n }], uuidv7(), undefined, auth)
	return texts.find((one) => !one.erased)?.text
}

/** The newest of one's own that is about the same, with its last answer. What cannot be asked now is not shown. */
export async function earlierOf(about: About, own: readonly Matter[]): Promise<Earlier | undefined> {
	if (!about.category || (!about.place && !about.at)) return undefined
	for (const { id, auth } of own.filter(({ role }) => role === 'reporter').slice(0, LOOKED_AT_MAX)) {
		try {
			const of = await getCase(id, auth)
			if (!isSame(about, of)) continue
			const { steps } = await caseHistory(id, undefined, auth)
			// The words of an answer come before the later steps that only pass it on.
			const step = steps.find((one) => one.sealed?.includes(ANSWER)) ?? lastAnswer(steps)
			const text = step && (await textOf(id, step, auth))
			return { of, ...(step ? { step } : {}), ...(text ? { text } : {}) }
		} catch (error) {
			if (!(error instanceof CallFailed)) throw error
		}
	}
	return undefined
}

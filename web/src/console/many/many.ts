// An act for many cases: which fields it wants of whom, how many it would reach, what it came to. Pure.

import type { CaseCommand, CaseRow, HistoryStep, ManyDone } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'
import { uuidv7 } from '../../shared/uuidv7'

export const MOTHER_ANSWER = 'mother_answer'
export const HOLD = 'hold'
/** An emergency order reaches the priorities from this one on. */
const USUAL = 3
/** So many ties of a case are told at most: a mother may have more children than that. */
export const TIES_MAX = 100

type Transition = CaseType['transitions'][number]

const waysOf = (types: readonly CaseType[], command: string, role: string | undefined): Transition[] =>
	types
		.flatMap((type) => type.transitions)
		.filter((way) => way.command === command && role !== undefined && (way.by ?? []).includes(role))

/** The command as a form has it, with all that its ways want; undefined where the role has none of them. */
export function commandForMany(
	types: readonly CaseType[],
	command: string,
	role: string | undefined,
): CaseCommand | undefined {
	const ways = waysOf(types, command, role)
	const first = ways[0]
	if (!first || role === undefined) return undefined
	const fills = [...new Set(ways.flatMap((way) => way.fills))]
	const may_fill = [...new Set(ways.flatMap((way) => way.may_fill))].filter((name) => !fills.includes(name))
	return { command, transition: first.name, role, words: first.words, fills, may_fill }
}

/** Of the open cases those that an emergency order looks at, and those that it would hold as they stand. */
export function countToHold(
	rows: Iterable<CaseRow>,
	typeOf: (row: CaseRow) => CaseType | undefined,
	role: string | undefined,
): { looked: number; held: number } {
	const sum = { looked: 0, held: 0 }
	for (const row of rows) {
		if ((row.priority ?? 0) < USUAL) continue
		sum.looked++
		const type = typeOf(row)
		const ways = type ? waysOf([type], HOLD, role) : []
		if (ways.some((way) => (way.from ?? []).includes(row.state))) sum.held++
	}
	return sum
}

/** When the act was written: with it all that it moved. */
function momentOf(act: Pick<ManyDone, 'entry'>): number | undefined {
	const { at } = JSON.parse(act.entry) as { at?: unknown }
	return typeof at === 'number' ? at : undefined
}

/** Has the act moved the case of these newest steps? What it moved stands before it, of the same moment. */
export function wasReached(
	steps: readonly Pick<HistoryStep, 'n' | 'at' | 'command'>[],
	act: Pick<ManyDone, 'n' | 'entry'>,
): boolean {
	const at = momentOf(act)
	return steps.some((step) => step.command === MOTHER_ANSWER && step.n < act.n && step.at === at)
}

/** The id of a request: the same for the same words until it is answered. */
export class SameRequest {
	private sent: { id: string; body: string } | undefined

	idOf(body: string): string {
		if (this.sent?.body !== body) this.sent = { id: uuidv7(), body }
		return this.sent.id
	}

	answered(): void {
		this.sent = undefined
	}
}

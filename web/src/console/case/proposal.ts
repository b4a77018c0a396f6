// The category that is proposed for a case that has none yet: from the call that was just taken here, or from its words once
// they were opened. Nothing is opened for it. What a call came to is kept by the number of its case, without the words, and
// goes with whoever is signed in.

import { type Case, proposeCase } from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { words } from '../../shared/officeState'
import { opened, textKey } from './caseState'

const WORDS_FIELD = 'text'
const CALLS_MAX = 100

/** A category, or that nothing is sure. */
export interface Proposed {
	category?: string
}

const calls = new Map<number, Proposed>()

export function keepProposal(id: number, proposed: Proposed): void {
	const [oldest] = calls.keys()
	if (calls.size >= CALLS_MAX && oldest !== undefined) calls.delete(oldest)
	calls.set(id, proposed)
}

export const forgetProposals = (): void => calls.clear()

/** What was reported, as far as it is open: the newest. */
export function openWords(of: Case): string | undefined {
	const all = of.sealed.filter(({ field }) => field === WORDS_FIELD).sort((a, b) => b.n - a.n)
	const found = all.map((one) => opened.texts.get(textKey(one))).find((one) => one && !one.erased)
	return found?.text.trim() || undefined
}

/** Nothing where nothing is known: no call, no open words, no answer. A category of another type is none for this case. */
export async function proposedFor(of: Case): Promise<Proposed | undefined> {
	const text = openWords(of)
	let proposed = calls.get(of.id)
	if (text)
		try {
			const { category } = await proposeCase({ text })
			proposed = category ? { category } : {}
		} catch (error) {
			if (!(error instanceof CallFailed)) throw error
		}
	const type = proposed?.category && words.value?.categoryOf(proposed.category)?.type
	return type && type !== of.type ? {} : proposed
}

// The open case: the case itself, its history, the texts that were opened, and why it came out so. Reactive; one instance.
// Opened texts stay in memory as long as the case is open, and no longer.

import { reactive } from 'vue'
import {
	type Case,
	type HistoryStep,
	type LookList,
	type OpenText,
	caseHistory,
	caseLooks,
	caseWhy,
	getCase,
	openTexts,
} from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { uuidv7 } from '../../shared/uuidv7'

interface Why {
	lines: string[]
	failed?: CallFailed
}

const HISTORY_MAX = 500

export const opened = reactive({
	id: undefined as number | undefined,
	case: undefined as Case | undefined,
	steps: [] as HistoryStep[],
	next: undefined as number | undefined,
	failed: undefined as CallFailed | undefined,
	historyFailed: undefined as CallFailed | undefined,
	/** By `field n`. */
	texts: new Map<string, { text: string; erased: boolean }>(),
	textsFailed: undefined as CallFailed | undefined,
	/** By entry; 0 is that of the lead unit. */
	whys: new Map<number, Why>(),
	looks: undefined as LookList['looks'] | undefined,
	looksFailed: undefined as CallFailed | undefined,
})

export const textKey = ({ field, n }: { field: string; n: number }) => `${field} ${n}`

function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error
	throw error
}

function clear(id: number | undefined): void {
	opened.id = id
	opened.case = opened.next = undefined
	opened.failed = opened.historyFailed = opened.textsFailed = opened.looksFailed = undefined
	opened.looks = undefined
	opened.steps = []
	opened.texts.clear()
	opened.whys.clear()
}

async function readHistory(id: number): Promise<void> {
	try {
		const history = await caseHistory(id)
		if (opened.id !== id) return
		opened.steps = history.steps
		opened.next = history.next
		opened.historyFailed = undefined
	} catch (error) {
		if (opened.id === id) opened.historyFailed = failureOf(error)
	}
}

/** Reads the case again; what was opened of it stays. */
export async function readCase(): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	try {
		const [one] = await Promise.all([getCase(id), readHistory(id)])
		if (opened.id !== id) return
		opened.case = one
		opened.failed = undefined
	} catch (error) {
		if (opened.id === id) opened.failed = failureOf(error)
	}
}

export async function showCase(id: number | undefined): Promise<void> {
	if (opened.id === id) return
	clear(id)
	await readCase()
}

export async function olderSteps(): Promise<void> {
	const { id, next } = opened
	if (id === undefined || next === undefined) return
	try {
		const history = await caseHistory(id, next)
		if (opened.id !== id) return
		opened.steps = [...opened.steps, ...history.steps].slice(0, HISTORY_MAX)
		opened.next = opened.steps.length < HISTORY_MAX ? history.next : undefined
	} catch (error) {
		opened.historyFailed = failureOf(error)
	}
}

/** Why the lead unit has it (entry 0), or why a step came out as it did. */
export async function readWhy(entry: number): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	let why: Why
	try {
		const { answers } = await caseWhy(id, entry === 0 ? undefined : entry)
		why = { lines: answers.flatMap((answer) => answer.lines) }
	} catch (error) {
		why = { lines: [], failed: failureOf(error) }
	}
	if (opened.id === id) opened.whys.set(entry, why)
}

/** One look on the record for all that are named. */
export async function openSealed(texts: readonly OpenText[], purpose: string | undefined): Promise<void> {
	const { id } = opened
	if (id === undefined || texts.length === 0) return
	opened.textsFailed = undefined
	try {
		const answer = await openTexts(id, texts, uuidv7(), purpose)
		if (opened.id !== id) return
		for (const one of answer.texts)
			opened.texts.set(textKey(one), { text: one.text, erased: one.erased === true })
		opened.looks = undefined
	} catch (error) {
		if (opened.id === id) opened.textsFailed = failureOf(error)
	}
}

export async function readLooks(): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	try {
		const { looks } = await caseLooks(id)
		if (opened.id === id) opened.looks = looks
		opened.looksFailed = undefined
	} catch (error) {
		if (opened.id === id) opened.looksFailed = failureOf(error)
	}
}

// The matter that is open: the case as its reporter or follower may see it, its steps, and the texts. One's own texts open
// by themselves, for reading them is no look. Read again every 20 s and when the page is looked at; nothing moves unless
// something has changed.

import { reactive } from 'vue'
import {
	type Case,
	type Command,
	type Done,
	type HistoryStep,
	type LookList,
	type Why,
	attach,
	caseHistory,
	caseLooks,
	caseWhy,
	doCommand,
	getCase,
	openAttachment,
	openTexts,
} from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { uuidv7 } from '../../shared/uuidv7'
import { matterOf } from '../matters'
import { dataUrl } from '../report/photo'
import { textsOf } from './track'

const READ_MS = 20_000
const HISTORY_MAX = 400
const TEXTS_MAX = 32

export const opened = reactive({
	id: undefined as number | undefined,
	case: undefined as Case | undefined,
	steps: [] as HistoryStep[],
	next: undefined as number | undefined,
	failed: undefined as CallFailed | undefined,
	/** What is shown is older than now, for no answer came. */
	stale: false,
	/** By `field n`. */
	texts: new Map<string, string | undefined>(),
	textsFailed: undefined as CallFailed | undefined,
	/** By entry: a picture as a data URL. */
	pictures: new Map<number, string>(),
	picturesFailed: undefined as CallFailed | undefined,
	why: undefined as Why | undefined,
	whyFailed: undefined as CallFailed | undefined,
	looks: undefined as LookList['looks'] | undefined,
	looksFailed: undefined as CallFailed | undefined,
})

export const textKey = ({ field, n }: { field: string; n: number }) => `${field} ${n}`
const auth = () => matterOf(opened.id)?.auth

function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error
	throw error
}

function clear(id: number | undefined): void {
	opened.id = id
	opened.case = opened.next = opened.why = opened.looks = undefined
	opened.failed = opened.textsFailed = opened.picturesFailed = undefined
	opened.whyFailed = opened.looksFailed = undefined
	opened.stale = false
	opened.steps = []
	opened.texts.clear()
	opened.pictures.clear()
}

async function readTexts(id: number): Promise<void> {
	if (!opened.case) return
	const all = textsOf(opened.case, opened.steps).filter((one) => !opened.texts.has(textKey(one)))
	for (let i = 0; i < all.length; i += TEXTS_MAX) {
		try {
			const { texts } = await openTexts(id, all.slice(i, i + TEXTS_MAX), uuidv7(), undefined, auth())
			if (opened.id !== id) return
			for (const one of texts) opened.texts.set(textKey(one), one.erased ? undefined : one.text)
			opened.textsFailed = undefined
		} catch (error) {
			if (opened.id === id) opened.textsFailed = failureOf(error)
			return
		}
	}
}

/** Reads the case; where it has changed, its steps and texts. */
export async function readCase(): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	try {
		const one = await getCase(id, auth())
		if (opened.id !== id) return
		const isNew = opened.case?.n !== one.n
		if (isNew) {
			const history = await caseHistory(id, undefined, auth())
			if (opened.id !== id) return
			opened.steps = history.steps
			opened.next = history.next
			opened.why = undefined
		}
		opened.case = one
		opened.failed = undefined
		opened.stale = false
		if (isNew) await readTexts(id)
	} catch (error) {
		if (opened.id !== id) return
		const failed = failureOf(error)
		if (opened.case && failed.status === 0) opened.stale = true
		else opened.failed = failed
	}
}

export async function showCase(id: number | undefined): Promise<void> {
	if (opened.id !== id) clear(id)
	await readCase()
}

export async function olderSteps(): Promise<void> {
	const { id, next } = opened
	if (id === undefined || next === undefined) return
	try {
		const history = await caseHistory(id, next, auth())
		if (opened.id !== id) return
		opened.steps = [...opened.steps, ...history.steps].slice(0, HISTORY_MAX)
		opened.next = opened.steps.length < HISTORY_MAX ? history.next : undefined
		await readTexts(id)
	} catch (error) {
		opened.textsFailed = failureOf(error)
	}
}

export async function readWhy(): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	try {
		const why = await caseWhy(id, undefined, auth())
		if (opened.id !== id) return
		opened.why = why
		opened.whyFailed = undefined
	} catch (error) {
		opened.whyFailed = failureOf(error)
	}
}

export async function readLooks(): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	try {
		const { looks } = await caseLooks(id, auth())
		if (opened.id !== id) return
		opened.looks = looks
		opened.looksFailed = undefined
	} catch (error) {
		opened.looksFailed = failureOf(error)
	}
}

export async function openPicture(n: number): Promise<void> {
	const { id } = opened
	if (id === undefined) return
	try {
		const url = await dataUrl(await openAttachment(id, n, uuidv7(), undefined, auth()))
		if (opened.id !== id) return
		opened.pictures.set(n, url)
		opened.picturesFailed = undefined
	} catch (error) {
		opened.picturesFailed = failureOf(error)
	}
}

async function act(command: Command, requestId: string): Promise<Done> {
	const role = opened.case?.secret_holder
	const by = !auth() && role ? { role } : {}
	const done = await doCommand(opened.id!, { ...command, ...by }, requestId, auth())
	await readCase()
	return done
}

/** One step by the reader, sent once: after no answer, the same command goes again with the id and the sight it had. What
 * was refused is another command at the next try. Throws CallFailed. */
export function stepOnce(): (command: Command) => Promise<Done> {
	let tried: { key: string; command: Command; requestId: string } | undefined
	return async (command) => {
		const key = JSON.stringify([opened.id, command])
		if (tried?.key !== key) {
			const seen = opened.case ? { seen: opened.case.n } : {}
			tried = { key, command: { ...command, ...seen }, requestId: uuidv7() }
		}
		try {
			const done = await act(tried.command, tried.requestId)
			tried = undefined
			return done
		} catch (error) {
			const failed = failureOf(error)
			if (!failed.retryable) tried = undefined
			if (failed.status === 409) await readCase() // somebody else's step came first: it is shown
			throw failed
		}
	}
}

/** The entry of an attached picture. Throws CallFailed. */
export async function attachTo(field: string, file: Blob, requestId: string): Promise<number> {
	const done = await attach(opened.id!, field, file, requestId, auth())
	await readCase()
	return done.n
}

/** Reads again while the page is in view; returns how to stop. */
export function followCase(): () => void {
	const ask = () => {
		if (document.visibilityState === 'visible') void readCase()
	}
	const timer = setInterval(ask, READ_MS)
	addEventListener('focus', ask)
	addEventListener('online', ask)
	document.addEventListener('visibilitychange', ask)
	return () => {
		clearInterval(timer)
		removeEventListener('focus', ask)
		removeEventListener('online', ask)
		document.removeEventListener('visibilitychange', ask)
	}
}

// What the whole page knows: its receipts, the one that is open, and the record as last seen. Reactive; one instance.
// The record is asked for its state every POLL_MS while the page is in view; rows change only when the reader asks.

import { computed, reactive, shallowRef } from 'vue'
import { type Line, type Status, type Written, getStatus, listLines, logKey, proveEntry } from '../shared/api/client'
import { CallFailed } from '../shared/api/problem'
import { hereChecker } from '../shared/proof/crypto'
import { keep, kept } from '../shared/keep'
import { type Held, RECEIPTS_MAX, keepReceipts, keptReceipts, receiptOf } from '../shared/proof/held'
import type { Receipt } from '../shared/proof/receipt'

const POLL_MS = 10_000
const LINES_MAX = 500

export const checker = hereChecker()

export interface Opened {
	/** New at each opening. */
	id: number
	held?: Held
	/** From a file; a held one makes its own. */
	receipt?: Receipt
}

export const page = reactive({
	held: keptReceipts(),
	opened: undefined as Opened | undefined,
	status: undefined as Status | undefined,
	/** When the status was last read. */
	seenAt: undefined as Date | undefined,
	answers: true,
	lines: undefined as Line[] | undefined,
	next: undefined as number | undefined,
	linesFailed: undefined as CallFailed | undefined,
	/** Entries at the time the list was read. */
	linesAsOf: 0,
	keyKept: kept('key'),
	keyNow: undefined as string | undefined,
	/** False once this browser had no room for a receipt. */
	hasRoom: true,
	/** A line stands here that was not sent. */
	unsent: false,
})

export const clock = shallowRef(new Date())
export const changedEntries = computed(() => Math.max(0, (page.status?.entries ?? 0) - page.linesAsOf))

let openings = 0

function save(): void {
	page.hasRoom = keepReceipts(page.held)
}

function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error
	throw error
}

export async function refreshStatus(): Promise<void> {
	clock.value = new Date()
	try {
		page.status = await getStatus()
		page.seenAt = new Date()
		page.answers = true
		if (!page.keyNow) await readKey()
	} catch (error) {
		page.answers = failureOf(error).status !== 0
	}
}

async function readKey(): Promise<void> {
	page.keyNow = await logKey()
	if (!page.keyKept) rememberKey()
}

/** From now on receipts are compared with the key that the office shows today. */
export function rememberKey(): void {
	page.keyKept = page.keyNow
	keep('key', page.keyNow)
}

export async function refreshLines(): Promise<void> {
	try {
		await refreshStatus()
		const asOf = page.status?.entries ?? 0
		const { lines, next } = await listLines()
		page.lines = lines
		page.next = next
		page.linesAsOf = asOf
		page.linesFailed = undefined
	} catch (error) {
		page.linesFailed = failureOf(error)
	}
}

export async function olderLines(): Promise<void> {
	if (page.next === undefined || !page.lines) return
	try {
		const { lines, next } = await listLines(page.next)
		page.lines = [...page.lines, ...lines].slice(0, LINES_MAX)
		page.next = page.lines.length < LINES_MAX ? next : undefined
	} catch (error) {
		page.linesFailed = failureOf(error)
	}
}

/** A line was written: hold it and open it; its proof is fetched there. */
export function holdWritten(written: Written): void {
	page.held.unshift({ written })
	page.held.length = Math.min(page.held.length, RECEIPTS_MAX)
	save()
	openHeld(page.held[0]!)
}

/** Throws CallFailed where the proof does not come. */
export async function completeHeld(held: Held): Promise<void> {
	held.proof = await proveEntry(held.written.n)
	save()
}

export function markErased(r: Receipt): void {
	for (const held of page.held) {
		if (held.written.n === r.n && held.written.entry === r.entry) held.erased = true
	}
	save()
}

export function forget(held: Held | undefined): void {
	page.held = held ? page.held.filter((other) => other !== held) : []
	if (!held || page.opened?.held === held) page.opened = undefined
	save()
}

export function openHeld(held: Held): void {
	page.opened = { id: ++openings, held }
}

/** `#/receipt/184203`: a receipt that this browser keeps, asked for by another page. */
export function openAsked(hash: string): void {
	const n = Number(/^#\/receipt\/([1-9][0-9]{0,15})$/.exec(hash)?.[1])
	const held = page.held.find((one) => one.written.n === n)
	if (held) openHeld(held)
}

export function openFile(receipt: Receipt): void {
	page.opened = { id: ++openings, receipt }
}

export function openedReceipt(opened: Opened): Receipt | undefined {
	return opened.receipt ?? (opened.held && receiptOf(opened.held))
}

/** Ask for the record's state now and from time to time; returns how to stop. */
export function startPolling(): () => void {
	const ask = () => {
		if (document.visibilityState === 'visible') void refreshStatus()
	}
	const timer = setInterval(ask, POLL_MS)
	const events = ['online', 'offline', 'visibilitychange'] as const
	for (const name of events) (name === 'visibilitychange' ? document : window).addEventListener(name, ask)
	return () => {
		clearInterval(timer)
		for (const name of events)
			(name === 'visibilitychange' ? document : window).removeEventListener(name, ask)
	}
}

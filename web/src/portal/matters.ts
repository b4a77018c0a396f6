// The matters whose receipts this phone keeps: number, what lets the holder act, and one's own first words to know it by.
// The receipt without its secret also stands among those of the record's page, which checks it.

import { reactive } from 'vue'
import { proveEntry } from '../shared/api/client'
import { keep, keptJson } from '../shared/keep'
import { isObject } from '../shared/proof/entry'
import { type Held, RECEIPTS_MAX, keepReceipts, keptReceipts } from '../shared/proof/held'

export interface Matter {
	id: number
	number: string
	/** After `Authorization: Case`; missing where an account acts. */
	auth?: string
	role: 'reporter' | 'follower'
	/** The entry of the receipt, where this phone has it. */
	n?: number
	/** The first words, by which the holder knows it. */
	title?: string
	/** Milliseconds. */
	at: number
}

export const MATTERS_MAX = 200
const TITLE_MAX = 40

export function isMatter(value: unknown): value is Matter {
	if (!isObject(value)) return false
	const { id, number, auth, role, n, title, at } = value
	return (
		Number.isSafeInteger(id) &&
		(id as number) > 0 &&
		typeof number === 'string' &&
		(auth === undefined || typeof auth === 'string') &&
		(role === 'reporter' || role === 'follower') &&
		(n === undefined || Number.isSafeInteger(n)) &&
		(title === undefined || typeof title === 'string') &&
		typeof at === 'number'
	)
}

export function readMatters(value: unknown): Matter[] {
	return Array.isArray(value) ? value.filter(isMatter).slice(0, MATTERS_MAX) : []
}

/** The newest first, one a case; what is known of it already and not said again stays. */
export function withMatter(all: readonly Matter[], matter: Matter): Matter[] {
	const before = all.find((other) => other.id === matter.id)
	return [{ ...before, ...matter }, ...all.filter((other) => other.id !== matter.id)].slice(0, MATTERS_MAX)
}

export function titleOf(text: string): string {
	const line = text.trim().split(/\n/, 1)[0] ?? ''
	const letters = Array.from(line)
	return letters.length > TITLE_MAX ? `${letters.slice(0, TITLE_MAX).join('')}…` : line
}

export const matters = reactive({ all: readMatters(keptJson('matters')), hasRoom: true })

function save(): void {
	matters.hasRoom = keep('matters', matters.all.length > 0 ? JSON.stringify(matters.all) : undefined)
}

export function keepMatter(matter: Matter): void {
	matters.all = withMatter(matters.all, matter)
	save()
}

export function matterOf(id: number | undefined): Matter | undefined {
	return matters.all.find((matter) => matter.id === id)
}

/** The receipt goes with it. */
export function forgetMatter(id: number): void {
	const n = matterOf(id)?.n
	matters.all = matters.all.filter((matter) => matter.id !== id)
	save()
	if (n !== undefined) keepReceipts(keptReceipts().filter((held) => held.written.n !== n))
}

/** An entry of one's own, with its salt, as it was answered. */
export function holdEntry(written: { n: number; entry: string; salt: string }): void {
	const { n, entry, salt } = written
	const others = keptReceipts().filter((held) => held.written.n !== n)
	keepReceipts([{ written: { n, entry, salt } }, ...others].slice(0, RECEIPTS_MAX))
}

export function heldEntry(n: number | undefined): Held | undefined {
	return n === undefined ? undefined : keptReceipts().find((held) => held.written.n === n)
}

/** The held entry with its proof, which is asked for where it is not there yet. Throws CallFailed. */
export async function completeEntry(n: number): Promise<Held | undefined> {
	const all = keptReceipts()
	const held = all.find((one) => one.written.n === n)
	if (!held || held.proof) return held
	held.proof = await proveEntry(n)
	keepReceipts(all)
	return held
}

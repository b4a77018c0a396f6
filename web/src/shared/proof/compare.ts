// How a receipt stands to the record as it is now. Asks the office: can it still read the text, what is its newest
// checkpoint; then checks by itself that the receipt's tree is the beginning of the present one, from public tiles.

import { openLine, proveEntry, readTile } from '../api/client'
import { CallFailed } from '../api/problem'
import type { Checker } from './crypto'
import { checkNote, parseCheckpoint, parseVerifierKey } from './note'
import { type Receipt, checkReceipt } from './receipt'
import { isPrefix } from './tree'

export interface Finding {
	/** A key of the messages `finding.*`. */
	name: string
	state: 'passed' | 'failed' | 'unknown'
	values?: Record<string, string | number>
}

async function findOpen(r: Receipt, erased: boolean): Promise<Finding> {
	if (!r.secret) return { name: 'no-secret', state: 'unknown' }
	try {
		await openLine(r.n, r.secret)
		return { name: 'readable', state: erased ? 'failed' : 'passed' }
	} catch (error) {
		if (error instanceof CallFailed && error.status === 410)
			return { name: 'unreadable', state: 'passed' }
		if (error instanceof CallFailed && error.status === 0) throw error
		return {
			name: 'open-refused',
			state: 'unknown',
			values: { status: error instanceof CallFailed ? error.status : 0 },
		}
	}
}

async function findReceipt(r: Receipt, c: Checker): Promise<Finding> {
	return (await checkReceipt(r, c)).ok
		? { name: 'receipt-holds', state: 'passed' }
		: { name: 'receipt-fails', state: 'failed' }
}

/** The newest checkpoint comes with the proof of entry `upTo`, so that it covers at least that. */
async function findTree(r: Receipt, upTo: number, c: Checker): Promise<Finding> {
	const old = parseCheckpoint(r.checkpoint)
	const { checkpoint: note } = await proveEntry(upTo)
	const now = parseCheckpoint(note)
	const key = await parseVerifierKey(r.key, c)
	if (!old || !now || !key) return { name: 'tree-unread', state: 'failed' }
	if (now.origin !== old.origin)
		return { name: 'other-origin', state: 'unknown', values: { origin: now.origin } }
	if ((await checkNote(note, key, c)) !== 'signed') return { name: 'new-unsigned', state: 'failed' }
	const sizes = { old: old.size, now: now.size }
	if (now.size < old.size) return { name: 'tree-shrunk', state: 'failed', values: sizes }
	try {
		const holds = await isPrefix(old.size, old.root, now.size, now.root, readTile, c)
		return {
			name: holds ? 'tree-holds' : 'tree-changed',
			state: holds ? 'passed' : 'failed',
			values: sizes,
		}
	} catch (error) {
		if (error instanceof CallFailed && error.status === 0) throw error
		return { name: 'tiles-missing', state: 'unknown', values: sizes }
	}
}

/** Throws CallFailed where the office does not answer. */
export async function compare(r: Receipt, erased: boolean, upTo: number, c: Checker): Promise<Finding[]> {
	return [await findOpen(r, erased), await findReceipt(r, c), await findTree(r, upTo, c)]
}

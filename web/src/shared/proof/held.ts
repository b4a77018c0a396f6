// The receipts that this browser keeps, and a line that was not sent.

import type { Proof, Written } from '../api/client'
import { keep, keptJson } from '../keep'
import { isObject } from './entry'
import { RECEIPT_FORMAT, type Receipt, ReceiptFault, readReceipt } from './receipt'

export const RECEIPTS_MAX = 200

/** A line of mine: as it was answered, and its proof as soon as there is one. */
export interface Held {
	written: Written
	proof?: Proof
	erased?: boolean
}

/** A line that was not sent, or of which nobody knows whether it was: sent again under the same id. */
export interface Draft {
	text: string
	requestId?: string
}

function isHeld(value: unknown): value is Held {
	if (!isObject(value) || !isObject(value.written)) return false
	const { n, entry, salt } = value.written
	return Number.isSafeInteger(n) && typeof entry === 'string' && typeof salt === 'string'
}

export function keptReceipts(): Held[] {
	const value = keptJson('receipts')
	return Array.isArray(value) ? value.filter(isHeld).slice(0, RECEIPTS_MAX) : []
}

export function keepReceipts(held: readonly Held[]): boolean {
	return keep('receipts', held.length > 0 ? JSON.stringify(held) : undefined)
}

export function keptDraft(): Draft {
	const value = keptJson('draft')
	if (!isObject(value) || typeof value.text !== 'string') return { text: '' }
	return typeof value.requestId === 'string'
		? { text: value.text, requestId: value.requestId }
		: { text: value.text }
}

export function keepDraft(draft: Draft): boolean {
	return keep('draft', draft.text ? JSON.stringify(draft) : undefined)
}

/** The receipt of a held line; undefined while its proof has not come, or where the office's answer has another form. */
export function receiptOf({ written, proof }: Held): Receipt | undefined {
	if (!proof) return undefined
	const { n, entry, salt, values, secret } = written
	try {
		return readReceipt({
			format: RECEIPT_FORMAT,
			key: proof.key,
			n,
			entry,
			salt,
			...(values ? { values } : {}),
			proof: proof.proof,
			checkpoint: proof.checkpoint,
			...(secret ? { secret } : {}),
		})
	} catch (error) {
		if (error instanceof ReceiptFault) return undefined
		throw error
	}
}

// Receipts, as in formats/journal.md section 6: read strictly, and checked in five steps without any server. Pure but
// for the hash and signature functions that the caller hands in. A check never throws; every step says how it went.

import { type Bytes, equal, fromBase64, isWellFormed, utf8 } from './bytes'
import type { Checker } from './crypto'
import { ENTRY_BYTES_MAX, type Entry, isObject, parseEntry, sealedHash } from './entry'
import { type Checkpoint, NOTE_BYTES_MAX, checkNote, parseCheckpoint, parseVerifierKey } from './note'
import { inclusionRoot, leafHash } from './tree'

export const RECEIPT_FORMAT = 'liren-receipt-1'
export const RECEIPT_BYTES_MAX = 262_144
const KEY_CHARS_MAX = 256
const PROOF_LENGTH_MAX = 64
const VALUES_MAX = 64
const FIELDS = ['format', 'key', 'n', 'entry', 'salt', 'values', 'proof', 'checkpoint', 'secret']

export interface OpenValue {
	blind: string
	text: string
}

export interface Receipt {
	format: typeof RECEIPT_FORMAT
	key: string
	n: number
	entry: string
	salt: string
	values?: Record<string, OpenValue>
	proof: string[]
	checkpoint: string
	secret?: string
}

/** A file that is no receipt: the field at fault ('' for the whole) and why, as a key of the messages `fault.*`. */
export class ReceiptFault extends Error {
	constructor(
		readonly field: string,
		readonly fault: 'json' | 'format' | 'missing' | 'unknown' | 'form' | 'large',
	) {
		super(`receipt: ${field || 'file'}: ${fault}`)
	}
}

function bytesOf(field: string, value: unknown, length: number): Bytes {
	const bytes = typeof value === 'string' ? fromBase64(value) : undefined
	if (bytes?.length !== length) throw new ReceiptFault(field, 'form')
	return bytes
}

function stringOf(field: string, value: unknown, bytesMax: number): string {
	if (typeof value !== 'string' || !isWellFormed(value)) throw new ReceiptFault(field, 'form')
	if (utf8(value).length > bytesMax) throw new ReceiptFault(field, 'large')
	return value
}

function readValues(value: unknown): Record<string, OpenValue> {
	if (!isObject(value) || Object.keys(value).length > VALUES_MAX) throw new ReceiptFault('values', 'form')
	for (const [name, open] of Object.entries(value)) {
		const field = `values.${name}`
		if (!isObject(open) || Object.keys(open).sort().join() !== 'blind,text')
			throw new ReceiptFault(field, 'form')
		bytesOf(`${field}.blind`, open.blind, 16)
		stringOf(`${field}.text`, open.text, ENTRY_BYTES_MAX)
	}
	return value as Record<string, OpenValue>
}

/** Read a receipt out of a value of JSON. Throws ReceiptFault. */
export function readReceipt(value: unknown): Receipt {
	if (!isObject(value)) throw new ReceiptFault('', 'json')
	if (value.format !== RECEIPT_FORMAT) throw new ReceiptFault('format', 'format')
	for (const field of Object.keys(value))
		if (!FIELDS.includes(field)) throw new ReceiptFault(field, 'unknown')
	for (const field of ['key', 'n', 'entry', 'salt', 'proof', 'checkpoint']) {
		if (value[field] === undefined) throw new ReceiptFault(field, 'missing')
	}
	const { n, proof } = value
	if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 1) throw new ReceiptFault('n', 'form')
	if (!Array.isArray(proof) || proof.length > PROOF_LENGTH_MAX) throw new ReceiptFault('proof', 'form')
	proof.forEach((hash, i) => bytesOf(`proof.${i}`, hash, 32))
	bytesOf('salt', value.salt, 32)
	const receipt: Receipt = {
		format: RECEIPT_FORMAT,
		key: stringOf('key', value.key, KEY_CHARS_MAX),
		n,
		entry: stringOf('entry', value.entry, ENTRY_BYTES_MAX),
		salt: value.salt as string,
		proof: proof as string[],
		checkpoint: stringOf('checkpoint', value.checkpoint, NOTE_BYTES_MAX),
	}
	if (value.values !== undefined) receipt.values = readValues(value.values)
	if (value.secret !== undefined) {
		bytesOf('secret', value.secret, 16)
		receipt.secret = value.secret as string
	}
	return receipt
}

/** Read a receipt file. Throws ReceiptFault. */
export function parseReceipt(text: string): Receipt {
	if (utf8(text).length > RECEIPT_BYTES_MAX) throw new ReceiptFault('', 'large')
	let value: unknown
	try {
		value = JSON.parse(text)
	} catch {
		throw new ReceiptFault('', 'json')
	}
	return readReceipt(value)
}

export const STEPS = ['signature', 'origin', 'tree', 'number', 'values'] as const
export type StepName = (typeof STEPS)[number]

/** `reason` is a key of the messages `reason.*`; there is one for every step that did not pass. */
export interface Step {
	name: StepName
	state: 'passed' | 'failed' | 'unknown'
	reason?: string
	field?: string
}

export interface Check {
	ok: boolean
	steps: Step[]
	/** The first step that did not pass, 1 … 5. */
	failedAt?: number
	entry?: Entry
	checkpoint?: Checkpoint
	signedBy?: 'webcrypto' | 'noble'
}

const passed = (name: StepName): Step => ({ name, state: 'passed' })
const failed = (name: StepName, reason: string, field?: string): Step => ({
	name,
	state: 'failed',
	reason,
	...(field === undefined ? {} : { field }),
})
const unknown = (name: StepName, reason: string): Step => ({ name, state: 'unknown', reason })

async function checkSignature(r: Receipt, c: Checker): Promise<Step> {
	const key = await parseVerifierKey(r.key, c)
	if (!key) return failed('signature', 'key-malformed')
	const result = await checkNote(r.checkpoint, key, c)
	return result === 'signed' ? passed('signature') : failed('signature', result)
}

function checkOrigin(r: Receipt, checkpoint: Checkpoint | undefined): Step {
	if (!checkpoint) return unknown('origin', 'note-malformed')
	return r.key.split('+')[0] === checkpoint.origin ? passed('origin') : failed('origin', 'origin-differs')
}

async function checkTree(r: Receipt, checkpoint: Checkpoint | undefined, c: Checker): Promise<Step> {
	if (!checkpoint) return unknown('tree', 'note-malformed')
	if (r.n > checkpoint.size) return failed('tree', 'not-covered')
	const commitment = await c.sha256(utf8('liren-entry-1'), fromBase64(r.salt)!, utf8(r.entry))
	const path = r.proof.map((hash) => fromBase64(hash)!)
	const root = await inclusionRoot(r.n - 1, checkpoint.size, await leafHash(commitment, c), path, c)
	if (!root) return failed('tree', 'path-length')
	return equal(root, checkpoint.root) ? passed('tree') : failed('tree', 'root-differs')
}

function checkNumber(r: Receipt, entry: Entry | undefined): Step {
	if (!entry) return failed('number', 'entry-malformed')
	return entry.n === r.n ? passed('number') : failed('number', 'number-differs')
}

async function checkValues(r: Receipt, entry: Entry | undefined, c: Checker): Promise<Step> {
	const values = Object.entries(r.values ?? {})
	if (values.length > 0 && !entry) return unknown('values', 'entry-malformed')
	for (const [field, { blind, text }] of values) {
		const h = entry && sealedHash(entry, field)
		if (!h) return failed('values', 'value-unknown', field)
		const computed = await c.sha256(utf8('liren-value-1'), fromBase64(blind)!, utf8(text))
		if (!equal(h, computed)) return failed('values', 'value-differs', field)
	}
	return passed('values')
}

/** All five steps of section 6. The receipt must have come from readReceipt or parseReceipt. */
export async function checkReceipt(r: Receipt, c: Checker): Promise<Check> {
	const checkpoint = parseCheckpoint(r.checkpoint)
	const entry = parseEntry(r.entry)
	const steps = [
		await checkSignature(r, c),
		checkOrigin(r, checkpoint),
		await checkTree(r, checkpoint, c),
		checkNumber(r, entry),
		await checkValues(r, entry, c),
	]
	const at = steps.findIndex((step) => step.state !== 'passed')
	const signedBy = c.signedBy()
	return {
		ok: at < 0,
		steps,
		...(at < 0 ? {} : { failedAt: at + 1 }),
		...(entry ? { entry } : {}),
		...(checkpoint ? { checkpoint } : {}),
		...(signedBy ? { signedBy } : {}),
	}
}

export type KeyMatch = 'same' | 'epoch' | 'different' | 'none'

/** How a receipt's key stands to the one kept from an earlier visit. `epoch`: the same public key after a restored
 * backup, so only the name's last part is another. */
export function compareKeys(key: string, kept: string | undefined): KeyMatch {
	if (!kept) return 'none'
	if (key === kept) return 'same'
	const material = (line: string) => line.split('+').slice(2).join('+')
	const stem = (line: string) => line.split('+')[0]!.replace(/\/[0-9]+$/, '')
	return material(key) === material(kept) && stem(key) === stem(kept) ? 'epoch' : 'different'
}

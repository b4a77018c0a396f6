// A small office for the tests, made with node:crypto and the plainest recursion over RFC 6962, and sharing no code
// with src/: it writes entries, signs checkpoints, proves inclusion and cuts tiles.
import { createHash, generateKeyPairSync, randomBytes, sign, webcrypto } from 'node:crypto'
import type { Receipt } from '../src/shared/proof/receipt'

export const nodeSubtle = webcrypto.subtle as unknown as SubtleCrypto

export const sha256 = (...parts: (Buffer | string)[]): Buffer => {
	const hash = createHash('sha256')
	for (const part of parts) hash.update(part)
	return hash.digest()
}

/** MTH of RFC 6962 section 2.1. */
export function mth(d: Buffer[]): Buffer {
	if (d.length === 0) return sha256('')
	if (d.length === 1) return sha256(Buffer.of(0), d[0]!)
	const k = split(d.length)
	return sha256(Buffer.of(1), mth(d.slice(0, k)), mth(d.slice(k)))
}

function split(n: number): number {
	let k = 1
	while (k + k < n) k += k
	return k
}

/** PATH(m, D[n]) of RFC 6962 section 2.1.1. */
export function path(m: number, d: Buffer[]): Buffer[] {
	if (d.length <= 1) return []
	const k = split(d.length)
	return m < k
		? [...path(m, d.slice(0, k)), mth(d.slice(k))]
		: [...path(m - k, d.slice(k)), mth(d.slice(0, k))]
}

export interface Office {
	key: string
	origin: string
	note(text: string, signedAs?: string): string
	checkpoint(leaves: Buffer[]): string
}

export function makeOffice(origin = 'liren/440300000000/0123abcd/1'): Office {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519')
	const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
	const idOf = (name: string) => sha256(name, Buffer.of(0x0a, 1), raw).subarray(0, 4)
	const note = (text: string, name = origin) => {
		const blob = Buffer.concat([idOf(name), sign(null, Buffer.from(text), privateKey)])
		return `${text}\n\u2014 ${name} ${blob.toString('base64')}\n`
	}
	return {
		origin,
		key: vkey(origin, raw),
		note,
		checkpoint: (leaves) => note(`${origin}\n${leaves.length}\n${mth(leaves).toString('base64')}\n`),
	}
}

export function vkey(name: string, raw: Buffer): string {
	const id = sha256(name, Buffer.of(0x0a, 1), raw).subarray(0, 4).toString('hex')
	return `${name}+${id}+${Buffer.concat([Buffer.of(1), raw]).toString('base64')}`
}

export interface Line {
	entry: string
	salt: Buffer
	blind: Buffer
	text: string
	commitment: Buffer
}

export function makeLine(n: number, text = `第 ${n} 条：楼道灯"不亮"\n`): Line {
	const blind = randomBytes(16)
	const h = sha256('liren-value-1', blind, text).toString('base64')
	const c = randomBytes(60).toString('base64')
	const handle = randomBytes(16).toString('hex')
	const entry =
		`{"actor":{"handle":"${handle}","role":"reporter","unit":""},"at":${1781136000000000 + n},` +
		`"data":{"text":{"c":"${c}","h":"${h}","k":${n}}},"kind":"line.written","n":${n},"v":1}`
	const salt = randomBytes(32)
	return { entry, salt, blind, text, commitment: sha256('liren-entry-1', salt, entry) }
}

/** The receipt of line n (1 …) of `lines` under the checkpoint of all of them. */
export function makeReceipt(office: Office, lines: Line[], n: number): Receipt {
	const line = lines[n - 1]!
	const leaves = lines.map((l) => l.commitment)
	return {
		format: 'liren-receipt-1',
		key: office.key,
		n,
		entry: line.entry,
		salt: line.salt.toString('base64'),
		values: { text: { blind: line.blind.toString('base64'), text: line.text } },
		proof: path(n - 1, leaves).map((hash) => hash.toString('base64')),
		checkpoint: office.checkpoint(leaves),
		secret: randomBytes(16).toString('base64'),
	}
}

/** Hashes of the tile at (level, index) in the tree over `leaves`: each the MTH of 256^level leaves. */
export function tile(leaves: Buffer[], level: number, index: number): Buffer {
	const span = 256 ** level
	const rows: Buffer[] = []
	for (let i = index * 256; i < (index + 1) * 256 && (i + 1) * span <= leaves.length; i++) {
		rows.push(mth(leaves.slice(i * span, (i + 1) * span)))
	}
	return Buffer.concat(rows)
}

/** Every text that differs from `text` in one character, `kinds` ways for each place. */
export function* oneCharacterChanges(text: string, kinds = 2): Generator<{ at: number; text: string }> {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at)
		for (let kind = 1; kind <= kinds; kind++) {
			const changed = String.fromCharCode(code < 0x80 ? (code + kind) % 0x80 : code ^ kind)
			yield { at, text: text.slice(0, at) + changed + text.slice(at + 1) }
		}
	}
}

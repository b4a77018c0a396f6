// C2SP signed-note with Ed25519 and C2SP tlog-checkpoint, as in formats/journal.md section 5. Pure. Reads strictly;
// signatures of other keys (witnesses) are passed over, as the note's specification asks.

import { type Bytes, concat, equal, fromBase64, fromHex, utf8 } from './bytes'
import type { Checker } from './crypto'

export const NOTE_BYTES_MAX = 4096
export const NOTE_SIGNATURES_MAX = 16
const ALGORITHM_ED25519 = 1
const NAME = /^[^\s+]+$/u
const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/

export interface VerifierKey {
	name: string
	id: Bytes
	publicKey: Bytes
}

export interface Checkpoint {
	origin: string
	size: number
	root: Bytes
}

interface Note {
	text: string
	signatures: { name: string; id: Bytes; signature: Bytes }[]
}

/** `<name>+<hex of id>+<base64 of 0x01 || public key>`; undefined where the form or the id is wrong. */
export async function parseVerifierKey(line: string, c: Checker): Promise<VerifierKey | undefined> {
	const [name = '', hex = '', ...rest] = line.split('+')
	const id = fromHex(hex)
	const typed = fromBase64(rest.join('+')) // base64 may itself hold a plus sign
	if (!NAME.test(name) || id?.length !== 4) return undefined
	if (typed?.length !== 33 || typed[0] !== ALGORITHM_ED25519) return undefined
	const publicKey = typed.slice(1)
	const computed = (await c.sha256(utf8(name + '\n'), typed)).slice(0, 4)
	return equal(id, computed) ? { name, id, publicKey } : undefined
}

function parseNote(note: string): Note | undefined {
	const split = note.lastIndexOf('\n\n')
	if (split < 0 || utf8(note).length > NOTE_BYTES_MAX || !note.endsWith('\n')) return undefined
	const lines = note.slice(split + 2, -1).split('\n')
	if (lines.length > NOTE_SIGNATURES_MAX) return undefined
	const signatures: Note['signatures'] = []
	for (const line of lines) {
		const parts = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line)
		const blob = parts?.[2] === undefined ? undefined : fromBase64(parts[2])
		if (parts?.[1] === undefined || blob === undefined || blob.length < 5) return undefined
		signatures.push({ name: parts[1], id: blob.slice(0, 4), signature: blob.slice(4) })
	}
	return { text: note.slice(0, split + 1), signatures }
}

/** The checkpoint that a note claims, its signature not looked at; undefined where the note has not the form. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
	const parsed = parseNote(note)
	const [origin = '', size = '', root64 = ''] = parsed?.text.split('\n') ?? []
	const root = fromBase64(root64)
	if (!NAME.test(origin) || !DECIMAL.test(size) || root?.length !== 32) return undefined
	if (!Number.isSafeInteger(Number(size))) return undefined
	return { origin, size: Number(size), root }
}

export type NoteResult = 'signed' | 'note-malformed' | 'not-signed-by-key' | 'signature-wrong'

/** Is there a signature by `key`, and is it right? */
export async function checkNote(note: string, key: VerifierKey, c: Checker): Promise<NoteResult> {
	const parsed = parseNote(note)
	if (!parsed) return 'note-malformed'
	const own = parsed.signatures.filter((s) => s.name === key.name && equal(s.id, key.id))
	if (own.length === 0) return 'not-signed-by-key'
	const message = concat(utf8(parsed.text))
	for (const { signature } of own) {
		if (!(await c.ed25519(key.publicKey, new Uint8Array(signature), message))) return 'signature-wrong'
	}
	return 'signed'
}

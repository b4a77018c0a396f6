// Bytes and their spellings. Pure; depends on nothing. base64 and hex are read strictly: one spelling for one
// value, so that a changed character is never a different way to write the same bytes.

export type Bytes = Uint8Array<ArrayBuffer>

const ENCODER = new TextEncoder()
const LONE_SURROGATE = /\p{Surrogate}/u
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const HEX = /^(?:[0-9a-f]{2})*$/

/** UTF-8. Half a surrogate pair has no UTF-8; ask `isWellFormed` first where that matters. */
export function utf8(text: string): Bytes {
	return new Uint8Array(ENCODER.encode(text))
}

export function isWellFormed(text: string): boolean {
	return !LONE_SURROGATE.test(text)
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
	let at = 0
	for (const part of parts) {
		whole.set(part, at)
		at += part.length
	}
	return whole
}

/** Not in constant time: nothing compared here is secret. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i])
}

export function toBase64(bytes: Uint8Array): string {
	let binary = ''
	for (const byte of bytes) binary += String.fromCharCode(byte)
	return btoa(binary)
}

/** RFC 4648 section 4, padded, with the unused bits zero; undefined for anything else. */
export function fromBase64(text: string): Bytes | undefined {
	if (!BASE64.test(text)) return undefined
	const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
	return toBase64(bytes) === text ? bytes : undefined
}

export function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Lower case only; undefined for anything else. */
export function fromHex(text: string): Bytes | undefined {
	if (!HEX.test(text)) return undefined
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

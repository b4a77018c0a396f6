// UUID version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then 74 random bits. Pure. The client id of one
// command; ids in order of time are the cheapest for the server to keep.

import { toHex } from './proof/bytes'

/** `random` is 10 bytes, fresh for each id. */
export function uuidv7At(unixMs: number, random: Uint8Array): string {
	if (random.length !== 10) throw new RangeError('uuidv7: 10 random bytes are needed')
	const bytes = new Uint8Array(16)
	new DataView(bytes.buffer).setUint32(0, Math.floor(unixMs / 0x10000))
	new DataView(bytes.buffer).setUint16(4, unixMs % 0x10000)
	bytes.set(random, 6)
	bytes[6] = (bytes[6]! & 0x0f) | 0x70
	bytes[8] = (bytes[8]! & 0x3f) | 0x80
	return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function uuidv7(): string {
	return uuidv7At(Date.now(), crypto.getRandomValues(new Uint8Array(10)))
}

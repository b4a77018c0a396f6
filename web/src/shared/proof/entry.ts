// Entries as in formats/journal.md sections 1 and 4: one line of canonical JSON. Pure. An entry is read only if
// writing it again gives the same characters, so no two entries look alike and differ.

import { type Bytes, fromBase64, isWellFormed, utf8 } from './bytes'

export const ENTRY_BYTES_MAX = 32_768
const DEPTH_MAX = 32

type Json = boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export interface Entry {
	n: number
	at: number
	kind: string
	data: JsonObject
}

/** Canonical spelling; undefined for what an entry may not hold (null, fractions, keys that are not ASCII …). */
function canonical(value: unknown, depth = 0): string | undefined {
	if (depth > DEPTH_MAX) return undefined
	if (typeof value === 'boolean') return String(value)
	if (typeof value === 'number') {
		return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : undefined
	}
	if (typeof value === 'string') return isWellFormed(value) ? JSON.stringify(value) : undefined
	if (typeof value !== 'object' || value === null) return undefined
	const parts: string[] = []
	if (Array.isArray(value)) {
		for (const item of value) {
			const text = canonical(item, depth + 1)
			if (text === undefined) return undefined
			parts.push(text)
		}
		return '[' + parts.join(',') + ']'
	}
	const object = value as Record<string, unknown>
	for (const key of Object.keys(object).sort()) {
		const text = canonical(object[key], depth + 1)
		if (text === undefined || !/^[\x20-\x7e]*$/.test(key)) return undefined
		parts.push(JSON.stringify(key) + ':' + text)
	}
	return '{' + parts.join(',') + '}'
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** undefined where it is not canonical JSON, too long, or lacks a key that every entry has. */
export function parseEntry(text: string): Entry | undefined {
	let value: unknown
	try {
		value = JSON.parse(text)
	} catch {
		return undefined
	}
	if (!isObject(value) || utf8(text).length > ENTRY_BYTES_MAX || canonical(value) !== text) return undefined
	const { n, at, kind, data } = value
	if (typeof n !== 'number' || typeof at !== 'number' || typeof kind !== 'string') return undefined
	return isObject(data) ? { n, at, kind, data: data as JsonObject } : undefined
}

/** `h` of the sealed value in a field of `data`; undefined where there is none. */
export function sealedHash(entry: Entry, field: string): Bytes | undefined {
	if (!Object.prototype.hasOwnProperty.call(entry.data, field)) return undefined
	const value = entry.data[field]
	if (!isObject(value) || typeof value.h !== 'string') return undefined
	const h = fromBase64(value.h)
	return h?.length === 32 ? h : undefined
}

// A report that is being written: what is kept of it, what is missing, and what is sent. Pure. Once it may have arrived it
// is sent again as it was, under the same id, so that it stands once.

import type { FieldValue, Report } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'
import type { Point } from '../../shared/api/places'
import { isObject } from '../../shared/proof/entry'

export const TEXT_MAX = 3500
export const ADDRESS_MAX = 200

export interface Draft {
	text: string
	/** Chosen by the reader, or left as proposed. */
	category?: string
	/** The reader chose; a proposal does not change it any more. */
	categoryChosen?: boolean
	place?: { id: number; title: string }
	at?: Point
	/** In place of a place. */
	address?: string
	contact?: string
	confidential?: boolean
	/** Cases that the reader said are others. */
	others?: number[]
	/** It was sent, and whether it arrived is not known: exactly this goes again. */
	sent?: { requestId: string; report: Report }
}

export const EMPTY: Draft = { text: '' }

const isPoint = (value: unknown): value is Point =>
	isObject(value) && Number.isSafeInteger(value.lat) && Number.isSafeInteger(value.lon)
const isPlace = (value: unknown): value is { id: number; title: string } =>
	isObject(value) && Number.isSafeInteger(value.id) && typeof value.title === 'string'
const isSent = (value: unknown): value is NonNullable<Draft['sent']> =>
	isObject(value) &&
	typeof value.requestId === 'string' &&
	isObject(value.report) &&
	typeof value.report.type === 'string' &&
	Array.isArray(value.report.fields)

/** What was kept, as far as it has its form. */
export function readDraft(value: unknown): Draft {
	if (!isObject(value) || typeof value.text !== 'string') return { ...EMPTY }
	const draft: Draft = { text: value.text }
	for (const name of ['category', 'address', 'contact'] as const) {
		const one = value[name]
		if (typeof one === 'string') draft[name] = one
	}
	if (value.categoryChosen === true) draft.categoryChosen = true
	if (value.confidential === true) draft.confidential = true
	if (isPlace(value.place)) draft.place = { id: value.place.id, title: value.place.title }
	if (isPoint(value.at)) draft.at = { lat: value.at.lat, lon: value.at.lon }
	if (Array.isArray(value.others)) draft.others = value.others.filter((id) => Number.isSafeInteger(id))
	if (isSent(value.sent)) draft.sent = value.sent
	return draft
}

export const isEmpty = (draft: Draft): boolean =>
	draft.text.trim() === '' && !draft.place && !draft.at && !draft.address?.trim()

export const hasPlace = (draft: Draft): boolean =>
	draft.place !== undefined || Boolean(draft.address?.trim())

/** The first screen that something is missing on. */
export function missingStep(draft: Draft): 'what' | 'where' | undefined {
	if (!draft.text.trim()) return 'what'
	return hasPlace(draft) ? undefined : 'where'
}

export function mayFill(type: CaseType, name: string): boolean {
	const { start } = type
	return [...(start?.fills ?? []), ...(start?.may_fill ?? [])].includes(name)
}

/** What the portal itself knows of every report. */
const KNOWN: Record<string, string> = { channel: 'portal', has_reporter: 'yes', drill: 'no' }

/** What is handed in, with the fields that the type has and no other. A written address stands below the words. */
export function reportOf(draft: Draft, type: CaseType, addressWord: string): Report {
	const address = draft.place ? '' : (draft.address?.trim() ?? '')
	const text = draft.text.trim()
	const values: Record<string, string | undefined> = {
		...KNOWN,
		place: String(draft.place?.id ?? 0),
		text: address ? `${text}\n${addressWord}${address}` : text,
		category: draft.category,
		contact: draft.contact?.trim() || undefined,
		confidential: draft.confidential ? 'yes' : undefined,
	}
	const fields: FieldValue[] = Object.entries(values)
		.filter((pair): pair is [string, string] => pair[1] !== undefined && mayFill(type, pair[0]))
		.map(([field, value]) => ({ field, value }))
	return { type: type.code, fields, ...(draft.at ? { at: draft.at } : {}) }
}

/** Three names of places with their distances, no name twice: the first things to choose from. */
export function offered<P extends { title: string; distance?: number }>(places: readonly P[], most = 3): P[] {
	const seen = new Set<string>()
	return places
		.filter(({ title }) => {
			if (!title.trim() || seen.has(title)) return false
			seen.add(title)
			return true
		})
		.slice(0, most)
}

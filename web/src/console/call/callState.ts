// A call that is being taken: the caller's words, the place, what is proposed, and the receipt once it is on the record.
// Reactive; one instance, so that looking at a case meanwhile loses nothing that was typed. Nothing of it is kept in the
// browser: it ends with the page or with whoever is signed in.

import { reactive } from 'vue'
import { type Proposal, type Report, doCommand, handIn, proposeCase } from '../../shared/api/cases'
import type { PlaceRow } from '../../shared/api/places'
import { CallFailed } from '../../shared/api/problem'
import { uuidv7 } from '../../shared/uuidv7'
import { keepProposal } from '../case/proposal'

export const CALL_TYPE = 'resident-request'
export const CHANNELS = ['phone', 'walk_in', 'paper'] as const
export type Channel = (typeof CHANNELS)[number]

/** What the caller takes home, on paper or by ear. */
export interface CallReceipt {
	role: 'reporter' | 'follower'
	id: number
	number: string
	/** After `Authorization: Case`; for the paper alone. */
	auth: string
	/** The entry, its bytes and the salt, which verify without the office. */
	n: number
	entry: string
	salt: string
}

const EMPTY = {
	channel: 'phone' as Channel,
	text: '',
	q: '',
	places: [] as PlaceRow[],
	place: undefined as PlaceRow | undefined,
	noPlace: false,
	contact: '',
	confidential: false,
	/** Live cases that the caller says are others. */
	others: [] as number[],
	proposal: undefined as Proposal | undefined,
	/** The words that the proposal is for. */
	proposedFor: '',
	proposing: false,
	sending: false,
	failed: undefined as CallFailed | undefined,
	receipt: undefined as CallReceipt | undefined,
}

export const call = reactive({ ...EMPTY })
let turn = 0
let request: { id: string; body: string } | undefined

export function dropCall(): void {
	turn++
	request = undefined
	Object.assign(call, { ...EMPTY, places: [], others: [] })
}

function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error
	throw error
}

/** For what is written so far; keeps nothing on the server. An older answer never follows a newer one. */
export async function propose(): Promise<void> {
	const { text, place } = call
	if (!text.trim()) return
	const mine = ++turn
	call.proposing = true
	try {
		const proposal = await proposeCase({
			text: text.trim(),
			...(place ? { place: place.id } : {}),
			...(place?.at ? { at: place.at } : {}),
		})
		if (mine !== turn) return
		call.proposal = proposal
		call.proposedFor = text
	} catch (error) {
		if (mine === turn) call.failed = failureOf(error)
	} finally {
		if (mine === turn) call.proposing = false
	}
}

/** The same words under the same id are written once, however often they are sent. */
async function once(body: unknown, send: (requestId: string) => Promise<CallReceipt>): Promise<void> {
	if (call.sending) return
	const text = JSON.stringify(body)
	if (request?.body !== text) request = { id: uuidv7(), body: text }
	call.sending = true
	call.failed = undefined
	try {
		call.receipt = await send(request.id)
		request = undefined
	} catch (error) {
		call.failed = failureOf(error)
	} finally {
		call.sending = false
	}
}

const field = (name: string, value: string) => ({ field: name, value })

/** "The same": the caller follows the live case, with a secret of their own. */
export function follow(id: number, number: string): Promise<void> {
	const contact = call.contact.trim()
	const command = {
		command: 'follow',
		channel: call.channel,
		confidential: call.confidential,
		for_someone: true,
		...(contact ? { fields: [field('contact', contact)] } : {}),
	}
	return once({ id, command }, async (requestId) => {
		const { n, entry, salt, secret } = await doCommand(id, command, requestId)
		return { role: 'follower', id, number, auth: `${n}.${secret ?? ''}`, n, entry, salt }
	})
}

/** The caller's own report. Without a place the words say where. */
export function report(): Promise<void> {
	const contact = call.contact.trim()
	const body: Report = {
		type: CALL_TYPE,
		for_someone: true,
		...(call.place?.at ? { at: call.place.at } : {}),
		fields: [
			field('place', String(call.place?.id ?? 0)),
			field('text', call.text.trim()),
			field('channel', call.channel),
			field('has_reporter', 'yes'),
			field('drill', 'no'),
			...(contact ? [field('contact', contact)] : []),
			...(call.confidential ? [field('confidential', 'yes')] : []),
		],
	}
	return once(body, async (requestId) => {
		const { proposal, proposedFor, text } = call
		const { id, number, n, entry, salt, secret } = await handIn(body, requestId)
		// What was proposed while writing is proposed again where the case is opened.
		if (proposal && proposedFor === text) keepProposal(id, proposal.category ? { category: proposal.category } : {})
		return { role: 'reporter', id, number, auth: secret ?? '', n, entry, salt }
	})
}

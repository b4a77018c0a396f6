// The report that is being written on this phone, and how it is sent. Reactive; one instance. What is written is kept at
// each change; after handing in, the photo is attached, which may be tried again.

import { reactive, watch } from 'vue'
import { type HandedIn, type Proposal, attach, doCommand, handIn, proposeCase } from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { keep, kept, keptJson } from '../../shared/keep'
import { i18n } from '../../shared/i18n'
import { now, words } from '../../shared/officeState'
import { uuidv7 } from '../../shared/uuidv7'
import { holdEntry, keepMatter, matterOf, titleOf } from '../matters'
import { type Draft, EMPTY, isEmpty, readDraft, reportOf } from './draft'
import { photoBytes } from './photo'

export const REPORT_TYPE = 'resident-request'
export const PHOTO_FIELD = 'photos'

/** A photo that waits for its report, then for being attached to case `to` under `requestId`. */
interface Photo {
	url: string
	to?: number
	requestId?: string
}

function readPhoto(): Photo | undefined {
	const value = keptJson('reportPhoto') as Partial<Photo> | null | undefined
	if (typeof value?.url !== 'string' || !value.url.startsWith('data:image/')) return undefined
	const photo: Photo = { url: value.url }
	if (Number.isSafeInteger(value.to) && typeof value.requestId === 'string')
		Object.assign(photo, { to: value.to, requestId: value.requestId })
	return photo
}

export const report = reactive({
	draft: readDraft(keptJson('report')),
	photo: readPhoto(),
	proposal: undefined as Proposal | undefined,
	proposing: false,
	proposeFailed: undefined as CallFailed | undefined,
	sending: false,
	failed: undefined as CallFailed | undefined,
	photoFailed: undefined as CallFailed | undefined,
	attaching: false,
	/** False once this phone had no room for the draft, or for its photo. */
	hasRoom: true,
	hasPhotoRoom: true,
})

export const reportType = () => words.value?.type(REPORT_TYPE)

watch(
	() => report.draft,
	(draft) => {
		report.hasRoom = keep('report', isEmpty(draft) ? undefined : JSON.stringify(draft))
	},
	{ deep: true },
)

export function setPhoto(photo: Photo | undefined): void {
	report.photo = photo
	report.hasPhotoRoom = keep('reportPhoto', photo ? JSON.stringify(photo) : undefined)
}

export function dropDraft(): void {
	report.draft = { ...EMPTY }
	report.proposal = undefined
	report.failed = undefined
	keep('report', undefined)
}

let turn = 0

/** A proposal for what is written so far; keeps nothing on the server. An older answer never follows a newer one. */
export async function propose(): Promise<void> {
	const { text, place, at, category, categoryChosen } = report.draft
	if (!text.trim()) return
	const mine = ++turn
	report.proposing = true
	try {
		const proposal = await proposeCase({
			text: text.trim(),
			...(place ? { place: place.id } : {}),
			...(at ? { at } : {}),
			...(category && categoryChosen ? { category } : {}),
		})
		if (mine !== turn) return
		report.proposal = proposal
		report.proposeFailed = undefined
		if (!report.draft.categoryChosen) setOr(report.draft, 'category', proposal.category)
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		if (mine === turn) report.proposeFailed = error
	} finally {
		if (mine === turn) report.proposing = false
	}
}

function setOr<K extends keyof Draft>(draft: Draft, name: K, value: Draft[K] | undefined): void {
	if (value === undefined) delete draft[name]
	else draft[name] = value
}

/** One's own from now on: its receipt, and what lets this phone act in it. */
export function keepHandedIn(answer: HandedIn, text: string): void {
	const { id, number, n, secret } = answer
	holdEntry(answer)
	keepMatter({
		id,
		number,
		n,
		role: 'reporter',
		title: titleOf(text),
		at: now.value,
		...(secret ? { auth: secret } : {}),
	})
}

function handedIn(answer: HandedIn, text: string): void {
	const { id } = answer
	keepHandedIn(answer, text)
	if (report.photo) setPhoto({ url: report.photo.url, to: id, requestId: uuidv7() })
}

/** Hands it in, once; the id of the case, or nothing with `failed` set. */
export async function sendReport(): Promise<number | undefined> {
	const type = reportType()
	if (report.sending || (!type && !report.draft.sent)) return undefined
	report.draft.sent ??= { requestId: uuidv7(), report: reportOf(report.draft, type!, i18n.global.t('where.addressLine')) }
	keep('report', JSON.stringify(report.draft)) // before it goes, whatever happens next
	const { requestId, report: body } = report.draft.sent
	const { text } = report.draft
	report.sending = true
	report.failed = undefined
	try {
		const answer = await handIn(body, requestId)
		handedIn(answer, text)
		dropDraft()
		void sendPhoto()
		return answer.id
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		report.failed = error
		// Refused for good: it did not arrive, may be changed, and is another command then.
		if (!error.retryable) delete report.draft.sent
		return undefined
	} finally {
		report.sending = false
	}
}

/** Attaches the photo that waits; under the same id as long as it waits. */
export async function sendPhoto(): Promise<void> {
	const { photo } = report
	if (!photo?.to || !photo.requestId || report.attaching) return
	report.attaching = true
	report.photoFailed = undefined
	try {
		await attach(photo.to, PHOTO_FIELD, photoBytes(photo.url), photo.requestId, matterOf(photo.to)?.auth)
		setPhoto(undefined)
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		report.photoFailed = error
	} finally {
		report.attaching = false
	}
}

const followIds = new Map<number, string>()

/** Follows a case in place of reporting one's own. Throws CallFailed. */
export async function followCase(id: number, number: string, title: string): Promise<void> {
	const requestId = followIds.get(id) ?? uuidv7()
	followIds.set(id, requestId)
	const done = await doCommand(id, { command: 'follow', channel: 'portal', confidential: false }, requestId)
	holdEntry(done)
	keepMatter({
		id,
		number,
		n: done.n,
		role: 'follower',
		title,
		at: now.value,
		...(done.secret ? { auth: `${done.n}.${done.secret}` } : {}),
	})
	dropDraft()
	setPhoto(undefined)
}

/** A report, or its photo, that waits for the network. */
export const waiting = (): number =>
	(report.draft.sent ? 1 : 0) + (report.photo?.to !== undefined ? 1 : 0)

/** What waited goes when the network is back. */
export async function sendWaiting(): Promise<number | undefined> {
	const id = report.draft.sent ? await sendReport() : undefined
	await sendPhoto()
	return id
}

export const hasDraft = (): boolean => !isEmpty(report.draft) || kept('report') !== undefined

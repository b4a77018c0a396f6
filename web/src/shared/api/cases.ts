// The calls that concern cases: lists, one case, what may be done with it.

import { get, post, postForBytes, query, upload } from './http'
import type { Box } from './places'
import type { components } from './schema'

type Schemas = components['schemas']
export type CaseRow = Schemas['CaseRow']
export type CaseList = Schemas['CaseList']
export type CaseFound = Schemas['CaseFound']
export type Case = Schemas['Case']
export type CasePublic = Schemas['CasePublic']
export type CaseClock = Case['clocks'][number]
export type CaseCommand = Case['commands'][number]
export type History = Schemas['History']
export type HistoryStep = Schemas['HistoryStep']
export type Why = Schemas['Why']
export type Limit = Schemas['Limit']
export type Command = Schemas['Command']
export type Done = Schemas['Done']
export type ManyDone = Schemas['ManyDone']
export type Texts = Schemas['Texts']
export type OpenText = Schemas['OpenTexts']['texts'][number]
export type FieldValue = Schemas['FieldValue']
export type LookList = Schemas['LookList']
export type Draft = Schemas['Draft']
export type Proposal = Schemas['Proposal']
export type Report = Schemas['Report']
export type HandedIn = Schemas['HandedIn']

export interface CaseFilter {
	category?: string
	state?: string
	owner?: string
	unit?: string
	area?: string
	priority?: number
	step?: number
	due_before?: number
	mark?: string
	drills?: 'without' | 'with' | 'only'
	cursor?: string
	limit?: number
}

export const listCases = (filter: CaseFilter = {}): Promise<CaseList> =>
	get(`/api/v1/cases${query({ ...filter })}`)

/** Those within the box; `mark` as for the list. */
export const casesInBox = (box: Box, mark?: string): Promise<CaseList> =>
	get(`/api/v1/cases/map${query({ ...box, mark })}`)

export const searchCases = (q: string, limit = 20): Promise<CaseFound> =>
	get(`/api/v1/cases/search${query({ q, limit })}`)

export const caseByNumber = (number: string): Promise<CasePublic> =>
	get(`/api/v1/cases/number/${encodeURIComponent(number)}`)

export const getCase = (id: number, secret?: string): Promise<Case> =>
	get(`/api/v1/cases/${id}`, secret ? { secret } : {})

export const caseHistory = (id: number, before?: number, secret?: string): Promise<History> =>
	get(`/api/v1/cases/${id}/history${query({ before, limit: 100 })}`, secret ? { secret } : {})

/** The newest `limit` steps. */
export const newestSteps = (id: number, limit: number): Promise<History> =>
	get(`/api/v1/cases/${id}/history${query({ limit })}`)

export const caseWhy = (id: number, entry?: number, secret?: string): Promise<Why> =>
	get(`/api/v1/cases/${id}/why${query({ entry })}`, secret ? { secret } : {})

export const caseLooks = (id: number, secret?: string): Promise<LookList> =>
	get(`/api/v1/cases/${id}/looks`, secret ? { secret } : {})

export const doCommand = (id: number, command: Command, requestId: string, secret?: string): Promise<Done> =>
	post(`/api/v1/cases/${id}/commands`, command, secret ? { requestId, secret } : { requestId })

/** One answer for all children of a mother case. */
export const answerChildren = (id: number, fields: FieldValue[], requestId: string): Promise<ManyDone> =>
	post(`/api/v1/cases/${id}/children/answer`, { fields }, { requestId })

/** One page of an emergency order; it goes on with `next` of the answer as `after`. */
export const holdAll = (
	fields: FieldValue[],
	after: number | undefined,
	requestId: string,
): Promise<ManyDone> =>
	post('/api/v1/emergency-orders', after === undefined ? { fields } : { fields, after }, { requestId })

/** One look on the record, for a purpose of the catalogue; without one, that of the item. */
export const openTexts = (
	id: number,
	texts: readonly OpenText[],
	requestId: string,
	purpose?: string,
	secret?: string,
): Promise<Texts> =>
	post(`/api/v1/cases/${id}/texts`, purpose ? { purpose, texts } : { texts }, {
		requestId,
		...(secret ? { secret } : {}),
	})

export const openAttachment = (
	id: number,
	n: number,
	requestId: string,
	purpose?: string,
	secret?: string,
): Promise<Blob> =>
	postForBytes(`/api/v1/cases/${id}/attachments/${n}/open`, purpose ? { purpose } : {}, {
		requestId,
		...(secret ? { secret } : {}),
	})

export const attach = (
	id: number,
	field: string,
	file: Blob,
	requestId: string,
	secret?: string,
): Promise<Done> =>
	upload(`/api/v1/cases/${id}/attachments${query({ field })}`, file, {
		requestId,
		...(secret ? { secret } : {}),
	})

export const proposeCase = (draft: Draft): Promise<Proposal> => post('/api/v1/cases/propose', draft)

export const handIn = (report: Report, requestId: string): Promise<HandedIn> =>
	post('/api/v1/cases', report, { requestId })

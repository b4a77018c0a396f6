// The calls of api/openapi.yaml that this page makes. Types come from the generated schema. Every call either answers
// or throws CallFailed; none waits longer than CALL_TIMEOUT_MS. Nothing is asked of any other server.

import type { TileReader } from '../proof/tree'
import { CallFailed, noAnswer, parseProblem } from './problem'
import type { components } from './schema'

type Schemas = components['schemas']
export type Written = Schemas['Written']
export type Proof = Schemas['Proof']
export type LineList = Schemas['LineList']
export type Line = LineList['lines'][number]
export type Status = Schemas['Status']

const CALL_TIMEOUT_MS = 15_000
const PROOF_TRIES_MAX = 10
const TILE_BYTES_MAX = 8192

let language = 'zh-CN'

export function speak(locale: string): void {
	language = locale
}

/** `read` takes the body, within the same time limit; where it breaks off there was no answer. */
async function call<T>(path: string, init: RequestInit, read: (answer: Response) => Promise<T>): Promise<T> {
	const stop = new AbortController()
	const timer = setTimeout(() => stop.abort(), CALL_TIMEOUT_MS)
	try {
		const answer = await fetch(path, {
			...init,
			signal: stop.signal,
			credentials: 'same-origin',
			cache: 'no-store',
		})
		if (answer.ok) return await read(answer)
		const { headers, status } = answer
		throw parseProblem(
			status,
			headers.get('content-type'),
			await answer.text(),
			headers.get('retry-after'),
		)
	} catch (error) {
		throw error instanceof CallFailed ? error : noAnswer()
	} finally {
		clearTimeout(timer)
	}
}

function json<T>(answer: Response): Promise<T> {
	return answer.json() as Promise<T>
}

function get<T>(path: string): Promise<T> {
	return call(path, { headers: { accept: 'application/json', 'accept-language': language } }, json<T>)
}

function post<T>(path: string, body: unknown, requestId?: string): Promise<T> {
	const headers: Record<string, string> = {
		accept: 'application/json',
		'accept-language': language,
		'content-type': 'application/json',
	}
	if (requestId) headers['idempotency-key'] = requestId
	return call(path, { method: 'POST', headers, body: JSON.stringify(body) }, json<T>)
}

export const writeLine = (text: string, requestId: string): Promise<Written> =>
	post('/api/v1/lines', { text }, requestId)

export const eraseLine = (n: number, secret: string, requestId: string): Promise<Written> =>
	post(`/api/v1/lines/${n}/erase`, { secret }, requestId)

export const openLine = (n: number, secret: string): Promise<Written> =>
	post(`/api/v1/lines/${n}/open`, { secret })

export const listLines = (before?: number): Promise<LineList> =>
	get(`/api/v1/lines?limit=20${before === undefined ? '' : `&before=${before}`}`)

export const getStatus = (): Promise<Status> => get('/api/v1/status')

export const logKey = (): Promise<string> =>
	call('/log/key', {}, async (answer) => (await answer.text()).trimEnd())

/** The proof of entry n. A checkpoint covers a new entry within a second: `not-yet` is waited out, a few times. */
export async function proveEntry(n: number): Promise<Proof> {
	for (let tries = 1; ; tries++) {
		try {
			return await get(`/api/v1/proofs/${n}`)
		} catch (error) {
			const notYet = error instanceof CallFailed && error.code === 'not-yet'
			if (!notYet || tries >= PROOF_TRIES_MAX) throw error
			const waitMs = (error.retryAfterS ?? 1) * 1000
			await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 250)))
		}
	}
}

async function tileBytes(name: string): Promise<Uint8Array> {
	const buffer = await call(`/log/${name}`, {}, (answer) => answer.arrayBuffer())
	if (buffer.byteLength > TILE_BYTES_MAX) throw new CallFailed(200, 'http')
	return new Uint8Array(buffer)
}

/** Tiles of the log. A partial tile may be gone once the full one is there; its beginning is the same. */
export const readTile: TileReader = async (path) => {
	try {
		return await tileBytes(path)
	} catch (error) {
		const partial = path.indexOf('.p/')
		if (partial < 0 || !(error instanceof CallFailed) || error.status !== 404) throw error
		return tileBytes(path.slice(0, partial))
	}
}

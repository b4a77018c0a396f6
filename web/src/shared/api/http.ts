// One call to the server: it either answers or throws CallFailed, and none waits longer than CALL_TIMEOUT_MS. Nothing is
// asked of any other server. Carries the language of the page, and what a signed-in page or the holder of a secret shows.

import { CallFailed, noAnswer, parseProblem } from './problem'

const CALL_TIMEOUT_MS = 15_000
const UPLOAD_TIMEOUT_MS = 120_000

let language = 'zh-CN'
let csrf: string | undefined
let onEnded: (() => void) | undefined

export function speak(locale: string): void {
	language = locale
}

/** What a session told to send with everything but GET; nothing once it has ended. */
export function setCsrf(token: string | undefined): void {
	csrf = token
}

/** Called when the server says that nobody is signed in any more. */
export function whenSessionEnds(then: () => void): void {
	onEnded = then
}

export interface Ask {
	/** The client's own id of a command: the same for a second try. */
	requestId?: string
	/** Of a report without account: `Authorization: Case …`. */
	secret?: string
	/** Ask again whether what is kept is still so, instead of fetching it whole. */
	revalidate?: boolean
	timeoutMs?: number
}

/** `read` takes the body, within the same time limit; where it breaks off there was no answer. */
export async function call<T>(
	path: string,
	init: RequestInit,
	read: (answer: Response) => Promise<T>,
	timeoutMs = CALL_TIMEOUT_MS,
): Promise<T> {
	const stop = new AbortController()
	const timer = setTimeout(() => stop.abort(), timeoutMs)
	try {
		const answer = await fetch(path, {
			cache: 'no-store',
			...init,
			signal: stop.signal,
			credentials: 'same-origin',
		})
		if (answer.ok) return await read(answer)
		const { headers, status } = answer
		const failed = parseProblem(
			status,
			headers.get('content-type'),
			await answer.text(),
			headers.get('retry-after'),
		)
		if (status === 401) onEnded?.()
		throw failed
	} catch (error) {
		throw error instanceof CallFailed ? error : noAnswer()
	} finally {
		clearTimeout(timer)
	}
}

function json<T>(answer: Response): Promise<T> {
	return answer.json() as Promise<T>
}

function headersOf(ask: Ask, changes: boolean): Record<string, string> {
	const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language }
	if (ask.requestId) headers['idempotency-key'] = ask.requestId
	if (ask.secret) headers.authorization = `Case ${ask.secret}`
	if (changes && csrf) headers['x-csrf-token'] = csrf
	return headers
}

export function get<T>(path: string, ask: Ask = {}): Promise<T> {
	const init: RequestInit = { headers: headersOf(ask, false) }
	if (ask.revalidate) init.cache = 'no-cache'
	return call(path, init, json<T>, ask.timeoutMs)
}

export function post<T>(path: string, body: unknown, ask: Ask = {}): Promise<T> {
	const headers = { ...headersOf(ask, true), 'content-type': 'application/json' }
	return call(path, { method: 'POST', headers, body: JSON.stringify(body) }, json<T>, ask.timeoutMs)
}

/** The answer as bytes, with their media type. */
export function postForBytes(path: string, body: unknown, ask: Ask = {}): Promise<Blob> {
	const headers = { ...headersOf(ask, true), 'content-type': 'application/json', accept: '*/*' }
	return call(path, { method: 'POST', headers, body: JSON.stringify(body) }, (answer) => answer.blob())
}

export function upload<T>(path: string, file: Blob, ask: Ask = {}): Promise<T> {
	const headers = { ...headersOf(ask, true), 'content-type': 'application/octet-stream' }
	return call(path, { method: 'POST', headers, body: file }, json<T>, UPLOAD_TIMEOUT_MS)
}

/** `?a=1&b=x` of what is given; nothing where nothing is. */
export function query(of: Record<string, string | number | undefined>): string {
	const parts = Object.entries(of)
		.filter(([, value]) => value !== undefined && value !== '')
		.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
	return parts.length > 0 ? `?${parts.join('&')}` : ''
}

// What went wrong with a call, in one form: a problem of the server (RFC 9457), or no answer at all. Pure.

import type { components } from './schema'

export type ProblemBody = components['schemas']['Problem']

export class CallFailed extends Error {
	constructor(
		/** 0: no answer came (no network, server stopped, time over). */
		readonly status: number,
		/** The name in the table of errors, for example `not-yet`; 'no-answer' or 'http' where the server gave none. */
		readonly code: string,
		readonly body: Partial<ProblemBody> = {},
		readonly retryAfterS?: number,
	) {
		super(body.title ?? `${code} (${status})`)
	}

	/** May the same command, with the same id, succeed later? */
	get retryable(): boolean {
		return this.status === 0 || this.status === 503 || this.status === 507 || this.code === 'not-yet'
	}
}

const TEXT_FIELDS = ['type', 'title', 'detail', 'field', 'remedy', 'rule', 'error_id'] as const
const RETRY_AFTER_S_MAX = 30

function parseRetryAfter(header: string | null): number | undefined {
	if (header === null || !/^[0-9]{1,6}$/.test(header)) return undefined
	return Math.min(Number(header), RETRY_AFTER_S_MAX)
}

/** A body that is no problem+json (a proxy's page, say) keeps only its status. */
export function parseProblem(
	status: number,
	contentType: string | null,
	text: string,
	retryAfter: string | null,
): CallFailed {
	const wait = parseRetryAfter(retryAfter)
	const body: Partial<ProblemBody> = { status }
	try {
		if (!/^application\/problem\+json\b/i.test(contentType ?? '')) throw new TypeError('not a problem')
		const value = JSON.parse(text) as Record<string, unknown>
		for (const field of TEXT_FIELDS) if (typeof value[field] === 'string') body[field] = value[field]
	} catch {
		return new CallFailed(status, 'http', { status }, wait)
	}
	const name = /^\/problems\/([a-z0-9-]+)$/.exec(body.type ?? '')?.[1]
	return new CallFailed(status, name ?? 'http', body, wait)
}

export function noAnswer(): CallFailed {
	return new CallFailed(0, 'no-answer')
}

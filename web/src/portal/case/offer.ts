// Another way that the reason of a refusal offers: a case of another type, written anew and tied to the refused one. What
// was written before is not passed on. Throws CallFailed.

import { type HandedIn, type Report, handIn } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'
import { CallFailed } from '../../shared/api/problem'
import { uuidv7 } from '../../shared/uuidv7'
import { reportOf } from '../report/draft'

export interface OfferDraft {
	text: string
	contact?: string
	confidential?: boolean
}

/** `auth` is what the receipt of the refused matter lets its holder act by; none where an account does. */
export function offerReport(draft: OfferDraft, type: CaseType, from: number, auth: string | undefined): Report {
	return { ...reportOf(draft, type, ''), offered_by: auth ? { id: from, secret: auth } : { id: from } }
}

/** Sent once: after no answer the same request goes again, so that it stands once. */
export function offerOnce(): (report: Report) => Promise<HandedIn> {
	let tried: { key: string; requestId: string } | undefined
	return async (report) => {
		const key = JSON.stringify(report)
		if (tried?.key !== key) tried = { key, requestId: uuidv7() }
		try {
			return await handIn(report, tried.requestId)
		} catch (error) {
			if (error instanceof CallFailed && !error.retryable) tried = undefined
			throw error
		}
	}
}

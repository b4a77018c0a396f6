// An emergency order, which goes by pages: how far it is, what it came to. Reactive; one instance, so that one that was cut
// off goes on where it stopped.

import { reactive } from 'vue'
import { type FieldValue, holdAll } from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { SameRequest } from './many'

/** At 400 cases a page more than an office has open. */
const PAGES_MAX = 500

export const order = reactive({
	/** What was confirmed: from then on it is not changed. */
	fields: undefined as FieldValue[] | undefined,
	busy: false,
	failed: undefined as CallFailed | undefined,
	pages: 0,
	done: 0,
	refused: 0,
	/** Where it goes on; undefined before the first page and after the last. */
	after: undefined as number | undefined,
	ended: false,
})

let request = new SameRequest()
let turn = 0

export function forgetOrder(): void {
	turn++
	order.fields = order.failed = order.after = undefined
	order.busy = order.ended = false
	order.pages = order.done = order.refused = 0
	request = new SameRequest()
}

/** Nothing was done yet: it may still be written otherwise. */
export const isUntouched = (): boolean => order.pages === 0

/** Gives the order, or goes on with the one that was begun. Each page is a request of its own, the same until it is answered. */
export async function giveOrder(fields: FieldValue[]): Promise<void> {
	if (order.busy || order.ended) return
	const mine = turn
	order.fields ??= fields
	order.busy = true
	order.failed = undefined
	try {
		while (order.pages < PAGES_MAX) {
			const { fields: given, after } = order
			const page = await holdAll(given, after, request.idOf(JSON.stringify([given, after ?? 0])))
			if (mine !== turn) return
			request.answered()
			order.pages++
			order.done += page.done
			order.refused += page.refused
			order.after = page.next
			if (page.next === undefined) {
				order.ended = true
				break
			}
		}
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		if (mine !== turn) return
		order.failed = error
		if (isUntouched()) order.fields = undefined
	} finally {
		if (mine === turn) order.busy = false
	}
}

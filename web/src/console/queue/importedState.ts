// The cases of other offices that wait to be taken over: thousands after an import. They are listed a page at a time, and for
// the map by the box that is looked at; the office counts them. Nothing of them runs, so nothing here is sorted or renewed by the
// clock. Reactive; one instance.

import { reactive } from 'vue'
import { type CaseRow, casesInBox, listCases } from '../../shared/api/cases'
import type { Box } from '../../shared/api/places'
import { CallFailed } from '../../shared/api/problem'

export const MARK = 'imported'
export const PAGE_ROWS = 100
/** Many come and go in one moment, with a file: then the count is asked for once. */
const RENEW_MS = 1_000

export const imported = reactive({
	/** As the office counts them. */
	count: 0,
	/** Those of the page that is listed, in its order. */
	rows: new Map<number, CaseRow>(),
	next: undefined as string | undefined,
	/** The cursors of the pages before this one, the first of which has none, and of this one. */
	before: [] as (string | undefined)[],
	cursor: undefined as string | undefined,
	loaded: false,
	loading: false,
	failed: undefined as CallFailed | undefined,
	/** Those within the box that the map looks at. */
	spots: new Map<number, CaseRow>(),
	spotsMore: false,
})

export const waits = (row: Pick<CaseRow, 'marks'>) => row.marks.includes(MARK)

let turn = 0

async function page(cursor: string | undefined, before: (string | undefined)[]): Promise<void> {
	const own = ++turn
	imported.loading = true
	try {
		const list = await listCases({ mark: MARK, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) })
		if (own !== turn) return
		imported.rows = new Map(list.cases.map((row) => [row.id, row]))
		imported.cursor = cursor
		imported.before = before
		imported.next = list.more ? list.next : undefined
		imported.count = list.sums?.imported ?? imported.count
		imported.loaded = true
		imported.failed = undefined
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		if (own === turn) imported.failed = error
	} finally {
		if (own === turn) imported.loading = false
	}
}

/** The first page. */
export const loadImported = (): Promise<void> => page(undefined, [])

/** The page after this one, or before it, where there is one and none is on its way. */
export async function turnPage(by: 1 | -1): Promise<void> {
	const { loading, next, before, cursor } = imported
	if (loading || (by === 1 ? !next : before.length === 0)) return
	const to = by === 1 ? next : before.at(-1)
	await page(to, by === 1 ? [...before, cursor] : before.slice(0, -1))
}

let askedSpots = 0
let lookedAt: Box | undefined

/** Those that lie within the box; without one, within the last. */
export async function readSpots(box = lookedAt): Promise<void> {
	lookedAt = box
	if (!box) return
	const own = ++askedSpots
	try {
		const list = await casesInBox(box, MARK)
		if (own !== askedSpots) return
		imported.spots = new Map(list.cases.map((row) => [row.id, row]))
		imported.spotsMore = list.more
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		if (own === askedSpots) imported.failed = error
	}
}

let renewing: ReturnType<typeof setTimeout> | undefined

/** One of them came, went or changed: `shown`: the list is looked at. */
export function importedChanged(shown: () => boolean): void {
	renewing ??= setTimeout(() => {
		renewing = undefined
		if (shown()) void Promise.all([page(imported.cursor, imported.before), readSpots()])
		else void listCases({ mark: MARK, limit: 1 }).then(
			({ sums }) => (imported.count = sums?.imported ?? imported.count),
			() => undefined, // the next news asks again
		)
	}, RENEW_MS)
}

export function leaveImported(): void {
	clearTimeout(renewing)
	renewing = lookedAt = undefined
	turn++
	askedSpots++
	imported.rows = new Map()
	imported.before = []
	imported.cursor = undefined
	imported.spots = new Map()
	imported.count = 0
	imported.loaded = imported.loading = imported.spotsMore = false
	imported.next = imported.failed = undefined
}

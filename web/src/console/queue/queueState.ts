// The queue as it is now and as it is shown. Rows are kept up to date by the stream; their order changes at once, unless
// the list is held (the pointer is over it, or it has the focus): then the changes are counted and offered.

import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { type CaseRow, listCases } from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { now, words } from '../../shared/officeState'
import { readShift } from '../desk/shiftState'
import { followChanges } from '../live'
import { wallChanged } from '../wall/wallState'
import { imported, importedChanged, leaveImported, loadImported, readSpots, waits } from './importedState'
import { type Slot, type Tab, countChanges, isIn, orderOf } from './order'

const PAGE_ROWS = 500
/** More open cases than this are not held here: the list says how many are left out. */
export const ROWS_MAX = 2000
const GLOW_MS = 2_800
const REGROUP_MS = 5_000
const FALLBACK_MS = 30_000

export const queue = reactive({
	rows: new Map<number, CaseRow>(),
	loaded: false,
	failed: undefined as CallFailed | undefined,
	/** There are more than are held here. */
	more: false,
	live: false,
	/** The office's time of the last news. */
	asOf: undefined as number | undefined,
	tab: 'all' as Tab,
	/** The pointer is over the list, or the focus in it. */
	pointed: false,
	focused: false,
	/** Ids that changed just now. */
	glowing: new Set<number>(),
	/** Rows that left the queue while the list is held: they stay where they are until it is renewed. */
	left: new Map<number, CaseRow>(),
})

export const shown = shallowRef<Slot[]>([])
/** The time by which groups are told: in steps, so that the list is not sorted every second. */
const coarse = ref(now.value)
watch(now, (at) => {
	if (Math.abs(at - coarse.value) >= REGROUP_MS) coarse.value = at
})

/** Those that wait to be taken over stand in the order of the office, which asks for nothing by the clock. */
const wanted = computed<Slot[]>(() =>
	queue.tab === 'imported'
		? [...imported.rows.keys()].map((id) => ({ id, group: 'later' }))
		: orderOf([...queue.rows.values()].filter((row) => isIn(queue.tab, row)), coarse.value),
)
export const changes = computed(() => countChanges(shown.value, wanted.value))
const isHeld = computed(() => queue.pointed || queue.focused)

/** Takes the new order. */
export function renew(): void {
	shown.value = wanted.value
	queue.left.clear()
}

function dropRow(id: number): void {
	const row = queue.rows.get(id)
	if (!row) return
	if (isHeld.value) queue.left.set(id, row)
	queue.rows.delete(id)
}

watch([wanted, isHeld], () => {
	if (!isHeld.value && changes.value > 0) renew()
})

/** A page that was turned is there at once, with nothing of the one before. */
watch(
	() => imported.rows,
	() => {
		if (queue.tab === 'imported') renew()
	},
	{ flush: 'sync' },
)

export function showTab(tab: Tab): void {
	queue.tab = tab
	if (tab === 'imported') {
		void loadImported()
		void readSpots()
	}
	renew()
}

export const rowOf = (id: number): CaseRow | undefined =>
	queue.rows.get(id) ?? queue.left.get(id) ?? imported.rows.get(id) ?? imported.spots.get(id)

/** What the map shows: the queue, or what waits within its view. */
export const onMap = computed<ReadonlyMap<number, CaseRow>>(() =>
	queue.tab === 'imported' ? imported.spots : queue.rows,
)

export const counts = computed(() => {
	const of = (tab: Tab) => [...queue.rows.values()].filter((row) => isIn(tab, row)).length
	return {
		all: of('all'),
		check: of('check'),
		callback: of('callback'),
		suspended: of('suspended'),
		imported: imported.count,
	}
})

function glow(id: number): void {
	queue.glowing.add(id)
	setTimeout(() => queue.glowing.delete(id), GLOW_MS)
}

function isFinal(row: CaseRow): boolean {
	const type = words.value?.type(undefined, row.type_n)
	return type?.states.find((state) => state.name === row.state)?.final === true
}

/** A row of the stream or of an answer. Older news than what is here is passed over. */
export function takeRow(row: CaseRow): void {
	queue.asOf = now.value
	const known = queue.rows.get(row.id)
	if (known && known.n > row.n) return
	if (waits(row) || imported.rows.has(row.id)) importedChanged(() => queue.tab === 'imported')
	if (isFinal(row) || waits(row)) {
		dropRow(row.id)
		return
	}
	queue.rows.set(row.id, row)
	if (known?.n !== row.n) glow(row.id)
}

let unfollow: (() => void) | undefined
let fallback: ReturnType<typeof setInterval> | undefined

function follow(seq: number): void {
	unfollow?.()
	unfollow = followChanges(seq, {
		changed: (row) => takeRow(row as CaseRow),
		gone: (id) => {
			queue.asOf = now.value
			if (imported.rows.has(id)) importedChanged(() => queue.tab === 'imported')
			dropRow(id)
		},
		reset: () => void loadQueue(),
		ended: () => void readShift(),
		wall: wallChanged,
		state: (live) => {
			queue.live = live
			if (live) wallChanged() // what was missed meanwhile
		},
	})
}

async function loadRows(): Promise<number> {
	const rows = new Map<number, CaseRow>()
	let cursor: string | undefined
	let seq: number | undefined
	for (;;) {
		const page = await listCases({ drills: 'with', limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) })
		for (const row of page.cases) rows.set(row.id, row)
		seq ??= page.seq
		imported.count = page.sums?.imported ?? 0
		queue.more = page.more
		cursor = page.next
		if (!page.more || !cursor || rows.size >= ROWS_MAX) break
	}
	queue.rows = rows
	queue.asOf = now.value
	return seq
}

/** Loads the whole queue and follows it from there. What failed stands in `queue.failed`. */
export async function loadQueue(): Promise<void> {
	try {
		const seq = await loadRows()
		queue.failed = undefined
		queue.loaded = true
		if (!isHeld.value || shown.value.length === 0) renew()
		follow(seq)
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		queue.failed = error
		// A desk that was taken over while nothing was heard.
		if (error.status === 409) await readShift()
	}
	fallback ??= setInterval(() => {
		if (!queue.live && document.visibilityState === 'visible') void loadQueue()
	}, FALLBACK_MS)
}

export function leaveQueue(): void {
	unfollow?.()
	clearInterval(fallback)
	unfollow = fallback = undefined
	queue.rows = new Map()
	queue.loaded = queue.live = queue.more = false
	queue.failed = queue.asOf = undefined
	shown.value = []
	queue.tab = 'all'
	leaveImported()
}

/** The id that comes `by` places after `id` as shown; the first one where `id` is not in the list. */
export function neighbour(id: number | undefined, by: number): number | undefined {
	const at = shown.value.findIndex((slot) => slot.id === id)
	if (at < 0) return shown.value[0]?.id
	return shown.value[Math.min(Math.max(at + by, 0), shown.value.length - 1)]?.id
}

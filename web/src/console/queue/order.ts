// The order of the queue, and how it may change without moving under the reader's hand. Pure.

import type { CaseRow } from '../../shared/api/cases'
import { GROUPS, type Group, type StageClock, groupOf } from '../../shared/time/left'

export const TABS = ['all', 'check', 'callback', 'suspended', 'imported'] as const
export type Tab = (typeof TABS)[number]

const CHECKS = ['checking', 'precheck', 'prechecking']
const CALLBACKS = ['calling_back', 'confirming', 'closed']

/** A row's clock as it is shown. A suspended one waits for its review, which is then what is due. */
export function clockOf(row: CaseRow, stage: string): StageClock {
	const suspended = row.marks.includes('suspended')
	const due = row.due === undefined ? undefined : row.due / 1000
	return {
		stage,
		...(due === undefined ? {} : suspended ? { review: due } : { due }),
		...(suspended ? { suspended } : {}),
	}
}

export function isIn(tab: Tab, row: CaseRow): boolean {
	const waitsFor = (names: readonly string[]) =>
		names.includes(row.state) || (row.due_clock !== undefined && names.includes(row.due_clock))
	switch (tab) {
		case 'all':
			return true
		case 'check':
			return waitsFor(CHECKS)
		case 'callback':
			return waitsFor(CALLBACKS)
		case 'suspended':
			return row.marks.includes('suspended')
		case 'imported':
			return row.marks.includes('imported')
	}
}

/** One place in the list: which case, under which head. */
export interface Slot {
	id: number
	group: Group
}

/** By group, within it by deadline; those without one come last, the oldest report first. */
export function orderOf(rows: Iterable<CaseRow>, now: number): Slot[] {
	return [...rows]
		.map((row) => ({ row, group: groupOf(clockOf(row, ''), now) }))
		.sort(
			(a, b) =>
				GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) ||
				(a.row.due ?? Infinity) - (b.row.due ?? Infinity) ||
				a.row.id - b.row.id,
		)
		.map(({ row, group }) => ({ id: row.id, group }))
}

/** The most that can stay where they are: the longest increasing run of places, by patience sorting. */
function longestKept(places: readonly number[]): number {
	const tails: number[] = []
	for (const place of places) {
		let low = 0
		let high = tails.length
		while (low < high) {
			const middle = (low + high) >> 1
			if (tails[middle]! < place) low = middle + 1
			else high = middle
		}
		tails[low] = place
	}
	return tails.length
}

/** How many cases are new, gone, under another head or at another place in `next`. */
export function countChanges(shown: readonly Slot[], next: readonly Slot[]): number {
	const before = new Map(shown.map((slot, i) => [slot.id, { group: slot.group, place: i }]))
	let changed = 0
	const kept: number[] = []
	for (const slot of next) {
		const old = before.get(slot.id)
		before.delete(slot.id)
		if (!old || old.group !== slot.group) changed++
		else kept.push(old.place)
	}
	return changed + before.size + kept.length - longestKept(kept)
}

/** The list under its heads. The counts are of what is shown. */
export function underHeads(slots: readonly Slot[]): { group: Group; ids: number[] }[] {
	return GROUPS.map((group) => ({
		group,
		ids: slots.filter((slot) => slot.group === group).map((slot) => slot.id),
	})).filter((head) => head.ids.length > 0)
}

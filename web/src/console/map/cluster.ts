// Marks that lie nearer than they are large become one, with the most urgent shape and a count. Pure; pixels in, pixels
// out. The same marks in the same order give the same clusters.

import { TIME_KINDS, type TimeKind } from '../../shared/time/left'

export const NEAR_PX = 20

export interface Mark {
	id: number
	x: number
	y: number
	kind: TimeKind
	step: number
}

export interface Cluster {
	/** The most urgent first. */
	ids: number[]
	/** Where the most urgent one lies. */
	x: number
	y: number
	kind: TimeKind
	step: number
}

const urgency = (kind: TimeKind) => TIME_KINDS.indexOf(kind)

/** Marks are taken by urgency, then id: each joins the first cluster nearer than `near`, else begins its own. */
export function cluster(marks: readonly Mark[], near = NEAR_PX): Cluster[] {
	const clusters: Cluster[] = []
	const cells = new Map<string, Cluster[]>()
	const cell = (x: number, y: number) => `${Math.floor(x / near)} ${Math.floor(y / near)}`
	const around = function* (x: number, y: number) {
		for (let dx = -1; dx <= 1; dx++)
			for (let dy = -1; dy <= 1; dy++) yield* cells.get(cell(x + dx * near, y + dy * near)) ?? []
	}
	for (const mark of [...marks].sort((a, b) => urgency(a.kind) - urgency(b.kind) || a.id - b.id)) {
		let nearest: Cluster | undefined
		let distance = near
		for (const other of around(mark.x, mark.y)) {
			const d = Math.hypot(other.x - mark.x, other.y - mark.y)
			if (d < distance) {
				nearest = other
				distance = d
			}
		}
		if (nearest) {
			nearest.ids.push(mark.id)
			continue
		}
		const { x, y, kind, step } = mark
		const own = { ids: [mark.id], x, y, kind, step }
		clusters.push(own)
		const key = cell(x, y)
		const there = cells.get(key)
		if (there) there.push(own)
		else cells.set(key, [own])
	}
	return clusters
}

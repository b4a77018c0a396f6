// Merkle tree of RFC 6962 section 2.1: roots from inclusion paths, consistency of two sizes from C2SP tlog-tiles.
// Pure but for the tile reader, which the caller hands in. Sizes are integers below 2^53, so no bit operators.
// Cost: a check of either kind is at most 53 hashes a level of the tree; consistency reads at most 2 tiles a level.

import { type Bytes, equal } from './bytes'
import type { Checker } from './crypto'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)
const TILE_HEIGHT = 8
const TILE_WIDTH = 256
const HASH_BYTES = 32

/** Reads the hashes of a tile (width · 32 bytes). Throws where it cannot. */
export type TileReader = (path: string, width: number) => Promise<Uint8Array>

export function leafHash(data: Uint8Array, c: Checker): Promise<Bytes> {
	return c.sha256(LEAF, data)
}

function nodeHash(left: Uint8Array, right: Uint8Array, c: Checker): Promise<Bytes> {
	return c.sha256(NODE, left, right)
}

/** The root that `path` leads to from leaf `index` of `size` (RFC 9162 section 2.1.3.2); undefined where the path
 * has not the length that this leaf's path has. */
export async function inclusionRoot(
	index: number,
	size: number,
	leaf: Bytes,
	path: readonly Bytes[],
	c: Checker,
): Promise<Bytes | undefined> {
	if (index < 0 || index >= size) return undefined
	let node = index
	let last = size - 1
	let hash = leaf
	for (const sibling of path) {
		if (last === 0) return undefined
		if (node % 2 === 1 || node === last) {
			hash = await nodeHash(sibling, hash, c)
			while (node % 2 === 0 && node !== 0) {
				node = Math.floor(node / 2)
				last = Math.floor(last / 2)
			}
		} else {
			hash = await nodeHash(hash, sibling, c)
		}
		node = Math.floor(node / 2)
		last = Math.floor(last / 2)
	}
	return last === 0 ? hash : undefined
}

/** The path of a tile below `/log/`, as C2SP tlog-tiles spells it: `tile/0/x001/234.p/5`. */
export function tilePath(level: number, index: number, width: number): string {
	const groups: string[] = []
	let rest = index
	do {
		groups.unshift(String(rest % 1000).padStart(3, '0'))
		rest = Math.floor(rest / 1000)
	} while (rest > 0)
	const name = groups.map((group, i) => (i < groups.length - 1 ? 'x' + group : group)).join('/')
	return `tile/${level}/${name}` + (width < TILE_WIDTH ? `.p/${width}` : '')
}

/** Largest power of two below n (n > 1). */
function splitPoint(n: number): number {
	let k = 1
	while (k * 2 < n) k *= 2
	return k
}

/** Hashes of ranges of leaves in a tree of `size`, out of its tiles; each tile is read once. */
function rangeHasher(size: number, read: TileReader, c: Checker) {
	const tiles = new Map<string, Promise<Uint8Array>>()

	async function tileHashes(level: number, first: number, count: number): Promise<Bytes[]> {
		const index = Math.floor(first / TILE_WIDTH)
		const held = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH
		const width = Math.min(TILE_WIDTH, held)
		const path = tilePath(level, index, width)
		if (!tiles.has(path)) tiles.set(path, read(path, width))
		const bytes = await tiles.get(path)!
		const start = first - index * TILE_WIDTH
		if (bytes.length < (start + count) * HASH_BYTES) throw new Error(`tile too short: ${path}`)
		return Array.from(
			{ length: count },
			(_, i) => new Uint8Array(bytes.slice((start + i) * HASH_BYTES, (start + i + 1) * HASH_BYTES)),
		)
	}

	/** MTH(D[from:to]); `from` is a multiple of the power of two that `to - from` fits in. */
	return async function hashOf(from: number, to: number): Promise<Bytes> {
		const count = to - from
		const height = Math.log2(count)
		if (Number.isInteger(height)) {
			const level = Math.floor(height / TILE_HEIGHT)
			const unit = TILE_WIDTH ** level
			let row = await tileHashes(level, from / unit, count / unit)
			while (row.length > 1) {
				const above: Bytes[] = []
				for (let i = 0; i < row.length; i += 2) above.push(await nodeHash(row[i]!, row[i + 1]!, c))
				row = above
			}
			return row[0]!
		}
		const k = splitPoint(count)
		return nodeHash(await hashOf(from, from + k), await hashOf(from + k, to), c)
	}
}

/** PROOF(m, D[n]) of RFC 6962 section 2.1.2, out of the tiles of the tree of size n. */
async function consistencyPath(m: number, n: number, read: TileReader, c: Checker): Promise<Bytes[]> {
	const hashOf = rangeHasher(n, read, c)
	async function below(from: number, to: number, old: number, whole: boolean): Promise<Bytes[]> {
		if (old === to - from) return whole ? [] : [await hashOf(from, to)]
		const k = splitPoint(to - from)
		if (old <= k) return [...(await below(from, from + k, old, whole)), await hashOf(from + k, to)]
		return [...(await below(from + k, to, old - k, false)), await hashOf(from, from + k)]
	}
	return below(0, n, m, true)
}

/** RFC 9162 section 2.1.4.2: does `path` prove that the tree (m, oldRoot) is the beginning of (n, newRoot)? */
export async function consistencyHolds(
	m: number,
	oldRoot: Bytes,
	n: number,
	newRoot: Bytes,
	path: readonly Bytes[],
	c: Checker,
): Promise<boolean> {
	if (m < 1 || m > n) return false
	if (m === n) return path.length === 0 && equal(oldRoot, newRoot)
	const proof = Number.isInteger(Math.log2(m)) ? [oldRoot, ...path] : [...path]
	let node = m - 1
	let last = n - 1
	const halve = () => {
		node = Math.floor(node / 2)
		last = Math.floor(last / 2)
	}
	while (node % 2 === 1) halve()
	const first = proof.shift()
	if (!first) return false
	let oldHash = first
	let newHash = first
	for (const sibling of proof) {
		if (last === 0) return false
		if (node % 2 === 1 || node === last) {
			oldHash = await nodeHash(sibling, oldHash, c)
			newHash = await nodeHash(sibling, newHash, c)
			while (node % 2 === 0 && node !== 0) halve()
		} else {
			newHash = await nodeHash(newHash, sibling, c)
		}
		halve()
	}
	return last === 0 && equal(oldHash, oldRoot) && equal(newHash, newRoot)
}

/** Is the tree (m, oldRoot) the beginning of (n, newRoot)? Reads tiles; what they hold need not be trusted. */
export async function isPrefix(
	m: number,
	oldRoot: Bytes,
	n: number,
	newRoot: Bytes,
	read: TileReader,
	c: Checker,
): Promise<boolean> {
	if (m < 1 || m > n) return false
	const path = m === n ? [] : await consistencyPath(m, n, read, c)
	return consistencyHolds(m, oldRoot, n, newRoot, path, c)
}

import { describe, expect, it } from 'vitest'
import { makeChecker } from '../src/shared/proof/crypto'
import { consistencyHolds, inclusionRoot, isPrefix, leafHash, tilePath } from '../src/shared/proof/tree'
import { mth, nodeSubtle, path, sha256, tile } from './support'

const c = makeChecker(nodeSubtle)
const bytes = (b: Buffer) => Uint8Array.from(b)
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => sha256(`leaf ${i}`))

/** A reader of the tiles of the tree over `leaves`, that notes what was read. */
function reader(leaves: Buffer[], read: string[] = []) {
	return async (name: string, width: number) => {
		read.push(name)
		const [, level, rest] = /^tile\/([0-9]+)\/([x0-9/]+)(?:\.p\/[0-9]+)?$/.exec(name) ?? []
		const hashes = tile(leaves, Number(level), Number(rest!.replace(/[x/]/g, '')))
		return hashes.subarray(0, width * 32)
	}
}

describe('the naive tree of the tests', () => {
	// Published with the Certificate Transparency reference implementation: eight leaves and their root.
	it('agrees with the published vectors', () => {
		const leaves = [
			'',
			'00',
			'10',
			'2021',
			'3031',
			'40414243',
			'5051525354555657',
			'606162636465666768696a6b6c6d6e6f',
		].map((hex) => Buffer.from(hex, 'hex'))
		expect(mth(leaves.slice(0, 1)).toString('hex')).toBe(
			'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
		)
		expect(mth(leaves).toString('hex')).toBe(
			'5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
		)
	})
})

describe('inclusion', () => {
	it('leads to the root for every leaf of every size up to 40, and refuses another index or size of path', async () => {
		for (let size = 1; size <= 40; size++) {
			const leaves = leavesOf(size)
			const root = bytes(mth(leaves))
			for (let i = 0; i < size; i++) {
				const leaf = await leafHash(bytes(leaves[i]!), c)
				const proof = path(i, leaves).map(bytes)
				expect(await inclusionRoot(i, size, leaf, proof, c)).toEqual(root)
				expect(await inclusionRoot(i, size, leaf, [...proof, root], c)).toBeUndefined()
				if (size > 1)
					expect(await inclusionRoot((i + 1) % size, size, leaf, proof, c)).not.toEqual(root)
			}
			expect(await inclusionRoot(size, size, root, [], c)).toBeUndefined()
		}
	})
})

describe('tile paths', () => {
	it('are spelled as in C2SP tlog-tiles', () => {
		expect(tilePath(0, 0, 256)).toBe('tile/0/000')
		expect(tilePath(0, 1234067, 256)).toBe('tile/0/x001/x234/067')
		expect(tilePath(2, 5, 17)).toBe('tile/2/005.p/17')
	})
})

describe('consistency out of tiles', () => {
	const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 255, 256, 257, 300, 511, 512, 513, 700]
	const all = leavesOf(700)
	const roots = new Map(sizes.map((size) => [size, bytes(mth(all.slice(0, size)))]))

	it('holds for every pair of sizes, and not for another old root', async () => {
		for (const n of sizes) {
			for (const m of sizes.filter((size) => size <= n)) {
				const read = reader(all.slice(0, n))
				expect(await isPrefix(m, roots.get(m)!, n, roots.get(n)!, read, c), `${m} of ${n}`).toBe(true)
				const wrong = Uint8Array.from(roots.get(m)!, (b, i) => (i === 31 ? b ^ 1 : b))
				expect(await isPrefix(m, wrong, n, roots.get(n)!, read, c), `wrong ${m} of ${n}`).toBe(false)
			}
		}
	})

	it('does not hold when a leaf that the old tree had was exchanged', async () => {
		for (const [m, n] of [
			[5, 9],
			[257, 700],
			[300, 513],
		] as const) {
			const forged = all.slice(0, n)
			forged[m - 1] = sha256('another')
			expect(
				await isPrefix(m, roots.get(m)!, n, bytes(mth(forged)), reader(forged), c),
				`${m} of ${n}`,
			).toBe(false)
		}
	})

	it('does not hold for a smaller new tree, or none', async () => {
		const read = reader(all)
		expect(await isPrefix(9, roots.get(9)!, 8, roots.get(8)!, read, c)).toBe(false)
		expect(await isPrefix(0, roots.get(1)!, 8, roots.get(8)!, read, c)).toBe(false)
		expect(await consistencyHolds(3, roots.get(3)!, 7, roots.get(7)!, [], c)).toBe(false)
	})

	it('reads few tiles, each once, and says so when one is cut short', async () => {
		const read: string[] = []
		await isPrefix(300, roots.get(300)!, 700, roots.get(700)!, reader(all, read), c)
		expect(new Set(read).size).toBe(read.length)
		expect(read.length).toBeLessThanOrEqual(4)
		const short = async (name: string, width: number) => (await reader(all)(name, width)).subarray(32)
		await expect(isPrefix(300, roots.get(300)!, 700, roots.get(700)!, short, c)).rejects.toThrow(
			'tile too short',
		)
	})
})

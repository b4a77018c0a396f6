// The comparison with the record as it is now, against an office in memory that can lie in each of the ways that matter.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { proveEntry } from '../src/shared/api/client'
import { CallFailed } from '../src/shared/api/problem'
import { type Finding, compare } from '../src/shared/proof/compare'
import { makeChecker } from '../src/shared/proof/crypto'
import { type Line, makeLine, makeOffice, makeReceipt, nodeSubtle, tile } from './support'

const office = makeOffice()
const lines = Array.from({ length: 300 }, (_, i) => makeLine(i + 1))
const receipt = makeReceipt(office, lines.slice(0, 270), 5)
const checker = makeChecker(nodeSubtle)

interface World {
	now: Line[]
	key?: typeof office
	erased?: boolean
	/** Answers of its own: the path to a status and a body, ahead of all else. */
	answers?: (path: string) => Response | undefined
}
let world: World
let asked: string[]

const leavesOf = (of: Line[]) => of.map((line) => line.commitment)
const problem = (status: number, name: string, retryAfter?: string) =>
	new Response(JSON.stringify({ type: `/problems/${name}`, title: name, status }), {
		status,
		headers: {
			'content-type': 'application/problem+json',
			...(retryAfter ? { 'retry-after': retryAfter } : {}),
		},
	})

function answer(path: string): Response {
	const own = world.answers?.(path)
	if (own) return own
	const leaves = leavesOf(world.now)
	if (path.endsWith('/open'))
		return world.erased ? problem(410, 'gone') : Response.json({ n: 5, entry: '', salt: '' })
	if (path.startsWith('/api/v1/proofs/')) {
		const by = world.key ?? office
		return Response.json({ n: 5, proof: [], checkpoint: by.checkpoint(leaves), key: by.key })
	}
	const [, level, index, width] = /^\/log\/tile\/(\d)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? []
	const hashes = tile(leaves, Number(level), Number(index))
	if (hashes.length !== Number(width ?? 256) * 32) return problem(404, 'not-found')
	return new Response(new Uint8Array(hashes))
}

beforeEach(() => {
	world = { now: lines }
	asked = []
	vi.stubGlobal('fetch', async (path: string) => {
		asked.push(path)
		return answer(path)
	})
})
afterEach(() => {
	vi.unstubAllGlobals()
	vi.useRealTimers()
})

async function findings(erased = false): Promise<string[]> {
	const found = await compare(receipt, erased, 5, checker)
	return found.map((finding: Finding) => `${finding.name} ${finding.state}`)
}

it('an honest office: readable, verified, the tree holds', async () => {
	expect(await findings()).toEqual(['readable passed', 'receipt-holds passed', 'tree-holds passed'])
	expect(asked.filter((path) => path.startsWith('/log/')).length).toBeLessThanOrEqual(4)
})

it('after erasing: unreadable; readable then is a failure', async () => {
	world.erased = true
	expect((await findings(true))[0]).toBe('unreadable passed')
	world.erased = false
	expect((await findings(true))[0]).toBe('readable failed')
})

it('an exchanged line, even the last that was covered, is found', async () => {
	for (const n of [1, 5, 270]) {
		world.now = lines.map((line, i) => (i === n - 1 ? makeLine(n, 'another') : line))
		expect((await findings())[2], `line ${n}`).toBe('tree-changed failed')
	}
})

it('a shorter record, another key, another origin and a broken note are told apart', async () => {
	world.now = lines.slice(0, 200)
	expect((await findings())[2]).toBe('tree-shrunk failed')
	world = { now: lines, key: makeOffice(office.origin) }
	expect((await findings())[2]).toBe('new-unsigned failed')
	world = { now: lines, key: makeOffice(office.origin.replace(/1$/, '2')) }
	expect((await findings())[2]).toBe('other-origin unknown')
	world = {
		now: lines,
		answers: (path) => (path.includes('proofs') ? Response.json({ checkpoint: 'x' }) : undefined),
	}
	expect((await findings())[2]).toBe('tree-unread failed')
})

it('a partial tile that is gone is read from the full one; missing tiles are said', async () => {
	const full = lines.concat(Array.from({ length: 212 }, (_, i) => makeLine(301 + i)))
	world.answers = (path) => {
		if (path.includes('.p/') && path.includes('/0/001')) return problem(404, 'not-found')
		return path === '/log/tile/0/001'
			? new Response(new Uint8Array(tile(leavesOf(full), 0, 1)))
			: undefined
	}
	expect((await findings())[2]).toBe('tree-holds passed')
	world.answers = (path) => (path.startsWith('/log/') ? problem(404, 'not-found') : undefined)
	expect((await findings())[2]).toBe('tiles-missing unknown')
})

it('no answer is no finding', async () => {
	vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
	await expect(findings()).rejects.toMatchObject({ status: 0 })
})

it('a proof that is not yet there is waited for, as long as the office says, and not for ever', async () => {
	vi.useFakeTimers()
	let left = 2
	world.answers = () => (left-- > 0 ? problem(409, 'not-yet', '3') : undefined)
	const proof = proveEntry(5)
	await vi.advanceTimersByTimeAsync(2999)
	expect(asked).toHaveLength(1)
	await vi.advanceTimersByTimeAsync(3001)
	await expect(proof).resolves.toMatchObject({ n: 5 })
	expect(asked).toHaveLength(3)

	asked = []
	world.answers = () => problem(409, 'not-yet', '1')
	const never = proveEntry(5).catch((error: CallFailed) => error.code)
	await vi.advanceTimersByTimeAsync(60_000)
	expect(await never).toBe('not-yet')
	expect(asked).toHaveLength(10)
})

it('a call that hangs ends as no answer', async () => {
	vi.useFakeTimers()
	vi.stubGlobal(
		'fetch',
		(_: string, init: RequestInit) =>
			new Promise((_resolve, reject) => {
				init.signal!.addEventListener('abort', () =>
					reject(new DOMException('stopped', 'AbortError')),
				)
			}),
	)
	const call = proveEntry(5).catch((error: CallFailed) => error.status)
	await vi.advanceTimersByTimeAsync(15_000)
	expect(await call).toBe(0)
})

// Acts for many cases: who has them, how many they would reach, what they came to; pages that go on where they stopped, and the
// same request until it is answered.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { children, answerAll, answerAnew, forgetChildren, lookAtChildren } from '../src/console/many/childrenState'
import { HOLD, MOTHER_ANSWER, SameRequest, TIES_MAX, commandForMany, countToHold, wasReached } from '../src/console/many/many'
import { forgetOrder, giveOrder, order } from '../src/console/many/orderState'
import type { Case } from '../src/shared/api/cases'
import type { CaseType } from '../src/shared/api/office'
import { row } from './fixtures/cases'
import { FILES } from './fixtures/files'

const way = (command: string, name: string, by: string[], from: string[], fills: string[], may_fill: string[] = []) => ({
	name,
	words: { zh: name, en: name },
	command,
	by,
	from,
	fills,
	may_fill,
})
const TYPE: CaseType = {
	...FILES.types[1]!,
	transitions: [
		way(MOTHER_ANSWER, 'answered', ['duty_officer', 'desk_lead'], ['handling'], ['answer'], ['photo']),
		way(MOTHER_ANSWER, 'to_check', ['duty_officer'], ['handling'], ['answer', 'photo']),
		way(HOLD, 'hold', ['desk_lead'], ['handling'], ['hold_order']),
	],
}

describe('commandForMany', () => {
	it('wants what any way of the role wants, once', () => {
		expect(commandForMany([TYPE], MOTHER_ANSWER, 'duty_officer')).toMatchObject({
			command: MOTHER_ANSWER,
			role: 'duty_officer',
			fills: ['answer', 'photo'],
			may_fill: [],
		})
		expect(commandForMany([TYPE], MOTHER_ANSWER, 'desk_lead')).toMatchObject({ fills: ['answer'], may_fill: ['photo'] })
	})

	it('is none for whoever may not', () => {
		expect(commandForMany([TYPE], HOLD, 'duty_officer')).toBeUndefined()
		expect(commandForMany([TYPE], HOLD, undefined)).toBeUndefined()
		expect(commandForMany([], HOLD, 'desk_lead')).toBeUndefined()
	})
})

describe('countToHold', () => {
	it('looks at the third and fourth priority, and holds those that stand where they can be held', () => {
		const rows = [
			row(1, { priority: 1 }),
			row(2, { priority: 2 }),
			row(3, { priority: 3 }),
			row(4, { priority: 4 }),
			row(5, { priority: 3, state: 'dispatched' }),
			{ ...row(6, {}), priority: undefined } as unknown as ReturnType<typeof row>,
		]
		expect(countToHold(rows, () => TYPE, 'desk_lead')).toEqual({ looked: 3, held: 2 })
		expect(countToHold(rows, () => TYPE, 'duty_officer')).toEqual({ looked: 3, held: 0 })
		expect(countToHold(rows, () => undefined, 'desk_lead')).toEqual({ looked: 3, held: 0 })
	})
})

describe('wasReached', () => {
	const act = { n: 50, entry: '{"at":1000,"n":50}' }
	it.each([
		['of the act', { n: 48, at: 1000, command: MOTHER_ANSWER }, true],
		['another step', { n: 48, at: 1000, command: 'withdraw' }, false],
		['of an act before', { n: 40, at: 900, command: MOTHER_ANSWER }, false],
		['of an act since', { n: 52, at: 1000, command: MOTHER_ANSWER }, false],
	])('%s', (_, step, is) => {
		expect(wasReached([{ n: 49, at: 1000, command: 'message' }, step], act)).toBe(is)
	})
})

describe('SameRequest', () => {
	it('keeps its id for the same words until it is answered', () => {
		const request = new SameRequest()
		const first = request.idOf('a')
		expect(request.idOf('a')).toBe(first)
		const other = request.idOf('b')
		expect(other).not.toBe(first)
		request.answered()
		expect(request.idOf('b')).not.toBe(other)
	})
})

interface Asked {
	path: string
	id: string
	body: Record<string, unknown>
}
type Reply = { status?: number; body: unknown } | 'lost'
const asked: Asked[] = []

/** Answers by what is asked; `lost` is no answer at all. */
function server(reply: (ask: Asked) => Reply): void {
	vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
		const ask = {
			path,
			id: (init.headers as Record<string, string>)['idempotency-key'] ?? '',
			body: init.body ? (JSON.parse(init.body as string) as Record<string, unknown>) : {},
		}
		asked.push(ask)
		const said = reply(ask)
		if (said === 'lost') return Promise.reject(new TypeError('no network'))
		const status = said.status ?? 200
		const type = status < 400 ? 'application/json' : 'application/problem+json'
		return Promise.resolve(new Response(JSON.stringify(said.body), { status, headers: { 'content-type': type } }))
	})
}
const refusal = (status: number, title: string): Reply => ({ status, body: { type: '/problems/x', title, status } })
const posts = () => asked.filter(({ id }) => id !== '')

beforeEach(() => {
	asked.length = 0
	forgetOrder()
	forgetChildren()
})
afterEach(() => vi.unstubAllGlobals())

describe('an emergency order', () => {
	const FIELDS = [{ field: 'hold_order', value: '街道令第 3 号' }]
	const page = (done: number, refused: number, next?: number): Reply => ({
		status: 201,
		body: { n: 1, entry: '{}', salt: '', done, refused, masked: {}, ...(next ? { next } : {}) },
	})

	it('goes by pages, each a request of its own, and adds up', async () => {
		server(({ body }) => (body.after === undefined ? page(390, 10, 400) : body.after === 400 ? page(0, 400, 900) : page(7, 1)))
		await giveOrder(FIELDS)
		expect(asked.map(({ body }) => body.after)).toEqual([undefined, 400, 900])
		expect(new Set(asked.map(({ id }) => id)).size).toBe(3)
		expect(order).toMatchObject({ ended: true, busy: false, pages: 3, done: 397, refused: 411 })
		await giveOrder(FIELDS)
		expect(asked, 'what has ended is not given again').toHaveLength(3)
	})

	it('goes on where it stopped, with the same request and the same words', async () => {
		let isCut = true
		server(({ body }) => (body.after === undefined ? page(400, 0, 400) : isCut ? 'lost' : page(5, 0)))
		await giveOrder(FIELDS)
		expect(order).toMatchObject({ ended: false, busy: false, pages: 1, done: 400, after: 400 })
		expect(order.failed?.status).toBe(0)
		isCut = false
		await giveOrder([{ field: 'hold_order', value: 'other words' }])
		expect(order).toMatchObject({ ended: true, pages: 2, done: 405, failed: undefined })
		expect(asked).toHaveLength(3)
		expect(asked[2]).toEqual(asked[1])
		expect(asked[2]!.body.fields).toEqual(FIELDS)
	})

	it('a first page that was lost is the same request again; one that was refused may be written otherwise', async () => {
		server(() => 'lost')
		await giveOrder(FIELDS)
		server(() => refusal(400, 'by whose order?'))
		await giveOrder(FIELDS)
		expect(asked[1]!.id).toBe(asked[0]!.id)
		expect(order).toMatchObject({ pages: 0, fields: undefined, ended: false })
		expect(order.failed?.body.title).toBe('by whose order?')
		server(() => page(1, 0))
		await giveOrder([{ field: 'hold_order', value: 'other words' }])
		expect(asked[2]!.id).not.toBe(asked[0]!.id)
		expect(asked[2]!.body.fields).toEqual([{ field: 'hold_order', value: 'other words' }])
		expect(order.done).toBe(1)
	})

	it('of somebody who has left the screen says nothing to the next', async () => {
		server(() => page(400, 0, 400))
		const given = giveOrder(FIELDS)
		forgetOrder()
		await given
		expect(asked).toHaveLength(1)
		expect(order).toMatchObject({ pages: 0, done: 0, ended: false, busy: false })
	})
})

describe('one answer for all children', () => {
	const tie = (id: number, kind: 'child' | 'joined' = 'child') => ({ kind, id, number: `N-${id}`, n: id })
	const MOTHER = { id: 1, ties: [tie(9, 'joined'), tie(2), tie(3), tie(4)] } as Pick<Case, 'id' | 'ties'>
	const FIELDS = [{ field: 'answer', value: '已修复' }]
	const act = (done: number, refused: number): Reply => ({
		status: 201,
		body: { n: 50, entry: '{"at":1000}', salt: '', done, refused, masked: {} },
	})
	const one = (state: string, ...commands: string[]): Reply => ({
		body: { state, type: 'resident-request', type_n: 20, commands: commands.map((command) => ({ command })) },
	})
	/** 2 can be reached, 3 was withdrawn, 4 is not to be seen; `told` is the answer to the act. */
	const office = (told: () => Reply) =>
		server(({ path, id }) => {
			if (id) return told()
			if (path.includes('/cases/4')) return refusal(403, 'not for this post')
			if (path.includes('/cases/2/history'))
				return { body: { steps: [{ n: 49, at: 1000, command: MOTHER_ANSWER, state: 'closed' }] } }
			if (path.includes('/history')) return { body: { steps: [{ n: 30, at: 300, command: 'withdraw', state: 'withdrawn' }] } }
			return path.endsWith('/2') ? one('handling', 'message', MOTHER_ANSWER) : one('withdrawn', 'message')
		})

	it('says before whom it reaches, and after whom it did not, with the reason', async () => {
		office(() => act(1, 2))
		await lookAtChildren(MOTHER)
		expect(children.known?.map(({ id, can }) => [id, can])).toEqual([
			[2, true],
			[3, false],
			[4, false],
		])
		expect(children.more).toBe(false)
		await answerAll(FIELDS)
		expect(children.act).toMatchObject({ done: 1, refused: 2 })
		expect(children.left?.map(({ id, now, failed }) => [id, now?.state ?? failed?.body.title])).toEqual([
			[3, 'withdrawn'],
			[4, 'not for this post'],
		])
		expect(children.busy).toBe(false)
		await answerAnew(MOTHER)
		expect(children).toMatchObject({ of: 1, act: undefined, left: undefined })
	})

	it('looks for nobody where all were reached', async () => {
		office(() => act(3, 0))
		await lookAtChildren(MOTHER)
		const before = asked.length
		await answerAll(FIELDS)
		expect(asked).toHaveLength(before + 1)
		expect(children.left).toEqual([])
	})

	it('is the same request until it is answered, and another with other words', async () => {
		office(() => 'lost')
		await lookAtChildren(MOTHER)
		await answerAll(FIELDS)
		expect(children.failed?.status).toBe(0)
		await answerAll(FIELDS)
		await answerAll([{ field: 'answer', value: 'other' }])
		office(() => act(3, 0))
		await answerAll([{ field: 'answer', value: 'other' }])
		const ids = posts().map(({ id }) => id)
		expect(ids[1]).toBe(ids[0])
		expect(ids[2]).not.toBe(ids[1])
		expect(ids[3]).toBe(ids[2])
		expect(children.act?.done).toBe(3)
	})

	it('of a mother that was left says nothing of the next one', async () => {
		office(() => act(1, 2))
		await lookAtChildren(MOTHER)
		const given = answerAll(FIELDS)
		forgetChildren()
		await given
		expect(children.act).toBeUndefined()
		await lookAtChildren({ id: 7, ties: [] })
		expect(children).toMatchObject({ of: 7, known: [], act: undefined, busy: false })
	})

	it('says that there may be more where as many are told as can be', async () => {
		office(() => act(1, 2))
		await lookAtChildren({ id: 1, ties: Array.from({ length: TIES_MAX }, (_, i) => tie(i + 100)) })
		expect(children.more).toBe(true)
	})
})

// Receipts on the phone, and the way from an address to a page.
import { describe, expect, it, vi } from 'vitest'

vi.stubGlobal('location', { hash: '' })
vi.stubGlobal('addEventListener', () => undefined)
const { hashOf, parseRoute } = await import('../src/portal/route')
const { MATTERS_MAX, readMatters, titleOf, withMatter } = await import('../src/portal/matters')
type Matter = import('../src/portal/matters').Matter

const SECRET = 'wb8PCA+mzMcL1UqGda9PSQ=='
const matter = (id: number, more: Partial<Matter> = {}): Matter => ({
	id,
	number: `261128-000${id}-1`,
	role: 'reporter',
	at: id,
	...more,
})

describe('addresses', () => {
	it.each([
		['', { page: 'home' }],
		['#/', { page: 'home' }],
		['#/nowhere', { page: 'home' }],
		['#/report', { page: 'report', step: 'what' }],
		['#/report/check', { page: 'report', step: 'check' }],
		['#/report/x', { page: 'report', step: 'what' }],
		['#/case/870', { page: 'case', id: 870 }],
		['#/case/0', { page: 'home' }],
		['#/case/87a', { page: 'home' }],
		['#/number/261128-0001-7', { page: 'number', number: '261128-0001-7' }],
		['#/number/%E0%A4%A', { page: 'number' }],
	])('%s', (hash, route) => {
		expect(parseRoute(hash)).toEqual(route)
	})

	it('carry what lets the holder act, and nothing that has not its form', () => {
		for (const auth of [SECRET, `53.${SECRET}`]) {
			const hash = hashOf({ page: 'case', id: 50, auth })
			expect(hash).toMatch(/^#\/case\/50\/[A-Za-z0-9%.]+$/)
			expect(parseRoute(hash)).toEqual({ page: 'case', id: 50, auth })
		}
		for (const bad of ['x', `0.${SECRET}`, `${SECRET}a`, SECRET.slice(1)])
			expect(parseRoute(`#/case/50/${encodeURIComponent(bad)}`)).toEqual({ page: 'case', id: 50 })
	})

	it('come back as they were made', () => {
		for (const route of [
			{ page: 'home' },
			{ page: 'report', step: 'what' },
			{ page: 'report', step: 'where' },
			{ page: 'number', number: '1/2' },
			{ page: 'sign-in' },
		] as const)
			expect(parseRoute(hashOf(route))).toEqual(route)
	})
})

describe('matters', () => {
	it('stand once each, the newest first, and keep what is not said again', () => {
		const all = withMatter([matter(1, { auth: SECRET, title: '路灯' }), matter(2)], matter(1, { n: 36 }))
		expect(all).toEqual([matter(1, { auth: SECRET, title: '路灯', n: 36 }), matter(2)])
	})

	it('are no more than their cap', () => {
		const many = Array.from({ length: MATTERS_MAX }, (_, i) => matter(i + 1))
		const all = withMatter(many, matter(MATTERS_MAX + 1))
		expect(all).toHaveLength(MATTERS_MAX)
		expect(all[0]!.id).toBe(MATTERS_MAX + 1)
		expect(all.some(({ id }) => id === MATTERS_MAX)).toBe(false)
	})

	it('are read as far as they have their form', () => {
		expect(readMatters('x')).toEqual([])
		expect(
			readMatters([matter(1), { ...matter(2), id: 0 }, { ...matter(3), role: 'desk' }, { ...matter(4), auth: 7 }, null]),
		).toEqual([matter(1)])
	})

	it('are known by their first words', () => {
		expect(titleOf('  路灯不亮\n第二行')).toBe('路灯不亮')
		expect(titleOf('字'.repeat(40))).toBe('字'.repeat(40))
		expect(titleOf('字'.repeat(41))).toBe(`${'字'.repeat(40)}…`)
	})
})

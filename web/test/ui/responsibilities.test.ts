// @vitest-environment happy-dom
// The page of the responsibilities: empty, with a proposal and gaps, refused; in both languages. And the line itself.
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ResponsibilitiesPage from '../../src/console/desk/ResponsibilitiesPage.vue'
import { proposedLine } from '../../src/console/desk/proposedLine'
import consoleEn from '../../src/console/i18n/en'
import consoleZh from '../../src/console/i18n/zh-CN'
import { i18n } from '../../src/shared/i18n'
import { show, words } from './show'

const PROPOSAL = { category: '0102', area: 'G03', from: 'URB', to: 'PMC', cases: 2, n: 70 }
const answers = (status: number, body: unknown, chains: [number, unknown] = [200, { at_nobody: [] }]) => {
	const said = (url: string) => (url.endsWith('/chains') ? chains : ([status, body] as const))
	const asked = vi.fn((url: string) =>
		Promise.resolve(
			new Response(JSON.stringify(said(url)[1]), { status: said(url)[0], headers: { 'content-type': 'application/json' } }),
		),
	)
	vi.stubGlobal('fetch', asked)
	return asked
}

beforeEach(() => {
	i18n.global.mergeLocaleMessage('zh-CN', consoleZh)
	i18n.global.mergeLocaleMessage('en', consoleEn)
})
afterEach(() => {
	vi.unstubAllGlobals()
	location.hash = '#/responsibilities'
})

describe('ResponsibilitiesPage', () => {
	it.each([
		['zh-CN', consoleZh],
		['en', consoleEn],
	] as const)('%s: says that there is nothing', async (locale, { responsibilities: said, chains }) => {
		const asked = answers(200, { proposals: [], gaps: [], more: false })
		const page = show(ResponsibilitiesPage, {}, locale)
		await flushPromises()
		expect(asked.mock.calls.map(([url]) => String(url)).sort()).toEqual(['/api/v1/chains', '/api/v1/responsibilities'])
		expect(page.find('table').exists()).toBe(false)
		expect(page.findAll('.empty').map(words)).toEqual([said.empty, said.noGaps, chains.none])
		expect(page.text()).not.toContain(said.more)
	})

	it('opens the line of one proposal, and says each gap', async () => {
		answers(200, {
			proposals: [PROPOSAL, { ...PROPOSAL, area: '' }],
			gaps: [
				{ kind: 'line_over', category: '0204', unit: 'WAT', line: 31 },
				{ kind: 'lookup', category: '0101', unit: 'ASSET', use: 'URB' },
			],
			more: true,
		})
		const page = show(ResponsibilitiesPage, {}, 'en')
		await flushPromises()
		expect(page.findAll('tbody tr').map((row) => row.findAll('th, td').map(words))).toEqual([
			['0102', 'G03', 'URB', 'PMC', '2 ×, the last by entry 70', 'Show the line'],
			['0102', 'in no grid', 'URB', 'PMC', '2 ×, the last by entry 70', 'Show the line'],
		])
		await page.findAll('tbody button')[1]!.trigger('click')
		expect(page.findAll('[data-line]').map((line) => line.text())).toEqual([
			proposedLine({ ...PROPOSAL, area: '' }, { zh: 'PMC', en: 'PMC' }).trim(),
		])
		await page.findAll('tbody button')[1]!.trigger('click')
		expect(page.find('[data-line]').exists()).toBe(false)
		expect(page.findAll('li').map(words)).toEqual([
			'0204: the last day of line 31 is past; it does nothing any more',
			'0101: ASSET leads; where the look-up finds nobody, URB',
		])
		expect(page.text()).toContain(consoleEn.responsibilities.more)
		dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
		expect(location.hash).toBe('#/')
	})

	it('says what is wrong, and asks again', async () => {
		answers(403, { type: 'about:blank', title: 'forbidden', status: 403, code: 'forbidden' })
		const page = show(ResponsibilitiesPage, {}, 'en')
		await flushPromises()
		expect(page.find('table').exists()).toBe(false)
		answers(200, { proposals: [PROPOSAL], gaps: [], more: false })
		await page.find('.actions button').trigger('click')
		await flushPromises()
		expect(page.findAll('tbody tr')).toHaveLength(1)
	})

	it.each([
		['en', 'overseer: nobody has this post. Chains that end there: 7, the first of them resident-request, reviewing.'],
		['zh-CN', 'overseer：没有人担任这个岗位。到此为止的提级路线 7 条，第一条是resident-request的“reviewing”。'],
	] as const)('%s: says at which post chains end at nobody', async (locale, sentence) => {
		const end = { role: 'overseer', chains: 7, type: 'resident-request', clock: 'reviewing' }
		answers(200, { proposals: [], gaps: [], more: false }, [200, { at_nobody: [end, { ...end, role: 'desk_lead' }] }])
		const page = show(ResponsibilitiesPage, {}, locale)
		await flushPromises()
		const chains = page.find('.chains')
		expect(document.getElementById(chains.attributes('aria-labelledby')!)!.tagName).toBe('H3')
		expect(chains.findAll('li').map(words)).toEqual([sentence, sentence.replace('overseer', 'desk_lead')])
		expect(chains.find('.empty').exists()).toBe(false)
	})

	it('shows the table to whom the chains are refused, and asks for them again', async () => {
		const refused: [number, unknown] = [403, { type: 'about:blank', title: 'forbidden', status: 403, code: 'forbidden' }]
		answers(200, { proposals: [PROPOSAL], gaps: [], more: false }, refused)
		const page = show(ResponsibilitiesPage, {}, 'en')
		await flushPromises()
		expect(page.findAll('tbody tr')).toHaveLength(1)
		expect(page.findAll('.chains .empty, .chains li')).toHaveLength(0)
		answers(200, {})
		await page.find('.chains button').trigger('click')
		await flushPromises()
		expect(words(page.find('.chains .empty'))).toBe(consoleEn.chains.none)
	})
})

describe('proposedLine', () => {
	it('is a line of the table; without a grid it holds everywhere', () => {
		const lead = { zh: '物业服务人', en: 'property "firm": lamps' }
		expect(proposedLine(PROPOSAL, lead)).toBe(
			[
				'- category: "0102"',
				'  areas: [G03]',
				'  lead: PMC',
				'  why: {zh: "退单核实后更正：由物业服务人负责", en: "corrected after a hand-back was upheld: property \\"firm\\": lamps is in charge"}',
				'',
			].join('\n'),
		)
		expect(proposedLine({ ...PROPOSAL, area: '' }, lead)).not.toContain('areas')
	})
})

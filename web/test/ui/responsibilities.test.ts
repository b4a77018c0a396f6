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
const answers = (status: number, body: unknown) => {
	const asked = vi.fn((_url: string) =>
		Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })),
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
	] as const)('%s: says that there is nothing', async (locale, { responsibilities: said }) => {
		const asked = answers(200, { proposals: [], gaps: [], more: false })
		const page = show(ResponsibilitiesPage, {}, locale)
		await flushPromises()
		expect(asked.mock.calls.map(([url]) => String(url))).toEqual(['/api/v1/responsibilities'])
		expect(page.find('table').exists()).toBe(false)
		expect(page.findAll('.empty').map(words)).toEqual([said.empty, said.noGaps])
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

// @vitest-environment happy-dom
// The search box: a case that another office calls by just what was typed stands first, and says why; in both languages.
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import SearchBox from '../../src/console/desk/SearchBox.vue'
import consoleEn from '../../src/console/i18n/en'
import consoleZh from '../../src/console/i18n/zh-CN'
import { i18n } from '../../src/shared/i18n'
import { show, words } from './show'

const CASE = { id: 71, number: '20261127-0003', handed_in: 1_796_000_000_000_000, category: '0102', state: 'received', place_title: '三坊八栋' }

beforeEach(() => {
	i18n.global.mergeLocaleMessage('zh-CN', consoleZh)
	i18n.global.mergeLocaleMessage('en', consoleEn)
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
	vi.unstubAllGlobals()
})

describe('SearchBox', () => {
	it.each([
		['en', consoleEn.search.byNumber],
		['zh-CN', consoleZh.search.byNumber],
	] as const)('%s: says which case is found by the number of another office', async (locale, byNumber) => {
		const asked = vi.fn((url: string) => {
			const body = url.includes('/places') ? { places: [], more: false } : { cases: [{ ...CASE, by_number: true }, { ...CASE, id: 9 }], more: false }
			return Promise.resolve(new Response(JSON.stringify(body), { status: 200, headers: { 'content-type': 'application/json' } }))
		})
		vi.stubGlobal('fetch', asked)
		const box = show(SearchBox, {}, locale)
		await box.find('input').setValue('SZ12345-20261127-0042')
		await vi.runAllTimersAsync()
		await flushPromises()
		expect(asked.mock.calls.some(([url]) => url.includes('/cases/search?q=SZ12345-20261127-0042'))).toBe(true)
		const found = box.findAll('[role=option]').map(words)
		expect(found).toHaveLength(2)
		expect(found[0]).toContain(`${byNumber} · ${CASE.place_title}`)
		expect(found[1]).not.toContain(byNumber)
		expect(box.findAll('[role=option]')[0]!.attributes('aria-selected')).toBe('true')
	})
})

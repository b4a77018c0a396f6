// The console at the widths of desks, laptops and walls: the page never scrolls, nothing lies over anything else, and the queue
// shows about ten cases, in both languages.
import type { Page } from '@playwright/test'
import { FILES } from '../test/fixtures/files'
import { standIn } from './consoleDesk'
import { DESK_SCREEN } from './consoleOffice'
import { expect, test } from './office'

test.use({ ...DESK_SCREEN, contextOptions: { reducedMotion: 'reduce' } })

/** What scrolls the page, what lies over its neighbour, and what is cut off at the right. */
function wrong(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const found: string[] = []
		const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement
		if (scrollWidth > clientWidth) found.push(`wide: ${scrollWidth} in ${clientWidth}`)
		if (scrollHeight > clientHeight) found.push(`high: ${scrollHeight} in ${clientHeight}`)
		const textOf = (one: Element) => (one.textContent ?? '').trim().slice(0, 30)
		const boxOf = (one: Element) => {
			const range = document.createRange()
			range.selectNodeContents(one)
			return range.getBoundingClientRect()
		}
		for (const group of [
			'.console-bar .who > *, .console-bar .search, .console-bar .side > *',
			'.track:not(.upright) .time',
			'.row .category, .row .under, .row .clock-chip, .row .reported',
			'.map .legend, .map .foot > *',
		]) {
			const all = [...document.querySelectorAll(group)].filter((one) => one.checkVisibility())
			for (const [i, one] of all.entries())
				for (const other of all.slice(i + 1)) {
					const [a, b] = [boxOf(one), boxOf(other)]
					const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
					const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
					if (across > 1 && down > 2) found.push(`over one another: ${textOf(one)} | ${textOf(other)}`)
				}
		}
		for (const panel of document.querySelectorAll('.queue, .rest > *')) {
			if (panel.checkVisibility() && panel.getBoundingClientRect().right > innerWidth + 1)
				found.push(`cut off: ${panel.className}`)
		}
		return found
	})
}

const SIZES = [
	[1280, 800],
	[1366, 768],
	[1391, 900],
	[1392, 900],
	[1440, 900],
	[1920, 1080],
] as const

for (const language of ['zh-CN', 'en'] as const) {
	test(`${language}: from 1280 to 1920 pixels, and on the wall`, async ({ page, office }) => {
		test.slow()
		const desk = await standIn(page)
		// Other days: the dates of the steps are as long as they come.
		const days = 6 * 86_400_000_000
		desk.history = { steps: desk.history.steps.map((step) => ({ ...step, at: step.at - days })) }
		await page.addInitScript((locale) => localStorage.setItem('liren.locale', locale), language)
		await page.goto(`${office.console}#/case/870`)
		await expect(page.locator('html')).toHaveAttribute('lang', language)
		await expect(page.locator('.number')).toBeVisible()
		for (const on of [false, true]) {
			if (on) await page.getByRole('button', { name: language === 'en' ? 'Sizes for a wall' : '大屏字号' }).click()
			for (const [width, height] of SIZES) {
				await page.setViewportSize({ width, height })
				const name = `${width}${on ? ' on the wall' : ''}`
				await expect(page.locator('.parts'), name).toHaveCount((on ? width / 1.5 : width) < 1392 ? 1 : 0)
				expect(await wrong(page), name).toEqual([])
			}
		}
	})

	test(`${language}: about ten rows at 900 pixels, and no word broken within`, async ({ page, office }) => {
		const desk = await standIn(page)
		const long = { zh: '物业服务投诉等十二个字的类', en: 'complaint about the property firm' }
		const categories = FILES.categories.map((one) => ({ ...one, words: long, short: long }))
		desk.answers['GET /api/v1/files'] = (route) => route.fulfill({ json: { ...FILES, categories } })
		await page.addInitScript((locale) => localStorage.setItem('liren.locale', locale), language)
		await page.setViewportSize({ width: 1440, height: 900 })
		await page.goto(office.console)
		await expect(page.locator('.queue .row')).toHaveCount(21)
		const seen = await page.locator('.queue .list').evaluate((list) => {
			const { bottom } = list.getBoundingClientRect()
			const rows = [...list.querySelectorAll('.row')]
			const whole = rows.filter((row) => row.getBoundingClientRect().bottom <= bottom).length
			return { whole, highest: Math.max(...rows.map((row) => row.getBoundingClientRect().height)) }
		})
		expect(seen.whole).toBeGreaterThanOrEqual(8)
		expect(seen.highest).toBeLessThanOrEqual(80)
		// A word that is broken stands in two lines: no word of letters does.
		const broken = await page.locator('.queue .row .category, .queue .row .under').evaluateAll((all) =>
			all.flatMap((one) => {
				const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT)
				const words: string[] = []
				while (walker.nextNode()) {
					const text = walker.currentNode as Text
					for (const { 0: word, index } of text.data.matchAll(/[A-Za-z]{2,}/g)) {
						const range = document.createRange()
						range.setStart(text, index)
						range.setEnd(text, index + word.length)
						if (range.getClientRects().length > 1) words.push(word)
					}
				}
				return words
			}),
		)
		expect(broken).toEqual([])
	})
}

// The console at the widths of desks, laptops and walls: the page never scrolls, nothing lies over anything else, and the queue
// shows about ten cases, in rows of one height, in both languages.
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
			const text = range.getBoundingClientRect()
			if (getComputedStyle(one).overflowX === 'visible') return text
			// What ends in an ellipsis is seen as far as its box.
			const { left, right, top, bottom } = one.getBoundingClientRect()
			return {
				left: Math.max(text.left, left),
				right: Math.min(text.right, right),
				top: Math.max(text.top, top),
				bottom: Math.min(text.bottom, bottom),
			}
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

	test(`${language}: rows of 64 pixels, compact 48, about ten at 900; the whole words are the name`, async ({ page, office }) => {
		test.slow()
		const desk = await standIn(page)
		const long = { zh: '租赁纠纷（押金、断水断电、强行清退）', en: 'manhole cover or grate missing, broken or stolen' }
		const unit = { zh: '物业服务人、城中村综合管理公司', en: 'property firm, or the manager of the village' }
		const categories = FILES.categories.map((one) => ({ ...one, words: long }))
		const units = FILES.units.map((one) => ({ ...one, words: unit }))
		desk.answers['GET /api/v1/files'] = (route) => route.fulfill({ json: { ...FILES, categories, units } })
		// As long as spans come, on both clocks.
		const hours = 38 * 3_600_000_000
		desk.rows = desk.rows.map((one) => ({
			...one,
			...(one.due ? { due: one.due - hours } : {}),
			handed_in: one.handed_in! - hours,
		}))
		await page.addInitScript((locale) => localStorage.setItem('liren.locale', locale), language)
		await page.goto(office.console)
		const zh = language === 'zh-CN'
		for (const high of [64, 48]) {
			if (high === 48) await page.keyboard.press('d')
			for (const [width, height] of [[1392, 900], [1440, 900], [1920, 1080]] as const)
				for (const colorScheme of ['light', 'dark'] as const) {
					await page.setViewportSize({ width, height })
					await page.emulateMedia({ colorScheme })
					await expect(page.locator('.queue .row')).toHaveCount(21)
					const seen = await page.locator('.queue .list').evaluate((list) => {
						const { bottom } = list.getBoundingClientRect()
						const rows = [...list.querySelectorAll('.row')].map((row) => row.getBoundingClientRect())
						return { whole: rows.filter((row) => row.bottom <= bottom).length, heights: [...new Set(rows.map((row) => row.height))] }
					})
					const name = `${high} at ${width}, ${colorScheme}`
					expect(seen.heights, name).toEqual([high])
					expect(seen.whole, name).toBeGreaterThanOrEqual(high === 48 ? 13 : 10)
					await expect.poll(() => wrong(page), name).toEqual([]) // the columns follow the window
					// Both clocks are never cut; of the class enough is seen to tell it.
					const cut = await page.locator('.queue .row').evaluateAll((rows) =>
						rows.flatMap((row) => {
							const { left, right } = row.getBoundingClientRect()
							const clocks = [...row.querySelectorAll('.clock-chip, .reported')].map((one) => one.getBoundingClientRect())
							const out = clocks.some((one) => one.left < left || one.right > right - 8)
							const room = row.querySelector('.category')!.getBoundingClientRect().width
							return out || room < 96 ? [row.getAttribute('data-case')] : []
						}),
					)
					expect(cut, name).toEqual([])
				}
			// Read out whole, however much of it is seen: mark, class, place and unit, both clocks.
			const row = page.locator('.queue [data-case="870"]')
			const place = `五坊 9 栋东侧 · ${zh ? unit.zh : unit.en}`
			const words = [zh ? long.zh : long.en, place].map((one) => one.replace(/[()]/g, '\\$&'))
			const ending = zh ? '到场 超 38 时 42 分.*反映 2 天' : 'on site 38 h 42 min over.*age 2 days'
			for (const part of [...words, ending]) await expect(row).toHaveAccessibleName(new RegExp(part))
			// And under the pointer.
			await expect(row.locator('.category')).toHaveAttribute('title', new RegExp(words[0]!))
		}
	})
}

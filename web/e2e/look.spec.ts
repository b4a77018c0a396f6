// Languages, keyboard, access for everybody, and pictures in light and dark on a phone and a desk.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from '@playwright/test'
import { PASSED, expect, states, test, verify, writeLine } from './office'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const LINE = '三坊 2 栋楼道灯不亮，已经三天。晚上老人下楼看不清台阶。'

/** Violations of WCAG 2.2 A and AA, and axe's own best practices, that are serious or critical. */
async function violations(page: Page): Promise<string[]> {
	await page.evaluate(await readFile(AXE, 'utf8'))
	const { violations: found } = await page.evaluate(() =>
		(window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
	)
	return found
		.filter((v) => v.impact === 'serious' || v.impact === 'critical')
		.map((v) => `${v.id}: ${v.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** Text below 16 px, targets below 44 px, and anything wider than the page, on a phone. */
function tooSmall(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const wrong: string[] = []
		const seen = (e: Element) => e.checkVisibility() && !e.closest('.sr-only, .skip')
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
		while (walker.nextNode()) {
			const parent = walker.currentNode.parentElement!
			if (!walker.currentNode.textContent!.trim() || !seen(parent)) continue
			if (parseFloat(getComputedStyle(parent).fontSize) < 16)
				wrong.push(`text: ${walker.currentNode.textContent}`)
		}
		for (const target of document.querySelectorAll('button, a, textarea, label.button')) {
			const { width, height } = target.getBoundingClientRect()
			if (seen(target) && (width < 44 || height < 44))
				wrong.push(`target ${width}x${height}: ${target.textContent}`)
		}
		const { scrollWidth, clientWidth } = document.documentElement
		if (scrollWidth > clientWidth) wrong.push(`wide: ${scrollWidth} in ${clientWidth}`)
		return wrong
	})
}

test('both languages, switched at once and kept', async ({ page, office }) => {
	await page.goto(office.record)
	await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
	await expect(page.getByRole('heading', { name: '存证账本' })).toBeVisible()
	const n = await writeLine(page, LINE)
	await verify(page)
	await page.getByRole('button', { name: 'EN, English' }).click()
	await expect(page.locator('html')).toHaveAttribute('lang', 'en')
	await expect(page).toHaveTitle('The record · Liren')
	await expect(page.getByRole('heading', { name: `Receipt · no. ${n}` })).toBeVisible()
	await expect(page.getByText(/^Verified, /)).toBeVisible()
	await expect(page.getByText('Demo', { exact: true })).toBeVisible()
	// What the reader wrote stays as it is; every other word is English.
	const words = await page.evaluate(() => document.body.innerText)
	expect(words.replaceAll(LINE, '').replace('中', '')).not.toMatch(/[\u4e00-\u9fff]/)
	await page.reload()
	await expect(page.getByRole('heading', { name: 'The record' })).toBeVisible()
	await page.getByRole('button', { name: '中文' }).click()
	await expect(page.getByRole('heading', { name: '存证账本' })).toBeVisible()
})

test('calls ask for answers in the language of the page', async ({ page, office }) => {
	await page.goto(office.record)
	const languages: string[] = []
	page.on('request', (request) => {
		if (request.method() === 'POST') languages.push(request.headers()['accept-language']!)
	})
	await page.getByRole('button', { name: 'EN, English' }).click()
	await page.getByRole('textbox', { name: 'Text' }).fill('x')
	await page.getByRole('button', { name: 'Write into the record' }).click()
	await expect(page.getByRole('heading', { name: /^Receipt · no\. / })).toBeVisible()
	expect(languages).toEqual(['en'])
})

test('everything by keyboard, with the focus to be seen', async ({ page, office }) => {
	await page.goto(office.record)
	await expect(page.locator('[data-fact="entries"]')).toBeVisible()
	const focused = () =>
		page.evaluate(() => {
			const e = document.activeElement as HTMLElement
			if (e === document.body) return { name: '', id: '', ring: '' }
			const at = e.matches('input[type=file]') ? e.parentElement! : e
			const { outlineStyle, outlineWidth } = getComputedStyle(at)
			return {
				name: (e.getAttribute('aria-label') ?? at.textContent ?? '').trim(),
				id: e.id,
				ring: `${outlineStyle} ${outlineWidth}`,
			}
		})
	/** Tabs until the focus is on what has this name or id; each stop on the way must show a ring. */
	const tabTo = async (name: string) => {
		for (let i = 0; i < 60; i++) {
			await page.keyboard.press('Tab')
			const now = await focused()
			if (now.ring === '') continue // the browser's own bar, between the last and the first
			expect(now.ring, now.name).toBe('solid 2px')
			if (now.name === name || now.id === name) return
		}
		throw new Error(`no way by keyboard to ${name}`)
	}
	await page.keyboard.press('Tab')
	expect((await focused()).name).toBe('跳到正文')
	await tabTo('line')
	await page.keyboard.type(LINE)
	await tabTo('写入账本')
	await page.keyboard.press('Enter')
	await expect(page.getByRole('heading', { name: /^回执 · 第/ })).toBeFocused()
	await expect(page.getByRole('button', { name: '校验', exact: true })).toBeVisible()
	await tabTo('校验')
	await page.keyboard.press('Enter')
	await expect(page.getByText(/^校验通过，/)).toBeVisible()
	await tabTo('改一个字试试')
	await page.keyboard.press('Space')
	await tabTo('change-text')
	await page.keyboard.press('End')
	await page.keyboard.type('！')
	await expect(page.getByText('改动后校验不符，第 5 步：正文。')).toBeVisible()
	await tabTo('放回原样')
	await page.keyboard.press('Enter')
	await expect(page.getByText('和回执一样，还没有改动。')).toBeVisible()
	await tabTo('选择回执文件')
	await tabTo('抹去正文')
	await page.keyboard.press('Enter')
	await page.keyboard.press('Escape')
	await expect(page.getByRole('button', { name: '抹去正文' })).toBeFocused()
	await page.keyboard.press('Enter')
	await tabTo('抹去')
	await page.keyboard.press('Enter')
	await expect(page.locator('[data-finding="tree-holds"]')).toBeVisible()
})

for (const scheme of ['light', 'dark'] as const) {
	test(`${scheme}: nothing serious for axe, large enough on a phone; pictures`, async ({
		page,
		office,
	}, info) => {
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
		await page.goto(office.record)
		const shoot = async (name: string) => {
			await page.screenshot({ path: info.outputPath(`${name}-${scheme}.png`), fullPage: true })
		}
		const look = async (name: string) => {
			for (const [form, width, height] of [
				['phone', 390, 844],
				['narrow', 320, 640],
				['desk', 1280, 900],
			] as const) {
				await page.setViewportSize({ width, height })
				if (form !== 'desk') expect(await tooSmall(page), `${name} ${form}`).toEqual([])
				expect(await violations(page), `${name} ${form}`).toEqual([])
				await shoot(`${name}-${form}`)
			}
		}
		await expect(page.locator('[data-fact="entries"]')).toBeVisible()
		await look('first')
		await writeLine(page, LINE)
		await look('written')
		await verify(page)
		await expect(page.getByText(/^校验通过，/)).toBeVisible()
		expect(await states(page)).toEqual(PASSED)
		await look('verified')
		await page.getByRole('button', { name: '改一个字试试' }).click()
		await page.getByRole('textbox', { name: '正文（副本）' }).fill(LINE.replace('三天', '四天'))
		await expect(page.getByText('改动后校验不符')).toBeVisible()
		await page.getByRole('button', { name: '抹去正文' }).click()
		await look('changed')
		await page.getByRole('button', { name: '抹去', exact: true }).click()
		await expect(page.locator('[data-finding="tree-holds"]')).toBeVisible()
		await page.getByRole('button', { name: '收起' }).click()
		await look('erased')
		await office.stop()
		await page.getByRole('textbox', { name: '正文' }).fill(LINE)
		await page.getByRole('button', { name: '写入账本' }).click()
		await expect(page.getByText('连不上账本，下面是')).toBeVisible()
		await look('stopped')
	})
}

test('the theme follows the system until it is chosen, then the choice', async ({ page, office }) => {
	await page.emulateMedia({ colorScheme: 'light' })
	await page.goto(office.record)
	const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
	expect(await ground()).toBe('rgb(244, 241, 234)')
	await page.emulateMedia({ colorScheme: 'dark' })
	expect(await ground()).toBe('rgb(19, 24, 23)')
	await page.getByRole('button', { name: '换成浅色' }).click()
	expect(await ground()).toBe('rgb(244, 241, 234)')
	await page.reload()
	await expect(page.getByRole('button', { name: '换成深色' })).toBeVisible()
	expect(await ground()).toBe('rgb(244, 241, 234)')
})

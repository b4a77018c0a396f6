import type { Page } from '@playwright/test'
import { type Office, expect, test, verify, writeLine } from './office'

const LINE = '六坊垃圾点满了。'

async function entriesOf(page: Page, office: Office): Promise<number> {
	const status = (await (await page.request.get(`${office.url}/api/v1/status`)).json()) as {
		entries: number
	}
	return status.entries
}

test('server stopped: the error keeps the text; after a restart the same id writes it once', async ({
	page,
	office,
}) => {
	await page.goto(office.record)
	await writeLine(page, '先写一条')
	const before = await entriesOf(page, office)
	const ids: string[] = []
	page.on('request', (request) => {
		if (request.method() === 'POST') ids.push(request.headers()['idempotency-key']!)
	})
	await office.stop()
	const box = page.getByRole('textbox', { name: '正文' })
	await box.fill(LINE)
	await page.getByRole('button', { name: '写入账本' }).click()
	await expect(page.getByText('没有收到答复，内容已留在本机。')).toBeVisible()
	await expect(page.getByText('已存在本机，1 条待发。')).toBeVisible()
	await expect(box).toHaveValue(LINE)

	await office.start()
	await page.reload()
	await expect(box).toHaveValue(LINE)
	await page.getByRole('button', { name: '重试' }).click()
	await expect(page.getByRole('button', { name: '校验', exact: true })).toBeVisible()
	await verify(page)
	await expect(page.getByText(/^校验通过，/)).toBeVisible()
	await expect(page.getByText('已存在本机')).toHaveCount(0)
	expect(ids).toHaveLength(2)
	expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
	expect(ids[1]).toBe(ids[0])
	expect(await entriesOf(page, office)).toBe(before + 1)
})

test('the answer is lost after the line was written: the retry does not write it twice', async ({
	page,
	office,
}) => {
	await page.goto(office.record)
	const before = await entriesOf(page, office)
	let lost = 0
	await page.route('**/api/v1/lines', async (route) => {
		if (route.request().method() !== 'POST' || lost > 0) return route.continue()
		lost = (await route.fetch()).status()
		return route.abort('connectionreset')
	})
	await page.getByRole('textbox', { name: '正文' }).fill(LINE)
	await page.getByRole('button', { name: '写入账本' }).click()
	await expect(page.getByText('没有收到答复，内容已留在本机。')).toBeVisible()
	expect(lost).toBe(201)
	expect(await entriesOf(page, office)).toBe(before + 1)
	await page.getByRole('button', { name: '重试' }).click()
	await expect(page.getByRole('heading', { name: `回执 · 第 ${before + 1} 条` })).toBeVisible()
	expect(await entriesOf(page, office)).toBe(before + 1)
})

test('a 503 shows title, field, remedy and code, keeps the text, and is sent again under the same id', async ({
	page,
	office,
}) => {
	await page.goto(office.record)
	const ids: string[] = []
	await page.route('**/api/v1/lines', async (route) => {
		if (route.request().method() !== 'POST') return route.continue()
		ids.push(route.request().headers()['idempotency-key']!)
		if (ids.length > 1) return route.continue()
		const body = {
			type: '/problems/busy',
			title: '排队已满，请稍后再试',
			status: 503,
			field: 'queue',
			remedy: '一秒后再试',
			error_id: 'e-17',
		}
		return route.fulfill({
			status: 503,
			contentType: 'application/problem+json',
			headers: { 'retry-after': '1' },
			body: JSON.stringify(body),
		})
	})
	await page.getByRole('textbox', { name: '正文' }).fill(LINE)
	await page.getByRole('button', { name: '写入账本' }).click()
	for (const said of [
		'排队已满，请稍后再试',
		'未写入，内容已留在本机。',
		'哪一项：queue',
		'一秒后再试',
		'代码 e-17',
	]) {
		await expect(page.getByText(said, { exact: true })).toBeVisible()
	}
	await expect(page.getByRole('textbox', { name: '正文' })).toHaveValue(LINE)
	await page.getByRole('button', { name: '重试' }).click()
	await expect(page.getByRole('heading', { name: /^回执 · 第/ })).toBeVisible()
	expect(ids).toHaveLength(2)
	expect(ids[1]).toBe(ids[0])
})

test('too long or empty is said at the field and not sent; the cap itself is taken', async ({
	page,
	office,
}) => {
	await page.goto(office.record)
	let posts = 0
	page.on('request', (request) => {
		if (request.method() === 'POST') posts++
	})
	const box = page.getByRole('textbox', { name: '正文' })
	await page.getByRole('button', { name: '写入账本' }).click()
	await expect(page.getByText('请先写几个字。')).toBeVisible()
	await expect(box).toBeFocused()
	await box.fill('字'.repeat(1199))
	await expect(page.locator('#line-count')).toBeHidden()
	await box.fill('字'.repeat(1333) + 'ab')
	await expect(page.getByText('4,001 / 4,000 字节')).toBeVisible()
	await expect(page.getByText('超出 1 字节')).toBeVisible()
	await page.getByRole('button', { name: '写入账本' }).click()
	expect(posts).toBe(0)
	await box.fill('字'.repeat(1333) + 'a')
	await page.getByRole('button', { name: '写入账本' }).click()
	await expect(page.getByRole('heading', { name: /^回执 · 第/ })).toBeVisible()
	expect(posts).toBe(1)
})

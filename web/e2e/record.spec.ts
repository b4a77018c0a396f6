import { readFile } from 'node:fs/promises'
import { type Receipt } from '../src/shared/proof/receipt'
import { PASSED, expect, states, test, verify, writeLine } from './office'

const LINE = '三坊 2 栋楼道灯不亮，已经三天。'

test('write, get a receipt, verify it without the server', async ({ page, office }) => {
	const answer = await page.goto(office.record)
	const policy = answer!.headers()['content-security-policy'] ?? ''
	expect(policy).toContain('default-src')
	expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/)
	await expect(page.getByText('演示', { exact: true })).toBeVisible()

	const n = await writeLine(page, LINE)
	await expect(page.locator(`tr[data-n="${n}"]`)).toHaveAttribute('data-erased', 'false')
	await expect(page.getByRole('textbox', { name: '正文' })).toHaveValue('')
	expect(await page.locator('.receipt .own').textContent()).toBe(LINE)
	await office.stop()
	await verify(page)
	await expect(page.getByText(/^校验通过，\d\d:\d\d$/)).toBeVisible()
	expect(await states(page)).toEqual(PASSED)
	await expect(page.locator('[data-key-match="same"]')).toBeVisible()
	await expect(page.locator('[data-signed-by]')).toHaveAttribute('data-signed-by', 'webcrypto')
})

test('change one character: it fails and says at which step; put back, it is the receipt again', async ({
	page,
	office,
}) => {
	await page.goto(office.record)
	await writeLine(page, LINE)
	await page.getByRole('button', { name: '改一个字试试' }).click()
	const text = page.getByRole('textbox', { name: '正文（副本）' })
	const entry = page.getByRole('textbox', { name: '记录（副本）' })
	await expect(text).toHaveValue(LINE)

	await text.fill(LINE.replace('三天', '四天'))
	await expect(page.getByText('改动后校验不符，第 5 步：正文。')).toBeVisible()
	expect(await states(page, '.change')).toEqual(['passed', 'passed', 'passed', 'passed', 'failed'])

	await page.getByRole('button', { name: '放回原样' }).click()
	await expect(text).toHaveValue(LINE)
	await expect(page.getByText('和回执一样，还没有改动。')).toBeVisible()

	const before = await entry.inputValue()
	await entry.fill(before.replace(/"at":(\d)/, (_, digit) => `"at":${(Number(digit) % 9) + 1}`))
	await expect(page.getByText('改动后校验不符，第 3 步：在树里。')).toBeVisible()
	await entry.fill(before.replace('{', ''))
	await expect(page.locator('.change li[data-step="number"]')).toHaveAttribute('data-state', 'failed')

	await page.getByRole('button', { name: '放回原样' }).click()
	await expect(entry).toHaveValue(before)
	await verify(page)
	expect(await states(page)).toEqual(PASSED)
})

test('erase: the office cannot read it any more, the receipt verifies, the tree holds', async ({
	page,
	office,
}) => {
	await page.goto(office.record)
	const n = await writeLine(page, LINE)
	await page.getByRole('button', { name: '抹去正文' }).click()
	await expect(page.getByText('抹去不能撤回。')).toBeVisible()
	await page.getByRole('button', { name: '不抹去' }).click()
	await expect(page.locator(`tr[data-n="${n}"]`)).toHaveAttribute('data-erased', 'false')

	await page.getByRole('button', { name: '抹去正文' }).click()
	const opened = page.waitForResponse((response) => response.url().endsWith(`/lines/${n}/open`))
	await page.getByRole('button', { name: '抹去', exact: true }).click()
	expect((await opened).status()).toBe(410)
	for (const finding of ['erase-recorded', 'unreadable', 'receipt-holds', 'tree-holds']) {
		await expect(page.locator(`[data-finding="${finding}"]`)).toBeVisible()
	}
	await expect(page.locator(`tr[data-n="${n}"]`)).toHaveAttribute('data-erased', 'true')
	await verify(page)
	expect(await states(page)).toEqual(PASSED)

	await page.reload()
	await page
		.getByRole('button', { name: `打开 第 ${n} 条` })
		.first()
		.click()
	await expect(page.getByText('正文已抹去')).toBeVisible()
	await expect(page.getByRole('button', { name: '抹去正文' })).toHaveCount(0)
	await page.getByRole('button', { name: '对照账本现状' }).click()
	await expect(page.locator('[data-finding="tree-holds"]')).toBeVisible()
})

test('a downloaded receipt verifies another day, offline and in another browser; a changed one does not', async ({
	page,
	office,
	browser,
}, info) => {
	await page.goto(office.record)
	const n = await writeLine(page, LINE)
	const loading = page.waitForEvent('download')
	await page.getByRole('button', { name: '下载回执' }).click()
	const download = await loading
	expect(download.suggestedFilename()).toBe(`liren-receipt-${n}.json`)
	const file = info.outputPath('receipt.json')
	await download.saveAs(file)
	const receipt = JSON.parse(await readFile(file, 'utf8')) as Receipt
	expect(receipt).toMatchObject({ format: 'liren-receipt-1', n, values: { text: { text: LINE } } })

	const other = await browser.newContext({ locale: 'zh-CN' })
	const elsewhere = await other.newPage()
	await elsewhere.goto(office.record)
	await expect(elsewhere.locator('[data-fact="entries"]')).toBeVisible()
	await office.stop()
	const input = elsewhere.locator('input[type=file]')
	await input.setInputFiles(file)
	await expect(elsewhere.getByText(/^校验通过，/)).toBeVisible()
	expect(await states(elsewhere)).toEqual(PASSED)

	const changed = { ...receipt, entry: receipt.entry.replace('"v":1', '"v":2') }
	await input.setInputFiles({
		name: 'x.json',
		mimeType: 'application/json',
		buffer: Buffer.from(JSON.stringify(changed)),
	})
	await expect(elsewhere.getByText('校验不符', { exact: true })).toBeVisible()
	await expect(elsewhere.getByText('第 3 步不符：在树里。')).toBeVisible()

	await input.setInputFiles({
		name: 'x.json',
		mimeType: 'application/json',
		buffer: Buffer.from('{"format":"liren-receipt-1"}'),
	})
	await expect(elsewhere.getByText('问题在：key')).toBeVisible()
	await other.close()
})

test('a key other than the one kept earlier is told', async ({ page, office }) => {
	await page.goto(office.record)
	await writeLine(page, LINE)
	const key = await page.evaluate(() => localStorage.getItem('liren.key')!)
	await page.evaluate((line) => localStorage.setItem('liren.key', line.replace(/.{4}$/, 'AAAA')), key)
	await page.reload()
	await expect(page.getByText('办公室现在的公钥与本机记下的不同。')).toBeVisible()
	await page
		.getByRole('button', { name: /^打开 第/ })
		.first()
		.click()
	await verify(page)
	await expect(page.locator('[data-key-match="different"]')).toBeVisible()
	await page.getByRole('button', { name: '改记现在的公钥' }).click()
	await expect(page.locator('[data-key-match="same"]')).toBeVisible()
	expect(await page.evaluate(() => localStorage.getItem('liren.key'))).toBe(key)
})

test('receipts stay in this browser until they are forgotten', async ({ page, office }) => {
	await page.goto(office.record)
	const n = await writeLine(page, LINE)
	await writeLine(page, LINE + '二')
	await page.reload()
	await page.getByRole('button', { name: `忘记 第 ${n} 条` }).click()
	await page.getByRole('button', { name: '留着' }).click()
	await page.getByRole('button', { name: `忘记 第 ${n} 条` }).click()
	await page.getByRole('button', { name: '忘记', exact: true }).click()
	await expect(page.getByRole('button', { name: `忘记 第 ${n} 条` })).toHaveCount(0)
	expect(await page.evaluate(() => localStorage.getItem('liren.receipts'))).not.toContain(LINE + '"')
	await page.getByRole('button', { name: `忘记 第 ${n + 1} 条` }).click()
	await page.getByRole('button', { name: '忘记', exact: true }).click()
	await expect(page.getByText('还没有回执。写一条就有了。')).toBeVisible()
	expect(await page.evaluate(() => localStorage.getItem('liren.receipts'))).toBeNull()
})

test('the list shows numbers and times, older ones on request, and does not move by itself', async ({
	page,
	office,
}) => {
	const write = async (i: number) => {
		const headers = { 'idempotency-key': `list-of-lines-in-the-test-${i}` }
		const answer = await page.request.post(`${office.url}/api/v1/lines`, {
			headers,
			data: { text: `${LINE}${i}` },
		})
		expect(answer.status()).toBe(201)
		return ((await answer.json()) as { n: number }).n
	}
	const numbers: number[] = []
	for (let i = 0; i < 25; i++) numbers.push(await write(i))
	await page.clock.install()
	await page.goto(office.record)
	const rows = page.locator('tr[data-n]')
	const shown = async () =>
		await rows.evaluateAll((r) => r.map((row) => Number(row.getAttribute('data-n'))))
	await expect(rows).toHaveCount(20)
	expect(await shown()).toEqual([...numbers].reverse().slice(0, 20))
	await page.getByRole('button', { name: '更早的' }).click()
	await expect(page.locator(`tr[data-n="${numbers[0]}"]`)).toBeVisible()
	expect((await shown()).slice(0, 25)).toEqual([...numbers].reverse())
	await expect(page.getByText(LINE)).toHaveCount(0)

	const n = await write(25)
	await page.clock.runFor(11_000)
	const offer = page.getByRole('button', { name: '有 1 条新的记录，点此更新' })
	await expect(offer).toBeVisible()
	await expect(page.locator(`tr[data-n="${n}"]`)).toHaveCount(0)
	await offer.click()
	await expect(page.locator(`tr[data-n="${n}"]`)).toBeVisible()
	await expect(offer).toHaveCount(0)
})

for (const missing of ['Ed25519', 'WebCrypto'] as const) {
	test(`without ${missing} in the browser the page's own functions check`, async ({ page, office }) => {
		await page.addInitScript((what) => {
			if (what === 'WebCrypto') Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })
			else
				SubtleCrypto.prototype.importKey = () =>
					Promise.reject(new DOMException('no', 'NotSupportedError'))
		}, missing)
		await page.goto(office.record)
		await writeLine(page, LINE)
		await verify(page)
		await expect(page.getByText(/^校验通过，/)).toBeVisible()
		await expect(page.locator('[data-signed-by]')).toHaveAttribute('data-signed-by', 'noble')
	})
}

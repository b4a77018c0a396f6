// The residents' portal against the real program. C1, "The lane is dark": what the desk and the unit do goes by the API.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { type Office, expect, test } from './office'
import { Caller, PHOTO, handIn, layLanes, residentSheet, staff, tooSmall } from './portalOffice'

const TEXT = '三坊路灯不亮，晚上看不见台阶'

async function writeReport(page: Page, office: Office, text = TEXT): Promise<void> {
	await page.goto(office.url)
	await page.getByRole('link', { name: '开始反映' }).click()
	await page.getByRole('textbox', { name: '什么事？' }).fill(text)
}

async function choosePlace(page: Page, q: string, name: string): Promise<void> {
	await page.getByRole('textbox', { name: '查找地点' }).fill(q)
	await page.getByRole('radio', { name }).check()
}

const send = (page: Page) => page.getByRole('button', { name: '发出', exact: true }).click()
const numberOf = async (page: Page) => (await page.locator('.number').textContent())!.trim()
const idOf = (page: Page) => Number(/#\/(?:sent|case)\/([0-9]+)/.exec(page.url())![1])

test('C1: the lane is dark, from the report to the rating and the receipt', async ({ page, office, browser }, info) => {
	await layLanes(office)
	const intake = await staff(office, 'intake', 'intake:DESK')
	const desk = await staff(office, 'desk', 'duty_officer:DESK')
	const urb = await staff(office, 'urb', 'unit_handler:URB')
	const pmc = await staff(office, 'pmc', 'unit_handler:PMC')
	const grid = await staff(office, 'grid', 'grid_worker:GRD:G03')
	const photo = await readFile(PHOTO)

	// Yesterday's lamp, another one.
	const other = await handIn(office, TEXT)
	await intake.do(other.id, 'open', { category: '0102' })
	await desk.do(other.id, 'dispatch')

	// 1: the report; the category is proposed, the place is asked.
	await writeReport(page, office)
	await page.locator('input[type=file]').setInputFiles(PHOTO)
	await expect(page.getByRole('img', { name: '照片' })).toBeVisible()
	await expect(page.getByRole('combobox', { name: '事项分类' })).toHaveValue('0102')
	await expect(page.getByText('看起来是这一类，可以改。')).toBeVisible()
	await page.screenshot({ path: info.outputPath('what.png'), fullPage: true })
	await page.getByRole('button', { name: '下一步：在哪里' }).click()
	await expect(page.getByRole('heading', { name: '在哪里？' })).toBeVisible()
	await page.getByRole('textbox', { name: '查找地点' }).fill('坊')
	await expect(page.getByRole('radio')).toHaveCount(2)
	await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)

	// 2: the lane by a tap; the other lamp is shown, and is another.
	await page.getByRole('radio', { name: '三坊' }).check()
	await expect(page.getByRole('heading', { name: /路灯.*已反映/ })).toBeVisible()
	await page.screenshot({ path: info.outputPath('where.png'), fullPage: true })
	await page.getByRole('button', { name: '是另一件' }).click()
	await expect(page.getByRole('button', { name: '是另一件' })).toHaveCount(0)
	await page.getByRole('button', { name: '下一步：核对' }).click()
	await page.getByRole('textbox', { name: /联系方式/ }).fill('傍晚在家')
	await page.getByRole('checkbox', { name: '不向对方透露身份' }).check()
	await page.screenshot({ path: info.outputPath('check.png'), fullPage: true })
	await send(page)
	await expect(page.locator('.number')).toHaveText(/^[0-9]{6}-[0-9]{4}-[0-9]$/)
	const number = await numberOf(page)
	const id = idOf(page)
	await page.getByRole('button', { name: '校验' }).click()
	await expect(page.getByText(/^校验通过，/)).toBeVisible()
	await page.screenshot({ path: info.outputPath('sent.png'), fullPage: true })
	await page.getByRole('link', { name: '跟踪进度' }).click()

	// 3: seven steps, who, until when, what if not.
	const track = page.locator('[data-track] li')
	await expect(track).toHaveCount(7)
	await expect(page.locator('[data-track] [aria-current=step]')).toContainText('待立案')
	const standing = page.locator('[data-standing]')
	await expect(standing).toContainText('截止时间')
	await expect(standing).toContainText('系统自动提级，这里看得到')
	await expect(page.locator('[data-record]')).toContainText(TEXT)
	await expect(page.locator('[data-record]')).toContainText('加了附件（照片）')
	await page.getByRole('button', { name: /^看 .* 的照片$/ }).click()
	await expect(page.locator('[data-record] img')).toBeVisible()

	// 4: opened, sent, handed on, done.
	await intake.do(id, 'open', { category: '0102' })
	await desk.do(id, 'dispatch')
	await urb.do(id, 'hand_back', { hand_back_reason: 'wrong_component', hand_back_ground: '灯是物业的', proposed_unit: 'PMC' })
	await desk.do(id, 'dispatch', { lead_unit: 'PMC' })
	await pmc.do(id, 'receive')
	await page.evaluate(() => dispatchEvent(new Event('focus')))
	await expect(page.locator('[data-track]')).toContainText('转过 1 次')
	await expect(page.locator('[data-record]')).toContainText('已转到对口单位')
	await pmc.do(id, 'contact', { contact_outcome: 'reached' })
	await pmc.do(id, 'feedback', { answer: '灯已换', photo_after: await pmc.attach(id, 'photo_after', photo) })
	await desk.do(id, 'answer_review')
	await grid.do(id, 'site_check', { site_photo: await grid.attach(id, 'site_photo', photo), site_result: 'passed' })
	await page.evaluate(() => dispatchEvent(new Event('focus')))
	await expect(page.getByRole('heading', { name: '解决了吗？' })).toBeVisible()
	await expect(standing).toContainText('记为逾期未确认，不算满意')
	await expect(page.locator('[data-record]')).toContainText('灯已换')
	await page.screenshot({ path: info.outputPath('track.png'), fullPage: true })

	// 5: still dark.
	await page.getByRole('button', { name: '没解决' }).click()
	await page.getByRole('textbox', { name: '未解决的情况' }).fill('还是不亮')
	await page.locator('.answer input[type=file]').setInputFiles(PHOTO)
	await expect(page.getByText('照片已送到。')).toBeVisible()
	await page.getByRole('button', { name: '退回重新办理' }).click()
	await expect(page.locator('[data-track]')).toContainText('第 2 次办理')
	await expect(page.locator('[data-track] [aria-current=step]')).toContainText('办理中')
	await pmc.do(id, 'feedback', { answer: '线路也换了', photo_after: await pmc.attach(id, 'photo_after', photo) })
	await desk.do(id, 'answer_review')
	await grid.do(id, 'site_check', { site_photo: await grid.attach(id, 'site_photo', photo), site_result: 'passed' })
	await page.evaluate(() => dispatchEvent(new Event('focus')))

	// 6: solved, and how it was handled.
	await page.getByRole('button', { name: '解决了', exact: true }).click()
	await expect(page.getByRole('heading', { name: '办得怎么样？' })).toBeVisible()
	await page.getByRole('button', { name: '一般' }).click()
	await expect(standing).toContainText('已经办结')
	await expect(page.locator('[data-record]')).toContainText('诉求人确认已解决')
	await expect(page.locator('[data-track] [aria-current=step]')).toHaveCount(0)

	// 7: why, and who looked.
	await page.getByRole('button', { name: '为什么', exact: true }).click()
	await expect(page.locator('[data-why]')).toContainText('部件权属有误')
	await expect(page.locator('[data-why]')).toContainText('不同意？')
	await page.getByRole('button', { name: '谁看过我的内容' }).click()
	await expect(page.locator('[data-looks]')).toContainText('还没有人打开过。')
	await page.screenshot({ path: info.outputPath('ended.png'), fullPage: true })
	expect(await page.locator('main').innerText()).not.toMatch(/intake|urb|pmc/)

	// 8: the receipt on another machine, without the office.
	await page.getByRole('link', { name: '看回执，打印' }).click()
	await expect(page.getByText(number)).toBeVisible()
	const saved = page.waitForEvent('download')
	await page.getByRole('button', { name: '保存回执' }).click()
	const receipt = await readFile((await (await saved).path())!, 'utf8')
	const elsewhere = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
	await elsewhere.goto(office.record)
	await expect(elsewhere.locator('[data-fact="entries"]')).toBeVisible()
	await office.stop()
	const open = (text: string) =>
		elsewhere.locator('.drop input[type=file]').setInputFiles({
			name: 'receipt.json',
			mimeType: 'application/json',
			buffer: Buffer.from(text),
		})
	await open(receipt)
	await expect(elsewhere.getByText(/^校验通过，/)).toBeVisible()
	await open(receipt.replace('\\"channel\\":\\"portal\\"', '\\"channel\\":\\"portam\\"'))
	await expect(elsewhere.getByText(/^校验不符/)).toBeVisible()
	await elsewhere.context().close()
})

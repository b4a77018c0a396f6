// Beside the script: the way of a case by keyboard alone, two officers at one case, the program killed under an open console,
// a place that was wrong. One office; what was answered is on the record, and nothing that was typed is lost.
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { DESK_SCREEN, handInAt, layPlaces, placeOf } from './consoleOffice'
import { answerBy, expect, story } from './daysOffice'
import { tabTo } from './keyboard'
import { Caller, type Handed, addStaff } from './portalOffice'

const TEXT = '五坊下水道堵塞，污水溢出'
const REASON = '超时未反馈，请说明进度'
const SMALL = { map: false }

let one: Handed

const { test, day } = story(async ({ office }) => {
	layPlaces(office)
	for (const name of ['an', 'bo']) addStaff(office, name, 'duty_officer:DESK')
	one = await handInAt(office, TEXT, await placeOf(office, '五坊十二栋'), 0.003)
})

test.use(DESK_SCREEN)

async function openCase(page: Page): Promise<void> {
	await page.goto(`${day.office.console}#/case/${one.id}`)
	await expect(page.locator('.number')).toHaveText(one.number)
}

const form = (page: Page) => page.locator('.command-form')
const record = (page: Page) => page.locator('.record li')
const submit = (page: Page, name: string) => form(page).getByRole('button', { name: `${name}，记入案卷` })

test('by keyboard alone: a case is found, opened, dispatched', async () => {
	const page = await day.screens.desk('an', SMALL)
	await expect(page.locator('.queue .row')).toHaveCount(1)
	await page.keyboard.press('j')
	await page.keyboard.press('Enter')
	await expect(page.locator('.number')).toHaveText(one.number)
	const choose = async (field: string, letters: string) => {
		await tabTo(page, form(page).getByRole('combobox', { name: field }))
		await page.keyboard.press('Enter')
		if (letters) await page.keyboard.type(letters)
		const option = page.getByRole('option').filter({ visible: true }).first()
		await expect(option).toBeVisible()
		await page.keyboard.press('ArrowDown')
		await page.keyboard.press('Enter')
	}
	await tabTo(page, page.locator('.can').getByRole('button', { name: '立案', exact: true }))
	await page.keyboard.press('Enter')
	await expect(form(page).getByRole('combobox', { name: '事项分类' })).toBeFocused()
	await page.keyboard.press('Shift+Tab')
	await choose('事项分类', '0204')
	await tabTo(page, submit(page, '立案'))
	await page.keyboard.press('Enter')
	await expect(page.getByText('立案，已记入案卷')).toBeVisible()
	await expect(page.getByRole('heading', { name: '污水冒溢、排水堵塞' })).toBeVisible()
	await tabTo(page, page.locator('.can').getByRole('button', { name: '派遣', exact: true }))
	await page.keyboard.press('Enter')
	await tabTo(page, submit(page, '派遣'))
	await page.keyboard.press('Enter')
	await expect(page.getByText('派遣，已记入案卷')).toBeVisible()
	await expect(page.locator('.units strong').first()).toHaveText('供排水')
	expect(await violations(page)).toEqual([])
})

test('two officers at one case: the second is told, and what they wrote is still there', async () => {
	const [an, bo] = [await day.screens.desk('an', SMALL), await day.screens.desk('bo', SMALL)]
	await openCase(an)
	await openCase(bo)
	await bo.keyboard.press('b')
	await form(bo).getByLabel(/催办、督办理由/).fill(REASON)
	await answerBy(form(bo))
	await an.keyboard.press('b')
	await form(an).getByLabel(/催办、督办理由/).fill('请先到场')
	await answerBy(form(an))
	await submit(an, '催办').click()
	await expect(an.getByText('催办，已记入案卷')).toBeVisible()

	await expect(form(bo).getByRole('alert')).toContainText('您填写期间，这件案卷有了新的记录')
	await expect(form(bo).getByRole('alert')).toContainText('社区值守台 催办')
	await expect(form(bo).getByLabel(/催办、督办理由/)).toHaveValue(REASON)
	await expect(submit(bo, '催办')).toHaveCount(0)
	expect(await violations(bo)).toEqual([])
	await form(bo).getByRole('button', { name: '看过了，仍然提交' }).click()
	await expect(bo.getByText('催办，已记入案卷')).toBeVisible()
	await expect(record(bo).filter({ hasText: '催办' })).toHaveCount(2)
})

test('the program is killed under an open console: it says so, comes back by itself, and has every answered step once', async ({
	office,
}) => {
	const page = await day.screens.desk('an', SMALL)
	await openCase(page)
	await expect(page.locator('.news')).toHaveText('实时')
	const before = await record(page).count()
	await page.keyboard.press('b')
	await form(page).getByLabel(/催办、督办理由/).fill('第一次')
	await answerBy(form(page))
	await submit(page, '催办').click()
	await expect(page.getByText('催办，已记入案卷')).toBeVisible()
	await office.stop('SIGKILL')

	await expect(page.locator('.news')).toHaveText(/断开，.* 的数据/)
	await expect(page.locator('.queue .row')).toHaveCount(1)
	await page.keyboard.press('b')
	await form(page).getByLabel(/催办、督办理由/).fill(REASON)
	await answerBy(form(page))
	await submit(page, '催办').click()
	await expect(form(page).getByText('未提交，内容还在。')).toBeVisible()
	await expect(form(page).getByLabel(/催办、督办理由/)).toHaveValue(REASON)
	expect(await violations(page)).toEqual([])

	await office.start()
	await expect(page.locator('.news')).toHaveText('实时')
	await form(page).getByRole('button', { name: '重试' }).click()
	await expect(page.getByText('催办，已记入案卷')).toBeVisible()
	await expect(record(page)).toHaveCount(before + 2)
	expect(day.entries().filter(({ kind, data }) => kind === 'case.moved' && data.command === 'remind')).toHaveLength(4)
	// Changes come again: what another does is seen.
	const bo = await day.screens.desk('bo', SMALL)
	await bo.reload()
	await openCase(bo)
	await bo.getByRole('textbox', { name: /^回复/ }).fill('已联系')
	await bo.getByRole('button', { name: '发送' }).click()
	await expect(record(page)).toHaveCount(before + 3)
})

test('a place is corrected at the console, and the office has it', async ({ office }) => {
	const page = await day.screens.desk('an', SMALL)
	await openCase(page)
	await page.locator('.can').getByRole('button', { name: '更正地点', exact: true }).click()
	await submit(page, '更正地点').click()
	await expect(form(page).getByText('请填写：地点')).toBeVisible()
	await form(page).getByRole('combobox', { name: '地点' }).fill('菜市场旁边')
	await page.getByRole('option', { name: '三坊八栋' }).click()
	await form(page).getByLabel(/^更正地点的依据/).fill('来电确认')
	expect(await violations(page)).toEqual([])
	await submit(page, '更正地点').click()
	await expect(page.getByText('更正地点，已记入案卷')).toBeVisible()
	await expect(page.locator('.case-head .place')).toContainText('三坊八栋')
	await expect(page.locator('.queue .row')).toContainText('三坊八栋')
	const seen = await new Caller(office, one.secret).must('GET', `/cases/${one.id}`)
	expect(seen.place).toMatchObject({ title: '三坊八栋' })
})

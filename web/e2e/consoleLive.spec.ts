// The console against the office itself: a report comes in, is seen, opened, dispatched; another browser sees it change.
import { violations } from './axe'
import { DESK_SCREEN, handInAt, layPlaces, placeOf, signIn } from './consoleOffice'
import { expect, test } from './office'
import { addStaff } from './portalOffice'

test.use(DESK_SCREEN)

test('a report is seen at once, opened and dispatched; who looks on sees it change', async ({
	page,
	office,
	browser,
}) => {
	test.slow()
	layPlaces(office)
	addStaff(office, 'desk', 'duty_officer:DESK', 'desk_lead:DESK')
	addStaff(office, 'night', 'desk_lead:DESK')
	const place = await placeOf(office, '五坊十二栋')
	await signIn(page, office, 'desk')
	await expect(page.getByText('现在没有待办。')).toBeVisible()
	await expect(page.locator('.news')).toHaveText('实时')

	const number = (await handInAt(office, '楼道口污水冒出来了，老人出不了门', place)).number
	const row = page.locator('.queue .row')
	await expect(row).toHaveCount(1)
	await expect(row).toContainText('尚未分类')
	await expect(row).toContainText('五坊十二栋')
	await row.click()
	await expect(page.locator('.number')).toHaveText(number)
	await expect(page.locator('.spot.open')).toBeVisible()
	expect(await violations(page)).toEqual([])

	const texts = page.locator('section.texts')
	await texts.getByRole('button', { name: '打开 1 项（记入查看记录）' }).click()
	await expect(texts.getByText('楼道口污水冒出来了，老人出不了门')).toBeVisible()
	await texts.getByRole('button', { name: '谁看过' }).click()
	// Who looked is for the reporter and the overseer: the desk is told so.
	await expect(texts.getByText('没有权限')).toBeVisible()

	const other = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
	const night = await other.newPage()
	await signIn(night, office, 'night')
	await expect(night.locator('.queue .row')).toContainText('尚未分类')

	const form = page.locator('.command-form')
	await page.locator('.can').getByRole('button', { name: '立案', exact: true }).click()
	for (const [field, choice] of [
		['事项分类', /^0204/],
		['优先级', '加急'],
		['需要现场核查', '是'],
	] as const) {
		await form.getByRole('combobox', { name: field }).press('Enter')
		await page.getByRole('option', { name: choice }).click()
	}
	await form.getByRole('button', { name: '立案，记入案卷' }).click()
	await expect(page.getByText('立案，已记入案卷')).toBeVisible()
	await expect(page.getByRole('heading', { name: '污水冒溢、排水堵塞' })).toBeVisible()
	await expect(night.locator('.queue .row')).toContainText('污水冒溢、排水堵塞')
	await other.close()

	await page.locator('.can').getByRole('button', { name: '派遣', exact: true }).click()
	await form.getByRole('button', { name: '派遣，记入案卷' }).click()
	await expect(page.getByText('派遣，已记入案卷')).toBeVisible()
	await expect(page.locator('.clocks dt')).toHaveText(['反映人计时', '单位计时'])
	await page.locator('.units').getByRole('button', { name: '为什么' }).click()
	await expect(page.locator('.units .why .why p').first()).toBeVisible()
	await expect(page.locator('.track li[data-state=done]')).toHaveCount(2)

	await page.keyboard.press('/')
	await page.keyboard.type('三坊八栋')
	await expect(page.locator('#found').getByRole('option', { name: '三坊八栋' })).toBeVisible()
	await page.keyboard.press('Enter')
	await page.getByRole('button', { name: '退出' }).click()
	await expect(page.getByRole('heading', { name: '登录值守台' })).toBeVisible()
})

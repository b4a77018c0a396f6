// The console: queue, map, case and commands, by mouse and keyboard, in both languages and both themes.
import type { Page } from '@playwright/test'
import { NOW, row } from '../test/fixtures/cases'
import { violations } from './axe'
import { problem, standIn } from './consoleDesk'
import { DESK_SCREEN } from './consoleOffice'
import { expect, test } from './office'

test.use(DESK_SCREEN)

const rowsOf = (page: Page) => page.locator('.queue .row')
const idsOf = (page: Page) =>
	rowsOf(page).evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.case)))
const MIN_US = 60_000_000

async function mapIsDrawn(page: Page): Promise<void> {
	await expect(page.locator('.maplibregl-canvas')).toBeVisible()
	await expect(page.locator('.spot').first()).toBeVisible()
}

for (const scheme of ['light', 'dark'] as const) {
	test(`${scheme}: queue, map, case and a form; nothing serious for axe; pictures`, async ({
		page,
		office,
	}, info) => {
		test.slow()
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
		await standIn(page)
		const footprints = page.waitForResponse((answer) => answer.url().includes('/api/v1/map?'))
		await page.goto(office.console)
		await expect(rowsOf(page)).toHaveCount(21)
		await mapIsDrawn(page)
		await footprints
		expect(await violations(page), 'queue').toEqual([])
		await page.locator('[data-case="870"]').click()
		await expect(page.getByRole('heading', { name: '污水冒溢、排水堵塞' })).toBeVisible()
		await expect(page.locator('.spot.open')).toBeVisible()
		expect(await violations(page), 'case').toEqual([])
		await page.screenshot({ path: info.outputPath(`console-${scheme}.png`) })
		await page.getByRole('button', { name: '退单' }).click()
		await expect(page.locator('.command-form')).toBeVisible()
		await page.locator('.command-form .el-select').first().click()
		await expect(page.getByRole('option', { name: '不在管辖范围' })).toBeVisible()
		expect(await violations(page), 'form').toEqual([])
		await page.screenshot({ path: info.outputPath(`form-${scheme}.png`) })
		await page.keyboard.press('Escape')
		await page.getByRole('button', { name: '表格（T）' }).click()
		expect(await violations(page), 'table').toEqual([])
		await page.setViewportSize({ width: 1100, height: 800 })
		expect(await violations(page), 'narrow').toEqual([])
		await page.screenshot({ path: info.outputPath(`narrow-${scheme}.png`) })
	})
}

test('signing in: by name, by a tap in a demo; what is wrong is said at the field', async ({ page, office }) => {
	const desk = await standIn(page, false)
	await page.goto(office.console)
	await expect(page.getByRole('heading', { name: '登录值守台' })).toBeVisible()
	await expect(page.getByRole('button', { name: '陈一，值班长 · 社区值守台' })).toBeVisible()
	expect(await violations(page)).toEqual([])
	await page.getByRole('textbox', { name: '用户名' }).fill('lead')
	await page.getByRole('button', { name: '登录', exact: true }).first().click()
	await expect(page.getByText('请填写这一项。')).toBeVisible()
	await expect(page.getByLabel('密码')).toBeFocused()
	desk.answers['POST /api/v1/session'] = problem(401, 'not-signed-in', { title: '用户名或密码不对' })
	await page.getByLabel('密码').fill('wrong')
	await page.keyboard.press('Enter')
	await expect(page.getByRole('alert').getByText('用户名或密码不对')).toBeVisible()
	await expect(page.getByLabel('密码')).toHaveValue('')
	await page.getByRole('button', { name: '陈一，值班长 · 社区值守台' }).click()
	await expect(rowsOf(page)).toHaveCount(21)
	await page.getByRole('combobox', { name: '岗位' }).selectOption({ label: '值班员 · 社区值守台' })
	await expect.poll(() => desk.posted.at(-1)).toMatchObject({
		path: '/api/v1/session/post',
		body: { post: 1 },
		headers: { 'x-csrf-token': 'token-1' },
	})
	await page.getByRole('button', { name: '退出' }).click()
	await expect(page.getByRole('heading', { name: '登录值守台' })).toBeVisible()
	await expect(rowsOf(page)).toHaveCount(0)
})

test('a session that ended elsewhere leads back to the way in', async ({ page, office }) => {
	const desk = await standIn(page)
	await page.goto(office.console)
	await expect(rowsOf(page)).toHaveCount(21)
	desk.answers['GET /api/v1/cases/870'] = problem(401, 'not-signed-in')
	await page.locator('[data-case="870"]').click()
	await expect(page.getByRole('heading', { name: '登录值守台' })).toBeVisible()
})

test('rows do not move under the pointer or the focus: changes are counted and offered', async ({ page, office }) => {
	const desk = await standIn(page)
	await page.goto(office.console)
	await expect(rowsOf(page)).toHaveCount(21)
	const before = await idsOf(page)
	const changed = page.locator('.changed button')

	await page.locator('[data-case="2"]').hover()
	await desk.say('case', row(50, { n: 500, due: NOW * 1000 - MIN_US }), 500)
	await desk.say('case', row(4, { n: 501, due: NOW * 1000 + 5 * MIN_US }), 501)
	await desk.say('gone', { id: 5 }, 502)
	await expect(changed).toHaveText(/^3 条有变化/)
	expect(await idsOf(page)).toEqual(before)
	// The row itself is up to date where it stands; the one that left says so.
	await expect(page.locator('[data-case="4"] .clock-chip')).toHaveText(/剩 5 分/)
	await expect(page.locator('[data-case="5"]')).toContainText('已不在队列')
	await changed.click()
	await expect(changed).toHaveCount(0)
	const after = await idsOf(page)
	expect(after.slice(0, 3)).toEqual([870, 50, 4])
	expect(after).not.toContain(5)

	// Away from the list a change is taken at once.
	await page.locator('h1').click()
	await page.mouse.move(1000, 20)
	await desk.say('case', row(51, { n: 510, due: NOW * 1000 - 90 * MIN_US }), 510)
	await expect.poll(() => idsOf(page).then((ids) => ids[0])).toBe(51)

	// With the focus in it, not; U takes the new order.
	await page.keyboard.press('j')
	await desk.say('case', row(52, { n: 511, due: NOW * 1000 - 99 * MIN_US }), 511)
	await expect(changed).toHaveText(/^1 条有变化/)
	await page.keyboard.press('u')
	await expect.poll(() => idsOf(page).then((ids) => ids[0])).toBe(52)
})

test('everything by keyboard: J and K move, Enter opens, B asks, / searches, T is the table', async ({
	page,
	office,
}) => {
	const desk = await standIn(page)
	await page.goto(office.console)
	await expect(rowsOf(page)).toHaveCount(21)
	const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.case)
	await page.keyboard.press('j')
	expect(await focused()).toBe('870')
	await page.keyboard.press('j')
	expect(await focused()).toBe('2')
	await page.keyboard.press('k')
	expect(await focused()).toBe('870')
	await page.keyboard.press('Enter')
	await expect(page.getByRole('heading', { name: '污水冒溢、排水堵塞' })).toBeFocused()
	expect(page.url()).toContain('#/case/870')

	await page.keyboard.press('b')
	const reason = page.getByLabel(/催办、督办理由/)
	await expect(reason).toBeFocused()
	await page.keyboard.type('jkt 请加快')
	await expect(reason).toHaveValue('jkt 请加快')
	await page.keyboard.press('Escape')
	await expect(page.locator('.command-form')).toHaveCount(0)
	await page.keyboard.press('r')
	await expect(page.locator('#reply')).toBeFocused()
	await page.locator('h1').focus()

	await page.keyboard.press('/')
	const search = page.getByRole('combobox', { name: '搜索案卷、地点' })
	await expect(search).toBeFocused()
	await page.keyboard.type('三坊')
	const found = page.locator('#found').getByRole('option')
	await expect(found).toHaveCount(2)
	expect(await violations(page)).toEqual([])
	await page.keyboard.press('ArrowUp')
	await expect(found.and(page.locator('[aria-selected=true]'))).toContainText('三坊八栋')
	await page.keyboard.press('ArrowDown')
	desk.case = { ...desk.case, id: 2, number: '0611-002-K' }
	desk.answers['GET /api/v1/cases/2'] = (route) => route.fulfill({ json: desk.case })
	await page.keyboard.press('Enter')
	await expect(page.locator('.number')).toHaveText('0611-002-K')

	await page.keyboard.press('t')
	await expect(page.locator('.map-table tbody tr')).toHaveCount(21)
	await page.keyboard.press('t')
	await expect(page.locator('.map-table')).toHaveCount(0)
	const height = () => rowsOf(page).first().evaluate((one) => one.getBoundingClientRect().height)
	const roomy = await height()
	await page.keyboard.press('d')
	expect(await height()).toBeLessThan(roomy)
})

test('a refused search says why', async ({ page, office }) => {
	const desk = await standIn(page)
	desk.answers['GET /api/v1/cases/search'] = problem(422, 'refused', { title: '车牌号不能搜索', remedy: '请用编号或地址' })
	await page.goto(office.console)
	await expect(rowsOf(page)).toHaveCount(21)
	await page.keyboard.press('/')
	await page.keyboard.type('粤B12345')
	await expect(page.locator('.found').getByText('车牌号不能搜索')).toBeVisible()
	await expect(page.locator('.found').getByText('请用编号或地址')).toBeVisible()
})

test('a command is made from the case type, sent with what was seen, and keeps what was written', async ({
	page,
	office,
}) => {
	const desk = await standIn(page)
	await page.goto(`${office.console}#/case/870`)
	await page.getByRole('button', { name: '退单' }).click()
	const form = page.locator('.command-form')
	await form.getByRole('button', { name: '退单，记入案卷' }).click()
	await expect(form.getByText('请填写：退单原因')).toBeVisible()
	expect(desk.posted.filter(({ path }) => path.endsWith('/commands'))).toEqual([])

	await form.getByRole('combobox', { name: '退单原因' }).press('Enter')
	await page.getByRole('option', { name: '非本单位职责' }).click()
	await form.getByRole('combobox', { name: '建议单位' }).press('Enter')
	await page.getByRole('option', { name: '物业服务人' }).click()
	await form.getByLabel(/退单依据/).fill('堵在小区内管')

	// No answer: kept, and the same id at the second try.
	desk.answers['POST /api/v1/cases/870/commands'] = (route) => route.abort()
	await form.getByRole('button', { name: '退单，记入案卷' }).click()
	await expect(form.getByText('未提交，内容还在。')).toBeVisible()

	// Somebody else was faster: nothing is sent, what is new is shown, what was written stays.
	const step = { ...desk.history.steps[0]!, n: 1150, command: 'receive', transition: 'receive', unit: 'WAT' }
	desk.case = { ...desk.case, n: 1150 }
	desk.history = { steps: [step, ...desk.history.steps] }
	desk.answers['POST /api/v1/cases/870/commands'] = problem(409, 'conflict', { field: 'seen' })
	await form.getByRole('button', { name: '重试' }).click()
	await expect(form.getByRole('alert')).toContainText('您填写期间，这件案卷有了新的记录')
	await expect(form.getByRole('alert')).toContainText('供排水 签收')
	await expect(form.getByLabel(/退单依据/)).toHaveValue('堵在小区内管')
	delete desk.answers['POST /api/v1/cases/870/commands']
	await form.getByRole('button', { name: '看过了，仍然提交' }).click()
	await expect(page.getByText('退单，已记入案卷')).toBeVisible()

	const sent = desk.posted.filter(({ path }) => path.endsWith('/commands'))
	const fields = [
		{ field: 'hand_back_reason', value: 'not_ours' },
		{ field: 'proposed_unit', value: 'PMC' },
		{ field: 'hand_back_ground', value: '堵在小区内管' },
	]
	expect(sent.map(({ body }) => body)).toEqual([
		{ command: 'hand_back', seen: 1100, fields },
		{ command: 'hand_back', seen: 1100, fields },
		{ command: 'hand_back', seen: 1150, fields },
	])
	const ids = sent.map(({ headers }) => headers['idempotency-key'])
	expect(ids[1]).toBe(ids[0])
	expect(ids[2]).not.toBe(ids[0])
})

test('texts are sealed until they are opened, for a purpose; what may not be opened says by which rule', async ({
	page,
	office,
}) => {
	const desk = await standIn(page)
	await page.goto(`${office.console}#/case/870`)
	const texts = page.locator('section.texts')
	await expect(texts.getByText('加密保存，尚未打开')).toHaveCount(2)
	await expect(texts.getByText('units-only')).toBeVisible()
	await texts.getByLabel('处理目的').selectOption('getting-it-done')
	await texts.getByRole('button', { name: '打开 1 项（记入查看记录）' }).click()
	await expect(texts.getByText('又冒到楼道口了，老人出不了门。')).toBeVisible()
	await expect(texts.getByText('加密保存，尚未打开')).toHaveCount(1)
	expect(desk.posted.at(-1)!.body).toEqual({
		purpose: 'getting-it-done',
		texts: [{ field: 'text', n: 870 }],
	})
	await page.locator('.units').getByRole('button', { name: '为什么' }).click()
	await expect(page.getByText('部件 W-05-011 属市政管段，先于分类判定')).toBeVisible()
	await texts.getByRole('button', { name: '谁看过' }).click()
	await expect(texts.getByText('还没有人看过这件案卷的个人内容。')).toBeVisible()
})

test('what does not answer says so in its place, and the rest goes on', async ({ page, office }) => {
	const desk = await standIn(page)
	for (const path of ['/api/v1/cases', '/api/v1/map', '/api/v1/cases/870'])
		desk.answers[`GET ${path}`] = problem(503, 'busy', { title: '排队已满', error_id: 'e-17' })
	await page.goto(`${office.console}#/case/870`)
	await expect(page.locator('.queue').getByText('没有取到队列。')).toBeVisible()
	await expect(page.locator('.map').getByText('没有取到地图。案卷位置照常显示。')).toBeVisible()
	await expect(page.locator('.case-page').getByText('没有取到这件案卷。')).toBeVisible()
	expect(await violations(page)).toEqual([])
	desk.answers = {}
	for (const part of ['.queue', '.map', '.case-page'])
		await page.locator(part).getByRole('button', { name: '再取一次' }).click()
	await expect(rowsOf(page)).toHaveCount(21)
	await expect(page.locator('.number')).toHaveText('0610-087-K')
	await expect(page.locator('.map .failed')).toHaveCount(0)
})

test('without the routes of the office the page says that it has no answer', async ({ page, office }) => {
	await page.route('**/api/v1/session', problem(404, 'not-found', { title: '没有这个地址' }))
	await page.goto(office.console)
	await expect(page.getByRole('alert').getByText('没有这个地址')).toBeVisible()
	await expect(page.getByRole('button', { name: '再取一次' })).toBeVisible()
})

test('in English, switched at once', async ({ page, office }) => {
	await standIn(page)
	await page.goto(`${office.console}#/case/870`)
	await expect(page.locator('.number')).toBeVisible()
	await page.getByRole('button', { name: 'EN, English' }).click()
	await expect(page).toHaveTitle('Console · Liren')
	await expect(page.getByRole('heading', { name: 'sewage, blocked drain' })).toBeVisible()
	await expect(page.locator('[data-case="2"] .clock-chip')).toHaveText('on site 11 min left')
	const words = await page.evaluate(() => document.body.innerText)
	// Titles of places are the place's own, and the button for Chinese is Chinese.
	const left = words.replaceAll(/[三五六九二]坊\s?\d*\s?栋?口?东?侧?/g, '').replace('南园社区', '').replace('中', '')
	expect(left).not.toMatch(/[\u4e00-\u9fff]/)
})

// A Thursday morning at the desk, A1 to A6: handover, the wall, an order, a call, a refusal, a hand-back. The people of the
// desk act in browsers; reporters read in the portal. One office, whose clock the story moves.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { DESK_SCREEN, handInAt, layPlaces, placeOf, signIn } from './consoleOffice'
import { answerBy, expect, story } from './daysOffice'
import { tabTo } from './keyboard'
import { Caller, type Handed, PHOTO, addStaff } from './portalOffice'

const NOTE = '三件急事未完：污水、电梯、外墙。车牌粤B12345 挡路'
const SEWAGE = '五坊下水道堵塞，污水溢出'
const CALLER = '陈女士 13800138000'
const GROUND = '已由法院受理，案号见附件'
const MEDIATION = '想请调解员帮我们谈谈'
const PHONE = { viewport: { width: 390, height: 844 } }
/** A screen beside the duty officer's: no map is drawn on it. */
const SMALL = { map: false }

let drain: Handed
let lamp: Handed

const { test, day } = story(async ({ office }) => {
	layPlaces(office)
	for (const [name, ...posts] of [
		['night', 'duty_officer:DESK'],
		['day', 'duty_officer:DESK'],
		['lead', 'desk_lead:DESK'],
		['urb', 'unit_handler:URB'],
		['pmc', 'unit_handler:PMC'],
		['wat', 'unit_handler:WAT', 'grid_worker:GRD:G03'],
		['grid', 'grid_worker:GRD:G03'],
		['above', 'level_above'],
	] as const)
		addStaff(office, name, ...posts)

	// CA-1: a blocked drain, 24 hours; nobody is to be late with anything before that.
	await day.at('07:25', 1)
	let night = await as('night')
	const wat = await as('wat')
	drain = await handInAt(office, SEWAGE, 0, 0.00036)
	await night.do(drain.id, 'open', { category: '0204' })
	await night.do(drain.id, 'dispatch')
	await wat.do(drain.id, 'receive')
	await wat.do(drain.id, 'contact', { contact_outcome: 'reached' })
	await wat.do(drain.id, 'arrive')

	// CA-5: a lamp, wrongly the subdistrict's.
	await day.at('17:55', 1)
	night = await as('night')
	lamp = await handInAt(office, '三坊巷子的路灯不亮', 0, 0.0011)
	await night.do(lamp.id, 'open', { category: '0102' })
	await night.do(lamp.id, 'dispatch')
	await (await as('urb')).do(lamp.id, 'receive')

	// Two that nobody has received yet: 30 minutes each.
	await day.at('07:45')
	night = await as('night')
	const elsewhere = await placeOf(office, '五坊十二栋')
	for (const [text, category] of [
		['化粪池堵了', '0204'],
		['井盖破损', '0101'],
	] as const) {
		const one = await handInAt(office, text, elsewhere, -0.004)
		await night.do(one.id, 'open', { category })
		await night.do(one.id, 'dispatch')
	}
	await day.at('07:50')
})

test.use(DESK_SCREEN)

const as = (name: string): Promise<Caller> => new Caller(day.office).signIn(name)
const rowsOf = (page: Page) => page.locator('.queue .row')
const can = (page: Page, name: string) => page.locator('.can').getByRole('button', { name, exact: true })

/** The page's clock is the office's again. */
async function later(time: string, page: Page): Promise<void> {
	await day.at(time)
	await page.reload()
}

async function openCase(page: Page, { id, number }: Handed): Promise<void> {
	await page.goto(`${day.office.console}#/case/${id}`)
	await expect(page.locator('.number')).toHaveText(number)
}

/** One step by its form; `fill` writes into it. */
async function step(page: Page, name: string, fill: (form: ReturnType<Page['locator']>) => Promise<void>): Promise<void> {
	await can(page, name).click()
	const form = page.locator('.command-form')
	await fill(form)
	expect(await violations(page), name).toEqual([])
	await form.getByRole('button', { name: `${name}，记入案卷` }).click()
	await expect(page.getByText(`${name}，已记入案卷`)).toBeVisible()
}

async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
	await page.locator('.command-form').getByRole('combobox', { name: field }).press('Enter')
	await page.getByRole('option', { name: option }).click()
}

async function openTexts(page: Page): Promise<void> {
	await page.locator('section.texts').getByRole('button', { name: /^打开 [0-9]+ 项/ }).click()
}

/** The reporter's page, by the link of the receipt. */
async function portal(who: string, { id, secret }: Pick<Handed, 'id' | 'secret'>): Promise<Page> {
	const page = await day.screens.of(who, PHONE)
	await portalAgain(page, { id, secret })
	return page
}

async function portalAgain(page: Page, { id, secret }: Pick<Handed, 'id' | 'secret'>): Promise<void> {
	await page.goto(`${day.office.url}/#/case/${id}/${encodeURIComponent(secret)}`)
	await expect(page.locator('[data-record] li').first()).toBeVisible()
}

test('A1: the desk is handed over; the queue opens with it, and the night officer has nothing any more', async ({ office }) => {
	const night = await day.screens.desk('night', SMALL)
	await expect(rowsOf(night)).toHaveCount(4)
	await night.getByRole('button', { name: '交接班' }).click()
	await night.getByRole('button', { name: '开值班台' }).click()
	await expect(rowsOf(night)).toHaveCount(4)
	await night.getByRole('button', { name: '交接班' }).click()
	await night.getByRole('textbox', { name: '写交班说明' }).fill(NOTE)
	await night.getByRole('button', { name: '交班', exact: true }).click()
	await expect(night.getByText('交班说明已写好，等人接班。')).toBeVisible()
	expect(await violations(night)).toEqual([])
	// Until it is taken over the desk is the night officer's, with a case open.
	await openCase(night, drain)
	await openTexts(night)
	await expect(night.locator('section.texts')).toContainText(SEWAGE)

	const page = await day.screens.desk('day')
	await expect(page.getByText('接班之后才能看队列、地图和案卷。')).toBeVisible()
	await expect(rowsOf(page)).toHaveCount(0)
	await expect(page.getByRole('combobox', { name: '搜索案卷、地点' })).toHaveCount(0)
	const kept = page.locator('[data-desk="1"]')
	await expect(kept).toContainText('值班员值班')
	await expect(kept).toContainText('三件急事未完：污水、电梯、外墙。')
	await expect(kept).not.toContainText('粤B12345')
	expect(await violations(page)).toEqual([])
	await kept.getByRole('button', { name: '看过了，接班' }).click()
	await expect(rowsOf(page)).toHaveCount(4)

	await expect(night.getByText('接班之后才能看队列、地图和案卷。')).toBeVisible()
	await expect(rowsOf(night)).toHaveCount(0)
	expect(await night.locator('body').innerText()).not.toContain(SEWAGE)
	await night.goto(`${office.console}#/case/${drain.id}`)
	await expect(night.locator('.case-page')).toHaveCount(0)

	const taken = day.entries().filter(({ kind }) => kind === 'shift.handed_over')
	expect(taken).toHaveLength(1)
	expect(taken[0]).toMatchObject({
		actor: { role: 'duty_officer', unit: 'DESK' },
		data: { forced: false, from: { role: 'duty_officer', unit: 'DESK' } },
	})
	expect((taken[0]!.data.from as { handle: string }).handle).not.toBe(taken[0]!.actor.handle)
})

test('A2: the wall by time left, its sums, and the table that says the same; by keyboard only', async () => {
	const page = await day.screens.desk('day')
	await later('07:55', page)
	await expect(rowsOf(page)).toHaveCount(4)
	const heads = page.locator('.queue .group h3')
	await expect(heads).toHaveText([/^已超时\s*1$/, /^30 分钟内\s*2$/, /^今天\s*1$/])
	const layers = page.locator('.layers')
	await expect(layers).toContainText('案卷 4')
	await expect(layers).toContainText('超时 1')
	await expect(layers).toContainText('30 分内 2')
	await expect(page.locator('.spot').first()).toBeVisible()

	const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.case)
	await page.keyboard.press('j')
	expect(await focused()).toBe(String(drain.id))
	for (let i = 0; i < 3; i++) await page.keyboard.press('j')
	expect(await focused()).toBe(String(lamp.id))

	const queue = await rowsOf(page).evaluateAll((rows) =>
		rows.map((row) => ['.category', '.clock-chip', '.reported'].map((part) => row.querySelector(part)!.textContent!.trim())),
	)
	await page.keyboard.press('t')
	const lines = page.locator('.map-table table').first().locator('tbody tr')
	await expect(lines).toHaveCount(4)
	const table = await lines.evaluateAll((rows) =>
		rows.map((row) => [2, 5, 6].map((n) => row.querySelector(`td:nth-child(${n})`)!.textContent!.trim())),
	)
	expect(table).toEqual(queue)
	expect(await violations(page)).toEqual([])
	await tabTo(page, page.getByRole('button', { name: `打开 ${drain.number}` }))
	await page.keyboard.press('Enter')
	await expect(page.getByRole('heading', { name: '污水冒溢、排水堵塞' })).toBeFocused()
	await page.keyboard.press('t')
	await expect(page.locator('.map-table')).toHaveCount(0)
	await expect(page.locator('.spot.open')).toBeVisible()
})

test('A3: a reminder, the answer, feedback with a photo; the reporter reads that it went up, and why', async () => {
	const page = await day.screens.desk('day')
	await later('08:05', page)
	await openCase(page, drain)
	await expect(page.locator('.clocks dt')).toHaveText(['反映人计时', '单位计时'])
	await page.keyboard.press('b')
	await page.getByLabel(/催办、督办理由/).fill('超时未反馈，请说明进度')
	await answerBy(page.locator('.command-form'))
	await page.getByRole('button', { name: '催办，记入案卷' }).click()
	await expect(page.getByText('催办，已记入案卷')).toBeVisible()

	const reporter = await portal('reporter', drain)
	await expect(reporter.locator('[data-standing]')).toContainText(/超时提级到主办单位负责人：“处置”（时限 24 时）已到期，超 /)
	await expect(reporter.locator('[data-record]')).toContainText('“处置”到期没有办好，提级到主办单位负责人')
	await reporter.getByRole('button', { name: '为什么', exact: true }).click()
	await expect(reporter.locator('[data-why]')).toContainText('“处置时限”已于')
	await expect(reporter.locator('[data-why]')).toContainText('已告知主办单位负责人')
	expect(await violations(reporter)).toEqual([])

	const wat = await day.screens.desk('wat', SMALL)
	await openCase(wat, drain)
	await wat.getByRole('textbox', { name: /^回复/ }).fill('抢修队在路上')
	await wat.getByRole('button', { name: '发送' }).click()
	await expect(page.locator('.record')).toContainText('沟通')
	await openTexts(page)
	await expect(page.locator('section.texts')).toContainText('抢修队在路上')

	await later('08:31', wat)
	await step(wat, '处理反馈', async (form) => {
		await form.getByLabel(/^处理反馈/).fill('已疏通，场地消毒')
		await form.locator('input[type=file]').setInputFiles(PHOTO)
		await expect(form.getByText(/^照片已存/)).toBeVisible()
	})
	await page.reload()
	await step(page, '答复通过，去核查', async () => {})
	await reporter.reload()
	await expect(reporter.locator('[data-record]')).toContainText('已疏通，场地消毒')

	// The check on the ground is another's: not of whoever did it, in whatever post.
	await wat.getByRole('combobox', { name: '岗位' }).selectOption({ label: '网格员 · 网格员' })
	await openCase(wat, drain)
	await expect(can(wat, '登记现场情况').or(wat.getByText('您的岗位现在没有可办的环节。'))).toBeVisible()
	await expect(can(wat, '核查通过')).toHaveCount(0)
	const grid = await day.screens.desk('grid', SMALL)
	await openCase(grid, drain)
	await expect(can(grid, '核查通过')).toBeVisible()
})

test('A4: a call about the same thing: the caller follows it, unnamed to the unit, with a paper receipt', async () => {
	const page = await day.screens.desk('day')
	await later('08:35', page)
	await page.getByRole('button', { name: '接电话' }).click()
	await page.getByRole('textbox', { name: '什么事' }).fill('菜市场旁边那栋楼边污水溢出来了')
	await page.getByRole('textbox', { name: '在哪里' }).fill('菜市场旁边')
	await page.getByRole('radio', { name: '三坊八栋' }).check()
	await expect(page.getByText('看起来是：0204 污水冒溢、排水堵塞。')).toBeVisible()
	const same = page.locator('.duplicate')
	await expect(same).toHaveCount(1)
	await expect(same.getByRole('heading')).toHaveText(/^\s*40 米?m? ?外/)
	await page.getByRole('textbox', { name: /^怎么联系/ }).fill(CALLER)
	await page.getByRole('checkbox', { name: '对方问起，不说是谁反映的' }).check()
	expect(await violations(page)).toEqual([])
	await same.getByRole('button', { name: '是同一件' }).click()

	const paper = page.getByRole('region', { name: '纸质回执' })
	await expect(paper).toContainText(drain.number)
	await expect(paper).toContainText('念给对方听')
	expect(await violations(page)).toEqual([])
	// The secret stands on the paper alone, and the paper has nothing of the desk.
	const link = paper.locator('[data-link]')
	await expect(link).toBeHidden()
	await page.evaluate(() => Object.assign(window, { print: () => Object.assign(window, { printed: true }) }))
	await page.getByRole('button', { name: '打印回执' }).click()
	expect(await page.evaluate(() => (window as { printed?: boolean }).printed)).toBe(true)
	await page.emulateMedia({ media: 'print' })
	await expect(link).toBeVisible()
	await expect(rowsOf(page).first()).toBeHidden()
	await expect(paper).toContainText(drain.number)
	await page.emulateMedia({ media: 'screen' })

	const caller = await day.screens.of('caller', PHONE)
	await caller.goto((await link.textContent())!)
	await expect(caller.locator('[data-track] [aria-current=step]')).toBeVisible()
	await expect(caller.locator('[data-record]')).not.toContainText(SEWAGE)

	const joined = day.entries().find(({ data }) => (data.follower as { channel?: string } | undefined)?.channel)!
	expect(joined.actor).toMatchObject({ role: 'duty_officer' })
	expect(joined.data.follower).toMatchObject({ channel: 'phone', confidential: true })
	const wat = await day.screens.desk('wat', SMALL)
	await wat.getByRole('combobox', { name: '岗位' }).selectOption({ index: 0 })
	await wat.reload()
	await expect(wat.getByText('1 人关注')).toBeVisible()
	await openTexts(wat)
	await expect(wat.locator('section.texts')).toContainText(SEWAGE)
	expect(await wat.locator('body').innerText()).not.toMatch(/陈女士|13800138000/)
})

test('A4: a call of its own: the category that its words propose stands in the opening form, and may be changed', async ({ office }) => {
	const page = await day.screens.desk('day')
	const category = page.locator('.command-form [data-field=category]')
	const PROPOSED = '按诉求内容的建议，请看过；可以改。'
	const UNSURE = '看不准，不作建议。'
	const take = async (words: string) => {
		const heading = page.getByRole('heading', { name: '接电话、来访' })
		if (!(await heading.isVisible())) await page.getByRole('button', { name: '接电话' }).click()
		await expect(heading).toBeVisible()
		await page.getByRole('button', { name: '下一件' }).click() // the receipt of the call before stood there
		const proposed = page.waitForResponse((r) => r.url().endsWith('/cases/propose'))
		await page.getByRole('textbox', { name: '什么事' }).fill(words)
		await proposed
		await page.getByRole('checkbox', { name: '还说不准地点，写在内容里' }).check()
		await page.getByRole('button', { name: '记下这件事' }).click()
		await page.getByRole('button', { name: '打开案卷' }).click()
		await can(page, '立案').click()
	}
	await take('三坊巷子的路灯不亮')
	await expect(category).toContainText('0102')
	await expect(category.getByRole('status')).toHaveText(PROPOSED)
	expect(await violations(page)).toEqual([])
	// Another is chosen: it is the officer's, and no proposal any more.
	await choose(page, '事项分类', /^0104/)
	await expect(category.getByRole('status')).toBeEmpty()
	const id = Number(/case\/([0-9]+)/.exec(page.url())![1])
	await page.locator('.command-form').getByRole('button', { name: '立案，记入案卷' }).click()
	await expect(page.getByText('立案，已记入案卷')).toBeVisible()
	expect((await (await as('day')).must('GET', `/cases/${id}`)).category).toBe('0104')

	// What nobody can tell proposes nothing, and says so.
	await take('请问一下这件事怎么办')
	await expect(category.getByRole('status')).toHaveText(UNSURE)
	await expect(category).not.toContainText(/[0-9]{4}/)
	await page.locator('.command-form').getByRole('button', { name: '立案，记入案卷' }).click()
	await expect(category).toContainText('请填写：事项分类')

	// A report from the portal proposes once its words were opened, and opens nothing by itself.
	await openCase(page, await handInAt(office, '三坊巷子的路灯不亮'))
	const looks = day.entries().length
	await can(page, '立案').click()
	await expect(category).toBeVisible()
	await expect(category).not.toContainText('0102')
	await expect(category.getByRole('status')).toBeEmpty()
	expect(day.entries()).toHaveLength(looks)
	await openTexts(page)
	await expect(category).toContainText('0102')
	await expect(category.getByRole('status')).toHaveText(PROPOSED)
})

test('A5: not opened, signed by a second person; the reporter reads reason, ground and how to object, and takes up mediation', async ({ office }) => {
	test.slow()
	const counted = async (name: string) => {
		const month = new Date((await new Caller(office).must('GET', '/office')).now as number / 1000 + 8 * 3600_000)
		const when = month.toISOString().slice(0, 7).replace('-', '')
		const { rows } = await (await as('lead')).must('GET', `/figures?from=${when}&until=${when}`)
		return (rows as { name: string; cases: number }[]).filter((row) => row.name === name).reduce((n, row) => n + row.cases, 0)
	}
	const closed = await counted('closed')
	const rent = await handInAt(office, '房租纠纷，已在法院，请你们判')
	const page = await day.screens.desk('day')
	await later('08:40', page)
	await openCase(page, rent)
	await openTexts(page)
	await expect(page.locator('section.texts')).toContainText('房租纠纷')
	await step(page, '提出不予立案', async (form) => {
		await choose(page, '不予立案原因', '已进入诉讼、仲裁或复议')
		await form.getByLabel(/^依据说明/).fill(GROUND)
	})
	await expect(can(page, '签署不予立案')).toHaveCount(0)

	// The lead at the same machine: nothing that the officer had opened is open to them.
	await page.getByRole('button', { name: '退出' }).click()
	await signIn(page, office, 'lead')
	await openCase(page, rent)
	expect(await page.locator('body').innerText()).not.toContain('房租纠纷')
	await step(page, '签署不予立案', async () => {})
	await page.getByRole('button', { name: '退出' }).click()
	await signIn(page, office, 'day')

	const tenant = await portal('tenant', rent)
	const record = tenant.locator('[data-record]')
	await expect(record).toContainText('不予立案：原因、依据和异议途径见内')
	await expect(record).toContainText('已进入诉讼、仲裁或复议')
	await expect(record).toContainText(GROUND)
	await tenant.getByRole('button', { name: '为什么', exact: true }).click()
	await expect(tenant.locator('[data-why]')).toContainText('不同意？')
	expect(await violations(tenant)).toEqual([])
	// Another way is offered; nothing goes over to it that the reporter does not write anew.
	const offer = tenant.locator('[data-offer]')
	await expect(offer.getByRole('heading')).toHaveText('另一条途径：纠纷调解')
	await offer.getByRole('button', { name: '申请纠纷调解' }).click()
	await expect(offer.locator('textarea')).toBeFocused()
	await offer.getByRole('button', { name: '提交申请' }).click()
	await expect(offer.getByRole('alert')).toHaveText('请填这一项。')
	await offer.locator('textarea').fill(MEDIATION)
	expect(await violations(tenant), 'offer').toEqual([])
	await offer.getByRole('button', { name: '提交申请' }).click()
	await expect(tenant).toHaveURL(/#\/sent\//)
	const { offer: taken, ties } = await new Caller(office, rent.secret).must('GET', `/cases/${rent.id}`)
	const { type, asked } = taken as { type: string; asked: number }
	expect([type, (ties as { kind: string; id: number }[]).map(({ kind, id }) => [kind, id])]).toEqual(['dispute-mediation', [['split', asked]]])
	await openCase(page, { id: asked, number: (await (await as('day')).must('GET', `/cases/${asked}`)).number as string, secret: '' })
	await openTexts(page)
	await expect(page.locator('section.texts')).toContainText(MEDIATION)
	expect(await page.locator('section.texts').innerText()).not.toContain('房租纠纷')
	await portalAgain(tenant, rent)
	await expect(offer).toContainText('您已经提出申请。')
	await expect(offer.getByRole('button')).toHaveCount(0)
	const objecting = tenant.locator('[data-command=object]')
	await objecting.getByRole('textbox', { name: '异议' }).fill('请复核')
	await objecting.getByRole('button', { name: '提出异议' }).click()
	await expect(record).toContainText('提出异议')
	await (await as('above')).do(rent.id, 'review', { review_ground: '依据成立' })
	expect([await counted('not_opened'), await counted('closed')]).toEqual([1, closed])
})

test('A6: a hand-back is accepted by the component’s number; the unit’s clock anew, the reporter’s goes on', async ({ office }) => {
	const page = await day.screens.desk('day')
	await later('08:50', page)
	await (await as('urb')).do(lamp.id, 'hand_back', {
		hand_back_reason: 'wrong_component',
		hand_back_ground: '灯是物业的，L-03-017',
		proposed_unit: 'PMC',
	})
	const clocks = async () => {
		const { clocks: all } = await (await as('day')).must('GET', `/cases/${lamp.id}`)
		return Object.fromEntries((all as { name: string; started: number }[]).map(({ name, started }) => [name, started]))
	}
	const before = await clocks()
	await openCase(page, lamp)
	await openTexts(page)
	const box = page.locator('.record .hand-back')
	await expect(box).toContainText('部件权属有误')
	await expect(box).toContainText('灯是物业的，L-03-017')
	await expect(box).toContainText('物业服务人')

	await page.keyboard.press('/')
	await page.keyboard.type('L-03-017')
	await expect(page.locator('#found').getByRole('option', { name: 'L-03-017' })).toBeVisible()
	await page.keyboard.press('Enter')
	const card = page.locator('.place-card')
	await expect(card).toContainText('权属单位')
	await expect(card).toContainText('物业服务人')
	expect(await violations(page)).toEqual([])

	await step(page, '同意退单并改派', async () => choose(page, '主办单位', /^物业服务人/))
	await expect(page.locator('.units')).toContainText('物业服务人')
	await expect(box).toContainText('已采纳')
	await expect(page.locator('.track')).toContainText('退单 1 次')
	const after = await clocks()
	expect(after.done).toBeGreaterThan(before.done!)
	expect(after.reporter).toBe(before.reporter)
	// The table of responsibilities gets its proposal from hand-backs that were upheld.
	expect(office.run(['responsibilities'])).toMatch(/0102[^\n]*G03[^\n]*→[^\n]*1/)
	// The page says the same, and the line that it proposes is one that the office's files hold with.
	await page.locator('.record').getByRole('button', { name: '职责清单：修改建议' }).click()
	await expect(page.getByRole('heading', { name: '职责清单：修改建议和缺口' })).toBeFocused()
	const proposal = page.locator('.responsibilities tbody tr').first()
	const { proposals } = await (await as('day')).must('GET', '/responsibilities')
	expect(proposals).toEqual([{ category: '0102', area: 'G03', from: 'URB', to: 'PMC', cases: 1, n: expect.any(Number) }])
	await expect(proposal).toContainText(/0102.*G03.*街道城管.*物业服务人.*1 次/)
	await tabTo(page, proposal.getByRole('button', { name: '看条目' }))
	await page.keyboard.press('Enter')
	const line = (await page.locator('[data-line]').textContent())!
	// Who is told in the end: nobody here is the overseer.
	await expect(page.locator('.chains li', { hasText: '监察员' })).toContainText(/监察员：没有人担任这个岗位。到此为止的提级路线 \d+ 条/)
	expect(await violations(page)).toEqual([])
	const file = join(office.dir, 'etc/responsibilities.yaml')
	const table = await readFile(file, 'utf8')
	await writeFile(file, table.replace('rules:\n', `rules:\n${line}`))
	expect(office.run(['files', 'check'])).toContain('responsibilities')
	await writeFile(file, table)
	expect((await (await as('grid')).ask('GET', '/responsibilities')).status).toBe(403)
	expect((await new Caller(office).ask('GET', '/responsibilities')).status).toBe(401)
	await page.keyboard.press('Escape')
	await expect(rowsOf(page).first()).toBeVisible()
	// A second hand-back would go to a ruling.
	const pmc = await as('pmc')
	await pmc.do(lamp.id, 'receive')
	const { commands } = await pmc.must('GET', `/cases/${lamp.id}`)
	expect((commands as { transition: string }[]).map(({ transition }) => transition)).toContain('hand_back_again')

	const reporter = await portal('R', lamp)
	await expect(reporter.locator('[data-track]')).toContainText('转过 1 次')
	await expect(reporter.locator('[data-record]')).toContainText('已转到对口单位')
	await reporter.getByRole('button', { name: '为什么', exact: true }).click()
	await expect(reporter.locator('[data-why]')).toContainText('部件权属有误')
})

test('A1 in English: a note, and the desk goes back', async ({ office }) => {
	const page = await day.screens.desk('day')
	await page.getByRole('button', { name: '交接班' }).click()
	await page.getByRole('textbox', { name: '写交班说明' }).fill('lamp of lane 3 is with the firm')
	await page.getByRole('button', { name: '交班', exact: true }).click()
	await expect(page.getByText('交班说明已写好，等人接班。')).toBeVisible()
	const night = await day.screens.of('night in English', { locale: 'en', ...SMALL })
	await signIn(night, office, 'night')
	await expect(night.getByText('Queue, map and cases open once you have taken the desk over.')).toBeVisible()
	await expect(night.locator('[data-desk="1"]')).toContainText('kept by: duty officer')
	expect(await violations(night)).toEqual([])
	const words = await night.evaluate(() => document.body.innerText)
	expect(words.replace('南园社区居委会', '').replace('中', '')).not.toMatch(/[\u4e00-\u9fff]/)
	await tabTo(night, night.getByRole('button', { name: 'Read; taken over' }))
	await night.keyboard.press('Enter')
	await expect(rowsOf(night).first()).toBeVisible()
	await expect(page.getByText('接班之后才能看队列、地图和案卷。')).toBeVisible()
})

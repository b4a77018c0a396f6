// Two acts for many cases at the desk: one answer of a mother case, which is lost on its way once and still stands on the record
// once; and an emergency order, by keyboard. Both say before what they will do and after what they came to.
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { DESK_SCREEN, handInAt } from './consoleOffice'
import { story } from './daysOffice'
import { tabTo } from './keyboard'
import { expect } from './office'
import { Caller, type Handed, addStaff } from './portalOffice'

const SMALL = { map: false }
const ANSWER = '变压器已修复，粤B12345 已移开'
const MANY = '[data-many]'

let mother: Handed
let children: Handed[] = []
let urgent: Handed
let received: Handed

const { test, day } = story(async (day) => {
	const { office } = day
	for (const [name, ...posts] of [
		['an', 'duty_officer:DESK'],
		['lead', 'desk_lead:DESK'],
		['wat', 'unit_handler:WAT'],
		['intake', 'intake:DESK'],
	] as const)
		addStaff(office, name, ...posts)
	await day.at('08:00')
	const as = (name: string) => new Caller(office).signIn(name)
	const [an, wat, intake] = [await as('an'), await as('wat'), await as('intake')]
	const handled = async (text: string, priority: number, isReceived = true) => {
		const one = await handInAt(office, text)
		await an.do(one.id, 'open', { category: '0102', priority })
		await an.do(one.id, 'dispatch', { lead_unit: 'WAT' })
		if (isReceived) await wat.do(one.id, 'receive')
		return one
	}
	mother = await handled('整栋楼停电', 3)
	for (const text of ['3 楼停电', '5 楼停电', '7 楼停电']) {
		const child = await handled(text, 3)
		await an.do(child.id, 'mother', { mother_case: mother.id })
		children.push(child)
	}
	await intake.do(children[1]!.id, 'withdraw')
	urgent = await handled('电线落在路上', 1)
	received = await handled('路灯不亮', 4, false)
})

test.use(DESK_SCREEN)

const many = (page: Page) => page.locator(MANY)
const answerButton = (page: Page) => page.locator('.can').getByRole('button', { name: '一次答复全部子件', exact: true })
const stateOf = async (one: Handed) =>
	(await (await new Caller(day.office).signIn('lead')).must('GET', `/cases/${one.id}`)).state
const acts = () => day.entries().filter(({ kind }) => kind === 'cases.ordered').map(({ data }) => data)

async function openCase(page: Page, { id, number }: Handed): Promise<void> {
	await page.goto(`${day.office.console}#/case/${id}`)
	await expect(page.locator('.number')).toHaveText(number)
}

test('a unit, and a case without children, have no such button', async () => {
	const wat = await day.screens.desk('wat', SMALL)
	await openCase(wat, mother)
	await expect(wat.locator('.can button').first()).toBeVisible()
	await expect(answerButton(wat)).toHaveCount(0)
	const an = await day.screens.desk('an', SMALL)
	await openCase(an, urgent)
	await expect(an.locator('.can button').first()).toBeVisible()
	await expect(answerButton(an)).toHaveCount(0)
})

test('one answer reaches the children that wait for it, once, though it was lost on its way', async () => {
	const page = await day.screens.desk('an', SMALL)
	await openCase(page, mother)
	await tabTo(page, answerButton(page))
	await page.keyboard.press('Enter')
	await expect(many(page).getByRole('heading', { name: '一次答复全部子件' })).toBeFocused()
	await expect(many(page).locator('[data-reaches]')).toHaveText('现在能答复 2 件，共有子件 3 件。')
	await expect(many(page).locator('[data-states]')).toHaveText('办理中 2')
	await expect(many(page).locator('[data-others] li')).toHaveText([new RegExp(`${children[1]!.number}.*撤回`)])
	expect(await violations(page)).toEqual([])

	const send = many(page).getByRole('button', { name: '答复 2 件，记入案卷' })
	await send.click()
	await expect(many(page).getByText('请填写：处理反馈')).toBeVisible()
	await many(page).getByLabel(/^处理反馈/).fill(ANSWER)

	const asked: string[] = []
	await page.route('**/children/answer', async (route) => {
		asked.push(route.request().headers()['idempotency-key'] ?? '')
		const answer = await route.fetch()
		if (asked.length === 1) await route.abort()
		else await route.fulfill({ response: answer })
	})
	await send.click()
	await expect(many(page).getByText('未提交，内容还在。')).toBeVisible()
	await many(page).getByRole('button', { name: '重试' }).click()
	await expect(many(page).locator('[data-came-to]')).toContainText('已答复 2 件，未答复 1 件。')
	await expect(many(page).locator('[data-came-to]')).toContainText('已隐去 1 处号码')
	expect(asked).toHaveLength(2)
	expect(asked[1]).toBe(asked[0])
	expect(acts()).toEqual([expect.objectContaining({ command: 'mother_answer', done: 2, refused: 1, mother: mother.id })])
	await expect(many(page).locator('[data-left] li')).toHaveText([new RegExp(`${children[1]!.number}.*撤回`)])
	expect(await violations(page)).toEqual([])
	expect(await stateOf(children[0]!)).not.toBe('handling')
	expect(await stateOf(children[2]!)).toBe(await stateOf(children[0]!))

	// By the link to the child that was left, and back: what it came to stands there still.
	await many(page).getByRole('button', { name: children[1]!.number }).click()
	await expect(page.locator('.number')).toHaveText(children[1]!.number)
	await openCase(page, mother)
	await answerButton(page).click()
	await expect(many(page).locator('[data-came-to]')).toContainText('已答复 2 件')
	await many(page).getByRole('button', { name: '再答复一次' }).click()
	// Both wait for their check on site; an answer once more is possible, and seen to be one.
	await expect(many(page).locator('[data-reaches]')).toHaveText('现在能答复 2 件，共有子件 3 件。')
	await expect(many(page).locator('[data-states]')).toHaveText('核查中 2')
	await page.keyboard.press('Escape')
	await expect(many(page)).toHaveCount(0)
	await expect(answerButton(page)).toBeFocused()
})

test('only the desk lead has the emergency order; it says what it will do, and what it came to', async () => {
	const an = await day.screens.desk('an', SMALL)
	await an.goto(`${day.office.console}#/shift`)
	await expect(an.getByRole('button', { name: '回到队列' })).toBeVisible()
	await expect(an.getByRole('button', { name: '应急令' })).toHaveCount(0)

	const page = await day.screens.desk('lead', SMALL)
	await expect(page.locator('.queue .row').first()).toBeVisible()
	await page.goto(`${day.office.console}#/shift`)
	await tabTo(page, page.getByRole('button', { name: '应急令', exact: true }))
	await page.keyboard.press('Enter')
	await expect(many(page).getByRole('heading', { name: '应急令' })).toBeFocused()
	await expect(many(page)).toHaveAttribute('data-stage', 'write')
	expect(await violations(page)).toEqual([])
	await tabTo(page, many(page).getByLabel(/^应急令/))
	await page.keyboard.type('台风红色预警，街道令第 3 号')
	await tabTo(page, many(page).getByRole('button', { name: '看清楚会做什么' }))
	await page.keyboard.press('Enter')
	await expect(many(page).getByText('请填今天或以后的一天。')).toBeVisible()
	await many(page).getByLabel('令到哪一天').fill('2199-12-31')
	await page.keyboard.press('Enter')

	await expect(many(page).getByRole('heading', { name: '请再确认：应急令' })).toBeFocused()
	const waiting = await page.locator('[data-does]').innerText()
	expect(waiting).toMatch(/照现在的情况，暂停其中 1 件/)
	await expect(many(page).locator('blockquote')).toHaveText('台风红色预警，街道令第 3 号（到 2199-12-31 止）')
	expect(await violations(page)).toEqual([])
	expect(acts(), 'nothing is done yet').toHaveLength(1)
	await tabTo(page, many(page).getByRole('button', { name: '发布应急令，记入账本' }))
	await page.keyboard.press('Enter')

	await expect(many(page).locator('[data-came-to]')).toHaveText(/^应急令已发布：暂停了 1 件，[0-9]+ 件不能暂停。$/)
	const { refused } = acts()[1] as { refused: number }
	expect(acts()[1]).toMatchObject({ command: 'hold', done: 1, next: 0 })
	await expect(many(page).locator('[data-came-to]')).toContainText(`${refused} 件不能暂停`)
	expect(Number(/会逐件看 ([0-9]+) 件/.exec(waiting)![1])).toBe(1 + refused)
	expect(await stateOf(mother)).toBe('held')
	expect(await stateOf(urgent)).toBe('handling')
	expect(await stateOf(received)).toBe('dispatched')
	expect(await violations(page)).toEqual([])
	await tabTo(page, many(page).getByRole('button', { name: '关闭' }))
	await page.keyboard.press('Enter')
	await expect(many(page)).toHaveCount(0)
	await expect(page.getByRole('button', { name: '应急令', exact: true })).toBeFocused()
})

test('both in English', async () => {
	const page = await day.screens.desk('lead', SMALL)
	await page.getByRole('button', { name: 'EN, English' }).click()
	await page.getByRole('button', { name: 'Emergency order', exact: true }).click()
	await many(page).getByLabel(/^emergency order/i).fill('Red typhoon warning, order 4')
	await many(page).getByLabel('In force until').fill('2199-12-31')
	await many(page).getByRole('button', { name: 'See what it will do' }).click()
	await expect(page.locator('[data-does]')).toContainText('as they stand it holds 0 of them')
	await many(page).getByRole('button', { name: 'Change it' }).click()
	await expect(many(page).getByLabel(/^emergency order/i)).toHaveValue('Red typhoon warning, order 4')
	await many(page).getByRole('button', { name: 'Cancel' }).click()
	await openCase(page, mother)
	await page.locator('.can').getByRole('button', { name: 'One answer for all children' }).click()
	await expect(many(page).locator('[data-reaches]')).toHaveText('It can reach 2 now, of 3 children.')
	expect(await violations(page)).toEqual([])
})

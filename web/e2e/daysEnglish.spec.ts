// A3, A5 and A6 in English and by keyboard alone: a reminder and an order with their answers, feedback, a refusal, a hand-back.
import type { Locator, Page } from '@playwright/test'
import { violations } from './axe'
import { DESK_SCREEN, handInAt, layPlaces, signIn } from './consoleOffice'
import { expect, story } from './daysOffice'
import { tabTo } from './keyboard'
import { Caller, type Handed, PHOTO, addStaff } from './portalOffice'

const ENGLISH = { locale: 'en', map: false }

let drain: Handed
let lamp: Handed

const { test, day } = story(async ({ office }) => {
	layPlaces(office)
	for (const [name, post] of [
		['day', 'duty_officer:DESK'],
		['lead', 'desk_lead:DESK'],
		['urb', 'unit_handler:URB'],
		['wat', 'unit_handler:WAT'],
		['grid', 'grid_worker:GRD:G03'],
	] as const)
		addStaff(office, name, post)
	await day.at('07:25', 1)
	let desk = await as('day')
	const wat = await as('wat')
	drain = await handInAt(office, '五坊下水道堵塞，污水溢出', 0, 0.00036)
	await desk.do(drain.id, 'open', { category: '0204' })
	await desk.do(drain.id, 'dispatch')
	await wat.do(drain.id, 'receive')
	await wat.do(drain.id, 'contact', { contact_outcome: 'reached' })
	await wat.do(drain.id, 'arrive')
	await day.at('17:55', 1)
	desk = await as('day')
	lamp = await handInAt(office, '三坊巷子的路灯不亮', 0, 0.0011)
	await desk.do(lamp.id, 'open', { category: '0102' })
	await desk.do(lamp.id, 'dispatch')
	await (await as('urb')).do(lamp.id, 'receive')
	await day.at('08:05')
})

test.use(DESK_SCREEN)

const as = (name: string): Promise<Caller> => new Caller(day.office).signIn(name)
const form = (page: Page) => page.locator('.command-form')
const can = (page: Page, name: string) => page.locator('.can').getByRole('button', { name, exact: true })
const record = (page: Page) => page.locator('.record')

async function screen(name: string): Promise<Page> {
	const page = await day.screens.of(name, ENGLISH)
	if (page.url() === 'about:blank') await signIn(page, day.office, name)
	return page
}

async function press(page: Page, target: Locator): Promise<void> {
	await tabTo(page, target)
	await page.keyboard.press('Enter')
}

/** A case of the list, by J down and K up, and Enter. */
async function openByKeys(page: Page, { id, number }: Handed): Promise<void> {
	const row = page.locator(`.queue [data-case="${id}"]`)
	await expect(row).toBeVisible()
	const isThere = () => row.evaluate((e) => e === document.activeElement)
	for (const key of 'jjjjkkkk') {
		await page.keyboard.press(key)
		if (await isThere()) break
	}
	await page.keyboard.press('Enter')
	await expect(page.locator('.number')).toHaveText(number)
}

/** What was begun is filled in already: send it. */
async function send(page: Page, act: string): Promise<void> {
	expect(await violations(page), act).toEqual([])
	await press(page, form(page).getByRole('button', { name: `Record: ${act}` }))
	await expect(page.getByText(`${act}: on the record`)).toBeVisible()
}

async function write(page: Page, field: RegExp, text: string): Promise<void> {
	const box = form(page).getByRole('textbox', { name: field })
	if (!(await box.evaluate((e) => e === document.activeElement))) await tabTo(page, box)
	await page.keyboard.type(text)
}

async function choose(page: Page, field: string, letters: string, option: string): Promise<void> {
	const box = form(page).getByRole('combobox', { name: field })
	if (!(await box.evaluate((e) => e === document.activeElement))) await tabTo(page, box)
	await page.keyboard.press('Enter')
	if (letters) await page.keyboard.type(letters)
	const wanted = page.getByRole('option', { name: option }).filter({ visible: true })
	await expect(wanted).toBeVisible()
	for (let i = 0; i < 20; i++) {
		await page.keyboard.press('ArrowDown')
		if (await wanted.evaluate((e) => /hover/.test(e.className))) break
	}
	await page.keyboard.press('Enter')
	await expect(form(page).locator('[data-field]').filter({ hasText: option })).toHaveCount(1)
}

/** Names and what people wrote are as they were given; everything else is in English. */
async function inEnglish(page: Page, ...given: string[]): Promise<void> {
	let words = await page.evaluate(() => document.body.innerText)
	for (const one of ['南园社区居委会', '中', ...given]) words = words.replaceAll(one, '')
	expect(words.match(/[一-鿿]+/g) ?? []).toEqual([])
}

/** So many days ahead of the office's clock. */
async function answerDate(page: Page, name: string | RegExp, days: number, who: string): Promise<void> {
	const { now } = await (await as(who)).must('GET', '/office')
	const date = new Date((now as number) / 1000 + (8 + 24 * days) * 3600_000).toISOString().slice(0, 10)
	await tabTo(page, form(page).getByRole('combobox', { name }))
	await page.keyboard.type(date)
	await page.keyboard.press('Enter')
	await expect(page.getByRole('dialog')).toBeHidden()
}

test('A3 in English, by keyboard: a reminder and its answer', async () => {
	test.slow()
	const page = await screen('day')
	await openByKeys(page, drain)
	await expect(page.locator('.clocks dt')).toHaveText(['Reporter’s clock', 'Unit’s clock'])
	await page.keyboard.press('b')
	await write(page, /^reason of the order/, 'late; say how it stands')
	await answerDate(page, /^answer to the reminder by/, 3, 'day')
	await send(page, 'remind')

	const wat = await screen('wat')
	await openByKeys(wat, drain)
	await tabTo(wat, wat.getByRole('textbox', { name: /^Reply/ }))
	await wat.keyboard.type('crew on the way')
	await press(wat, wat.getByRole('button', { name: 'Send' }))
	await expect(record(page)).toContainText('message')
	await press(page, page.locator('section.texts').getByRole('button', { name: /^Open [0-9]+ \(/ }))
	await expect(page.locator('section.texts')).toContainText('crew on the way')
	await inEnglish(page, '五坊下水道堵塞，污水溢出')
})

test('A3 in English, by keyboard: an order stands until the unit answers it', async () => {
	test.slow()
	const wat = await screen('wat')
	const lead = await screen('lead')
	await openByKeys(lead, drain)
	await lead.keyboard.press('s')
	await write(lead, /^reason of the order/, 'still open')
	await answerDate(lead, 'answer date', 1, 'lead')
	await send(lead, 'supervise')
	const order = async () => {
		const { clocks } = await (await as('lead')).must('GET', `/cases/${drain.id}`)
		return (clocks as { name: string; state: string }[]).find(({ name }) => name === 'order')?.state
	}
	expect(await order()).toBe('runs')
	await press(wat, can(wat, 'answer an order'))
	await write(wat, /^answer to the order/, 'pump on site at 08:10')
	await send(wat, 'answer an order')
	expect(await order()).toBe('stopped')
	await expect(record(lead)).toContainText('answer an order')
})

test('A3 in English, by keyboard: feedback with a photo, to be checked by another', async () => {
	test.slow()
	const [page, wat] = [await screen('day'), await screen('wat')]
	await day.at('08:31')
	await wat.reload()
	await press(wat, can(wat, 'feed back'))
	await write(wat, /^feedback/, 'unblocked, ground cleaned')
	// The file is chosen in a window of the system.
	await form(wat).locator('input[type=file]').setInputFiles(PHOTO)
	await expect(form(wat).getByText(/^Photo kept/)).toBeVisible()
	await send(wat, 'feed back')
	await page.reload()
	await press(page, can(page, 'fits, to be checked on site'))
	await send(page, 'fits, to be checked on site')
	await expect(can(wat, 'check passed')).toHaveCount(0)
	const grid = await screen('grid')
	await openByKeys(grid, drain)
	await expect(can(grid, 'check passed')).toBeVisible()
})

test('A5 in English, by keyboard: not opened, and signed by a second person', async ({ office }) => {
	test.slow()
	const rent = await handInAt(office, '房租纠纷，已在法院，请你们判')
	const page = await screen('day')
	await openByKeys(page, rent)
	await press(page, can(page, 'propose not to open'))
	await choose(page, 'reason for not opening', '', 'before a court, arbitration or review')
	await write(page, /^ground/, 'the court has taken it')
	await send(page, 'propose not to open')
	await expect(can(page, 'sign the refusal')).toHaveCount(0)
	const lead = await screen('lead')
	await openByKeys(lead, rent)
	await press(lead, can(lead, 'sign the refusal'))
	await send(lead, 'sign the refusal')
	await expect(record(page)).toContainText('sign the refusal')
})

test('A6 in English, by keyboard: the hand-back with its ground, compared, upheld and sent on', async () => {
	test.slow()
	const urb = await screen('urb')
	await openByKeys(urb, lamp)
	await press(urb, can(urb, 'hand back'))
	await choose(urb, 'reason of the hand-back', '', "the component is another's")
	await write(urb, /^ground of the hand-back/, 'the lamp is the firm’s: L-03-017')
	await choose(urb, 'unit proposed', 'property', 'property firm')
	await send(urb, 'hand back')

	const page = await screen('day')
	await openByKeys(page, lamp)
	await press(page, page.locator('section.texts').getByRole('button', { name: /^Open [0-9]+ \(/ }))
	const box = page.locator('.record .hand-back')
	await expect(box).toContainText("the component is another's")
	await expect(box).toContainText('the lamp is the firm’s: L-03-017')
	await expect(box).toContainText('property firm')
	await page.keyboard.press('/')
	await page.keyboard.type('L-03-017')
	await expect(page.locator('#found').getByRole('option', { name: 'L-03-017' })).toBeVisible()
	await page.keyboard.press('Enter')
	await expect(page.locator('.place-card')).toContainText('property firm')
	await press(page, can(page, 'accept and send on'))
	await choose(page, 'lead unit', 'property', 'property firm')
	await send(page, 'accept and send on')
	await expect(page.locator('.units')).toContainText('property firm')
	await expect(page.locator('.track')).toContainText('handed back × 1')
	await inEnglish(page, '三坊巷子的路灯不亮', '第3网格')
})

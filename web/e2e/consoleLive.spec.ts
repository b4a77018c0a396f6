// The console against the office itself: a report comes in, is seen, opened, dispatched; another browser sees it change.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { type Office, expect, test } from './office'

const PASSWORD = 'correct horse battery'
const MAP = `source: test
format: geojson
datum: WGS-84
columns:
  id: no
  name: name
  use: building
kinds:
  - kind: building
`

test.use({
	viewport: { width: 1440, height: 900 },
	launchOptions: {
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-dev-shm-usage',
			'--use-angle=swiftshader',
			'--enable-unsafe-swiftshader',
		],
	},
})

function building(id: number, name: string, lon: number, lat: number) {
	const d = 0.0002
	const ring = [
		[lon, lat],
		[lon + d, lat],
		[lon + d, lat + d],
		[lon, lat + d],
		[lon, lat],
	]
	return {
		type: 'Feature',
		properties: { no: `b${id}`, name, building: 'yes' },
		geometry: { type: 'Polygon', coordinates: [ring] },
	}
}

async function importPlaces(office: Office): Promise<void> {
	const dir = await mkdtemp(join(tmpdir(), 'liren-places-'))
	const features = [building(1, '五坊九栋', 114.0501, 22.5401), building(2, '三坊八栋', 114.0511, 22.5404)]
	await writeFile(join(dir, 'map.yaml'), MAP)
	await writeFile(join(dir, 'places.geojson'), JSON.stringify({ type: 'FeatureCollection', features }))
	office.run(['import', 'places', '--map', join(dir, 'map.yaml'), join(dir, 'places.geojson')])
	await rm(dir, { recursive: true })
}

function addStaff(office: Office, name: string, ...posts: string[]): void {
	office.run(['user', 'add', '--name', name, ...posts.flatMap((post) => ['--post', post])])
	office.run(['user', 'password', name], `${PASSWORD}\n`)
}

async function placeOf(office: Office, q: string): Promise<number> {
	const answer = await fetch(`${office.url}/api/v1/places?q=${encodeURIComponent(q)}`)
	const { places } = (await answer.json()) as { places: { id: number }[] }
	return places[0]!.id
}

/** As a resident without an account does it. */
async function handIn(office: Office, place: number, text: string): Promise<string> {
	const value = (field: string, value: string) => ({ field, value })
	const answer = await fetch(`${office.url}/api/v1/cases`, {
		method: 'POST',
		headers: { 'idempotency-key': randomUUID(), 'content-type': 'application/json' },
		body: JSON.stringify({
			type: 'resident-request',
			at: { lat: 225402000, lon: 1140502000 },
			fields: [
				value('place', String(place)),
				value('text', text),
				value('channel', 'portal'),
				value('has_reporter', 'yes'),
				value('drill', 'no'),
			],
		}),
	})
	expect(answer.status).toBe(201)
	return ((await answer.json()) as { number: string }).number
}

async function signIn(page: Page, office: Office, name: string): Promise<void> {
	await page.goto(office.console)
	await page.getByRole('textbox', { name: '用户名' }).fill(name)
	await page.getByLabel('密码').fill(PASSWORD)
	await page.keyboard.press('Enter')
	await expect(page.getByRole('heading', { name: '案卷', exact: true })).toBeVisible()
}

test('a report is seen at once, opened and dispatched; who looks on sees it change', async ({
	page,
	office,
	browser,
}) => {
	test.slow()
	await importPlaces(office)
	addStaff(office, 'desk', 'duty_officer:DESK', 'desk_lead:DESK')
	addStaff(office, 'night', 'desk_lead:DESK')
	const place = await placeOf(office, '五坊九栋')
	await signIn(page, office, 'desk')
	await expect(page.getByText('现在没有待办。')).toBeVisible()
	await expect(page.locator('.news')).toHaveText('实时')

	const number = await handIn(office, place, '楼道口污水冒出来了，老人出不了门')
	const row = page.locator('.queue .row')
	await expect(row).toHaveCount(1)
	await expect(row).toContainText('尚未分类')
	await expect(row).toContainText('五坊九栋')
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

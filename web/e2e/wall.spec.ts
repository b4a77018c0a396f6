// The wall of the console: how many are on duty by grid, which devices are offline; live, by keyboard, in both languages; the
// table beside the map says the same.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { NOW } from '../test/fixtures/cases'
import { violations } from './axe'
import { standIn } from './consoleDesk'
import { placeOf, signIn } from './consoleOffice'
import { expect, test } from './office'
import { addStaff, handIn, staff } from './portalOffice'

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

const HERE = { lat: 225400000, lon: 1140500000 }
const DEVICE = {
	place: { id: 77, kind: 'device', title: '五坊口摄像机', at: { lat: HERE.lat + 9000, lon: HERE.lon }, state: 'offline' },
	kind: 'camera',
	since: (NOW - 3_600_000) * 1000,
	maintainer: 'SVC',
	n: 900,
}

function counts(onDuty: number, onBreak: number) {
	return {
		on_duty: onDuty,
		on_break: onBreak,
		roles: [{ name: 'grid_worker', on_duty: onDuty, on_break: onBreak }],
		areas: onDuty > 0 ? [{ name: 'G03', on_duty: onDuty, on_break: onBreak, at: HERE }] : [],
	}
}

const strip = (page: Page) => page.locator('.wall')

const CAMERA = `source: devices
format: csv
datum: WGS-84
kinds: [{kind: device}]
columns: {id: code, name: name, device_kind: kind, maintainer: firm, lat: lat, lon: lon}
`

/** Events of the stream that this page was told, by their names, from a stream of its own. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
	await page.evaluate(async () => {
		const told: string[] = []
		const source = new EventSource('/api/v1/events')
		for (const name of ['wall', 'case', 'reset']) source.addEventListener(name, () => told.push(name))
		Object.assign(window, { told })
		await new Promise((open) => source.addEventListener('open', open, { once: true }))
	})
	return () => page.evaluate(() => (window as unknown as { told: string[] }).told)
}

test('the real program tells the wall: on duty, a break, offline and working, each as it is committed', async ({ page, office }) => {
	const [map, list] = [join(office.dir, '..', 'devices.yaml'), join(office.dir, '..', 'devices.csv')]
	writeFileSync(map, CAMERA)
	writeFileSync(list, 'code,name,kind,firm,lat,lon\nC-1,五坊口摄像机,camera,SVC,22.543,113.943\n')
	office.run(['import', 'places', '--map', map, list])
	addStaff(office, 'desk', 'duty_officer:DESK')
	const grid = await staff(office, 'grid', 'grid_worker:GRD:G03')
	const firm = await staff(office, 'firm', 'unit_handler:SVC')
	await signIn(page, office, 'desk')
	const device = await placeOf(office, '五坊口摄像机')
	await expect(strip(page).getByRole('button', { name: '在岗 0' })).toBeVisible()
	await expect(page.locator('.news[data-live=true]')).toBeVisible()
	// The page asks by itself once a minute; a story that is told in less is told by the stream.
	const told = await listen(page)
	const asked: string[] = []
	page.on('request', (request) => request.url().endsWith('/api/v1/duty') && asked.push(request.method()))
	const news = async (n: number) => expect.poll(told).toEqual(Array(n).fill('wall'))

	await grid.must('POST', '/duty/start', {})
	await expect(strip(page).getByRole('button', { name: '在岗 1' })).toBeVisible()
	await news(1)
	await page.keyboard.press('g')
	await expect(page.locator('#wall-duty')).toContainText('其中 0 人休息中')
	const { mine } = (await grid.must('GET', '/duty')) as { mine: { ends: number } }
	await grid.must('POST', '/duty/break', { until: mine.ends - 1_000_000 })
	await expect(page.locator('#wall-duty')).toContainText('其中 1 人休息中，不询问')
	await news(2)
	await firm.must('POST', `/places/${device}/state`, { state: 'offline' })
	await expect(strip(page).getByRole('button', { name: '设备离线 1' })).toBeVisible()
	await news(3)
	await page.keyboard.press('o')
	await expect(page.locator('#wall-devices')).toContainText('五坊口摄像机')
	// Said again it is no news, and no entry.
	await firm.must('POST', `/places/${device}/state`, { state: 'offline' })
	await firm.must('POST', `/places/${device}/state`, { state: 'working' })
	await expect(strip(page).getByRole('button', { name: '设备离线 0' })).toBeVisible()
	await grid.must('POST', '/duty/end', {})
	await expect(strip(page).getByRole('button', { name: '在岗 0' })).toBeVisible()
	await news(5)
	expect(asked.length, 'asked for when told, not all the time').toBeLessThanOrEqual(5)
	// A case is none of the wall's.
	await handIn(office, '路灯不亮')
	await expect.poll(told).toEqual([...Array<string>(5).fill('wall'), 'case'])
})

test('on duty and offline: counted, opened by keys, live, and the same in the table', async ({ page, office }, info) => {
	test.slow()
	await page.emulateMedia({ reducedMotion: 'reduce' })
	const desk = await standIn(page)
	let duty = counts(41, 4)
	let list = [DEVICE]
	desk.answers['GET /api/v1/duty'] = (route) => route.fulfill({ json: { may: false, counts: duty } })
	desk.answers['GET /api/v1/devices'] = (route) =>
		route.fulfill({ json: { working: 9, offline: list.length, kinds: [], list, more: false } })
	await page.goto(office.console)
	await expect(strip(page).getByRole('button', { name: '在岗 41' })).toBeVisible()
	await expect(strip(page).getByRole('button', { name: '设备离线 1' })).toBeVisible()
	await expect(page.getByRole('img', { name: 'G03：在岗 41 人' })).toBeVisible()
	await expect(page.getByRole('img', { name: '设备离线: 五坊口摄像机' })).toBeVisible()

	await page.keyboard.press('g')
	await expect(page.locator('#wall-duty')).toContainText('其中 4 人休息中，不询问')
	expect(await violations(page), 'on duty').toEqual([])
	await page.screenshot({ path: info.outputPath('on-duty.png') })
	await page.keyboard.press('o')
	await expect(page.locator('#wall-duty')).toHaveCount(0)
	await expect(page.locator('#wall-devices')).toContainText('五坊口摄像机')
	expect(await violations(page), 'devices').toEqual([])
	await page.keyboard.press('Escape')
	await expect(page.locator('#wall-devices')).toHaveCount(0)

	await page.keyboard.press('t')
	const table = page.locator('.map-table')
	await expect(table.getByRole('row', { name: /^G03.* 41 4$/ })).toBeVisible()
	await expect(table.getByRole('row', { name: /五坊口摄像机 camera/ })).toBeVisible()
	expect(await violations(page), 'table').toEqual([])

	duty = counts(0, 0)
	list = []
	await desk.say('wall', {})
	await expect(strip(page).getByRole('button', { name: '在岗 0' })).toBeVisible()
	await expect(table).toContainText('现在没有人在岗。')
	await expect(table).toContainText('没有登记为离线的设备。')
	await page.keyboard.press('g')
	await expect(page.locator('#wall-duty')).toHaveText('现在没有人在岗。')

	await page.getByRole('button', { name: 'EN, English' }).click()
	await expect(strip(page).getByRole('button', { name: 'on duty 0' })).toBeVisible()
	await expect(page.locator('#wall-duty')).toHaveText('Nobody is on duty.')
	expect(await violations(page), 'English, empty').toEqual([])
})

test('whoever can be sent starts their duty in the top bar, takes a break and ends it', async ({ page, office }) => {
	const desk = await standIn(page)
	let mine: Record<string, unknown> | undefined
	desk.answers['GET /api/v1/duty'] = (route) => route.fulfill({ json: { may: true, ...(mine ? { mine } : {}) } })
	for (const act of ['start', 'break', 'resume', 'end'])
		desk.answers[`POST /api/v1/duty/${act}`] = (route) => {
			const until = (NOW + 3_600_000) * 1000
			const on = { n: 1000, area: 'G03', ends: (NOW + 57_600_000) * 1000 }
			mine = { start: on, break: { ...on, break_until: until }, resume: on, end: undefined }[act]
			return route.fulfill({ status: 201, json: { n: 1000, entry: '{}', salt: '' } })
		}
	await page.goto(office.console)
	const mineBar = page.getByRole('group', { name: '我的在岗' })
	await expect(mineBar.getByRole('status')).toHaveText('不在岗')
	await mineBar.getByRole('button', { name: '上岗' }).click()
	await expect(mineBar.getByRole('status')).toHaveText('在岗，G03')
	await mineBar.getByRole('button', { name: '休息一小时' }).click()
	await expect(mineBar.getByRole('status')).toContainText('休息到')
	await mineBar.getByRole('button', { name: '结束休息' }).click()
	await expect(mineBar.getByRole('status')).toHaveText('在岗，G03')
	await mineBar.getByRole('button', { name: '下岗' }).click()
	await expect(mineBar.getByRole('status')).toHaveText('不在岗')
	expect(desk.posted.filter(({ path }) => path.startsWith('/api/v1/duty')).map(({ path }) => path.slice('/api/v1/duty/'.length))).toEqual(
		['start', 'break', 'resume', 'end'],
	)
	expect(await violations(page), 'the bar').toEqual([])
})

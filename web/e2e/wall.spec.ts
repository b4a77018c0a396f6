// The wall of the console: how many are on duty by grid, which devices are offline; live, by keyboard, in both languages; the
// table beside the map says the same.
import type { Page } from '@playwright/test'
import { NOW } from '../test/fixtures/cases'
import { violations } from './axe'
import { standIn } from './consoleDesk'
import { expect, test } from './office'

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

// A2 beside the cases: who is on duty and which devices are offline, of the real program, in English and by keyboard alone.
// People start their duty at their own screens; a firm says of its device that it works.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { DESK_SCREEN, LAT, LON, handInAt, layPlaces, placeOf, signIn } from './consoleOffice'
import { expect, story } from './daysOffice'
import { tabTo } from './keyboard'
import { Caller, addStaff } from './portalOffice'

const HOUR_US = 3600 * 1e6
const CAMERAS = ['一坊口', '二坊口', '三坊口', '四坊口', '五坊口', '六坊口'].map((name) => `${name}摄像机`)
const DEVICES = `source: vendor
format: csv
datum: WGS-84
columns: {id: no, state: status, name: name, device_kind: kind, maintainer: firm, lat: lat, lon: lon}
kinds: [{kind: device}]
`

const { test, day } = story(async ({ office }) => {
	layPlaces(office)
	const [map, list] = [join(office.dir, '..', 'devices.yaml'), join(office.dir, '..', 'devices.csv')]
	writeFileSync(map, DEVICES)
	const lines = CAMERAS.map((name, i) => `CAM-${i},${name},camera,SVC,${LAT + i / 1000},${LON},${i === 0 ? 'online' : 'offline'}`)
	writeFileSync(list, ['no,name,kind,firm,lat,lon,status', ...lines, ''].join('\n'))
	office.run(['import', 'places', '--map', map, list])
	for (const [name, post] of [
		['day', 'duty_officer:DESK'],
		['g2', 'grid_worker:GRD:G03'],
		['g3', 'grid_worker:GRD:G03'],
		['guard', 'guard:PMC:G03'],
		['fire', 'fire_team:FIR'],
		['svc', 'unit_handler:SVC'],
	] as const)
		addStaff(office, name, post)
	await day.at('07:50')
	await handInAt(office, '三坊巷子的路灯不亮', 0, 0.0011)
	for (const name of ['g2', 'guard', 'fire']) await (await as(name)).must('POST', '/duty/start', {})
	const { now } = await (await as('fire')).must('GET', '/office')
	await (await as('fire')).must('POST', '/duty/break', { until: (now as number) + HOUR_US })
	await day.at('07:55')
})

test.use(DESK_SCREEN)

const as = (name: string): Promise<Caller> => new Caller(day.office).signIn(name)
const wall = (page: Page, name: string) => page.locator('.wall').getByRole('button', { name, exact: true })

test('A2: on duty and devices offline, counted alike in sums, lists, map and table; live', async ({ office }) => {
	test.slow()
	const page = await day.screens.of('day', { locale: 'en' })
	await signIn(page, office, 'day')
	await expect(wall(page, 'on duty 3')).toBeVisible()
	await expect(wall(page, 'devices offline 5')).toBeVisible()
	await expect(page.getByRole('img', { name: 'G03: 2 on duty' })).toBeVisible()

	await page.keyboard.press('g')
	const duty = page.locator('#wall-duty')
	await expect(duty).toContainText('3 on duty, 1 of them on a break and not asked')
	await expect(duty.getByRole('row', { name: /^G03.* 2 0$/ })).toBeVisible()
	await expect(duty.getByRole('row', { name: 'in no grid 1 1' })).toBeVisible()
	await expect(duty.getByRole('row', { name: /^guard 1 0$/ })).toBeVisible()
	expect(await violations(page), 'on duty').toEqual([])
	await page.keyboard.press('o')
	await expect(duty).toHaveCount(0)
	const devices = page.locator('#wall-devices')
	for (const name of CAMERAS.slice(1)) await expect(devices).toContainText(name)
	await expect(devices).not.toContainText(CAMERAS[0]!)
	expect(await violations(page), 'devices').toEqual([])
	await page.keyboard.press('Escape')
	await expect(devices).toHaveCount(0)

	await page.keyboard.press('t')
	const table = page.locator('.map-table')
	await expect(table.getByRole('row', { name: /^G03.* 2 0$/ })).toBeVisible()
	await expect(table.getByRole('row', { name: /摄像机 camera/ })).toHaveCount(5)
	expect(await violations(page), 'table').toEqual([])

	// One who can be sent, at their own screen, by keys.
	const own = await day.screens.of('g3', { locale: 'en', map: false })
	await signIn(own, office, 'g3')
	const mine = own.getByRole('group', { name: 'My duty' })
	await expect(mine.getByRole('status')).toHaveText('not on duty')
	await tabTo(own, mine.getByRole('button', { name: 'Start duty' }))
	await own.keyboard.press('Enter')
	await expect(mine.getByRole('status')).toHaveText('on duty in G03')
	await expect(own.locator('.wall').getByRole('button', { name: /on duty/ })).toHaveCount(0)
	await expect(wall(page, 'on duty 4')).toBeVisible()
	await expect(table.getByRole('row', { name: /^G03.* 3 0$/ })).toBeVisible()
	await tabTo(own, mine.getByRole('button', { name: 'Break, one hour' }))
	await own.keyboard.press('Enter')
	await expect(mine.getByRole('status')).toContainText('on a break until 08:55')
	await expect(table.getByRole('row', { name: /^G03.* 3 1$/ })).toBeVisible()
	expect(await violations(own), 'one’s own duty').toEqual([])

	const camera = await placeOf(office, CAMERAS[5]!)
	await (await as('svc')).must('POST', `/places/${camera}/state`, { state: 'working' })
	await expect(wall(page, 'devices offline 4')).toBeVisible()
	await expect(table.getByRole('row', { name: /摄像机 camera/ })).toHaveCount(4)

	await tabTo(own, mine.getByRole('button', { name: 'End duty' }))
	await own.keyboard.press('Enter')
	await expect(mine.getByRole('status')).toHaveText('not on duty')
	await expect(wall(page, 'on duty 3')).toBeVisible()
	await expect(table.getByRole('row', { name: /^G03.* 2 0$/ })).toBeVisible()
	// What is on the record says of nobody who it was.
	const all = day.entries().filter(({ kind }) => kind.startsWith('duty.'))
	expect(all.map(({ kind }) => kind).slice(-3)).toEqual(['duty.started', 'duty.paused', 'duty.ended'])
	expect(JSON.stringify(all)).not.toMatch(/account|g3/)
})

// Real files at the desk: Monaco of OpenStreetMap and New York's requests, as they are published. The map finds them without
// anybody saying where; thousands of matters that wait to be taken over are listed, mapped and opened as those of every day are.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { violations } from './axe'
import { DESK_SCREEN, signIn } from './consoleOffice'
import { type Office, expect, test } from './office'
import { addStaff } from './portalOffice'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DATA = process.env.LIREN_DATA ?? join(ROOT, '../shared/data')

test.use({ ...DESK_SCREEN, contextOptions: { reducedMotion: 'reduce' } })
test.skip(!existsSync(join(DATA, '311')), 'the folder of real data (LIREN_DATA) is not there')

function take(office: Office, what: 'places' | 'cases', map: string, file: string): void {
	office.run(['import', what, '--map', join(ROOT, `etc/maps/${map}.yaml`), join(DATA, file)])
}

test('Monaco: the map begins where the places are', async ({ page, office }) => {
	test.slow()
	take(office, 'places', 'osm-buildings', 'osm_monaco/monaco_buildings.geojson')
	take(office, 'places', 'osm-paths', 'osm_monaco/monaco_roads.geojson')
	addStaff(office, 'desk', 'duty_officer:DESK')
	const drawn = page.waitForResponse((answer) => answer.url().includes('/api/v1/map?'))
	await signIn(page, office, 'desk')
	const { features } = (await (await drawn).json()) as { features: { properties: { kind: string } }[] }
	expect(features.filter(({ properties }) => properties.kind === 'building').length).toBeGreaterThan(50)
	expect(features.filter(({ properties }) => properties.kind === 'way').length).toBeGreaterThan(20)
	await expect(page.locator('.maplibregl-canvas')).toBeVisible()
	await expect(page.locator('.nowhere')).toHaveCount(0)
})

test('New York: what waits to be taken over is listed to its end, mapped, and opened', async ({ page, office }) => {
	test.slow()
	take(office, 'cases', 'nyc311', '311/nyc311_2018_mzuber88.csv')
	take(office, 'cases', 'nyc311', '311/nyc311_2020_nickmvega.csv')
	const waiting = Number(/([0-9]+) wait to be taken over|([0-9]+) 件?等待接办/.exec(office.run(['figures', '--imported', 'nyc311']))![1])
	expect(waiting).toBeGreaterThan(2000)
	addStaff(office, 'desk', 'duty_officer:DESK')
	await signIn(page, office, 'desk')
	const rows = page.locator('.queue .row')
	await expect(page.getByText('现在没有待办。')).toBeVisible()
	const tab = page.getByRole('button', { name: `外来待接办 ${waiting}` })
	await tab.click()
	await expect(rows).toHaveCount(100, { timeout: 30_000 })
	await expect(rows.first()).toContainText('待接办')
	expect(await violations(page)).toEqual([])

	// Through all of it, each once; a page is a page however many there are.
	await expect(page.locator('.queue h3 .count')).toHaveText(String(waiting))
	const seen = new Set<string>()
	const after = page.getByRole('button', { name: '下一页' })
	for (let first = 1; ; first += 100) {
		await expect(page.locator('.pages')).toContainText(`第 ${first} 至 ${Math.min(first + 99, waiting)} 件，共 ${waiting} 件`)
		await expect(rows).toHaveCount(Math.min(100, waiting - first + 1))
		for (const id of await rows.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.case!))) seen.add(id)
		if (await after.isDisabled()) break
		await after.click()
	}
	expect(seen.size).toBe(waiting)
	await page.getByRole('button', { name: '上一页' }).click()
	await expect(rows).toHaveCount(100)

	// The map has those of its view, and the table says the same.
	const inView = page.waitForResponse((answer) => answer.url().includes('mark=imported') && answer.url().includes('/map'))
	await rows.first().click()
	await expect(page.locator('.maplibregl-canvas')).toBeVisible()
	expect(((await (await inView).json()) as { cases: unknown[] }).cases.length).toBeGreaterThan(0)
	await expect(page.locator('.spot').first()).toBeVisible()
	await expect(page.locator('.number')).toBeVisible()
	await expect(page.locator('.source-says')).toContainText('nyc311:')
	await expect(page.locator('.can button')).toHaveText([/接办/, /来源方已办结/])
})

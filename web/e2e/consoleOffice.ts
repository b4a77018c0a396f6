// The office around the console's tests: buildings and things that the days are about, people at their screens.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { type Office, expect, watchQuiet } from './office'
import { Caller, type Handed, handIn, passwordOf } from './portalOffice'

const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
/** A desk's screen, with a map that is drawn without a graphics card. */
export const DESK_SCREEN = {
	viewport: { width: 1440, height: 900 },
	launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS },
}

/** Of lane 3, in degrees; a degree of latitude is 111 km. */
export const LAT = 22.543
export const LON = 113.943
const MAP = `source: days
format: geojson
datum: WGS-84
columns: {id: "@id", number: number, name: name, aliases: alias, owner: owner}
kinds:
  - {kind: grid, where: {kind: [grid]}, constants: {post: grid_worker}}
  - {kind: building, where: {kind: [building]}}
  - {kind: component, where: {kind: [component]}, constants: {use: lane_lamp}}
`

function square(west: number, south: number, side: number): number[][][] {
	const corners = [
		[0, 0],
		[1, 0],
		[1, 1],
		[0, 1],
		[0, 0],
	] as const
	return [corners.map(([x, y]) => [west + side * x, south + side * y])]
}

const thing = (id: string, kind: string, geometry: object, more: object) => ({
	type: 'Feature',
	id,
	properties: { kind, ...more },
	geometry,
})
const building = (id: string, lat: number, more: object) =>
	thing(id, 'building', { type: 'Polygon', coordinates: square(LON - 0.0001, lat - 0.0001, 0.0002) }, more)

const PLACES = [
	...[2, 3, 4].map((i) =>
		thing(
			`G0${i}`,
			'grid',
			{ type: 'Polygon', coordinates: square(LON - 0.005 + 0.01 * (i - 3), LAT - 0.005, 0.01) },
			{ number: `G0${i}`, name: `第${i}网格` },
		),
	),
	building('PL-1', LAT, { name: '三坊八栋', alias: '菜市场旁边那栋' }),
	building('PL-2', LAT + 0.003, { name: '五坊十二栋' }),
	thing('CO-1', 'component', { type: 'Point', coordinates: [LON, LAT + 0.001] }, { number: 'L-03-017', owner: 'PMC' }),
]

/** Three grids, PL-1, PL-2 and the lamp CO-1 of the days. */
export function layPlaces(office: Office): void {
	const [map, places] = [join(office.dir, '..', 'days.yaml'), join(office.dir, '..', 'days.geojson')]
	writeFileSync(map, MAP)
	writeFileSync(places, JSON.stringify({ type: 'FeatureCollection', features: PLACES }))
	office.run(['import', 'places', '--map', map, places])
}

export async function placeOf(office: Office, q: string): Promise<number> {
	const { places } = await new Caller(office).must('GET', `/places?q=${encodeURIComponent(q)}`)
	return (places as { id: number }[])[0]!.id
}

/** A report `north` degrees from lane 3. */
export const handInAt = (office: Office, text: string, place = 0, north = 0): Promise<Handed> =>
	handIn(office, text, { lat: Math.round((LAT + north) * 1e7), lon: Math.round(LON * 1e7) }, place)

export async function signIn(page: Page, office: Office, name: string): Promise<void> {
	await page.goto(office.console)
	await page.locator('#sign-name').fill(name)
	await page.locator('#sign-password').fill(passwordOf(name))
	await page.locator('#sign-password').press('Enter')
	await expect(page.locator('main.panels, main.alone').first()).toBeVisible()
}

export type ScreenOptions = BrowserContextOptions & { map?: boolean }

/** Browsers of their own, one a person, that stay open over the tests of a story. */
export class Screens {
	private readonly pages = new Map<string, Page>()
	private readonly wrong = new Map<string, string[]>()

	constructor(
		private readonly browser: Browser,
		private readonly office: Office,
	) {}

	/** `more.map` false: a machine that cannot draw the map, which is far quicker here; the table stands in its place. */
	async of(name: string, { map = true, ...more }: ScreenOptions = {}): Promise<Page> {
		const known = this.pages.get(name)
		if (known) return known
		const context = await this.browser.newContext({
			locale: 'zh-CN',
			timezoneId: 'Asia/Shanghai',
			reducedMotion: 'reduce',
			viewport: DESK_SCREEN.viewport,
			...more,
		})
		if (!map)
			await context.addInitScript(() => {
				HTMLCanvasElement.prototype.getContext = () => null
			})
		const page = await context.newPage()
		this.wrong.set(name, watchQuiet(page, this.office))
		this.pages.set(name, page)
		return page
	}

	/** Their page of the console, signed in. */
	async desk(name: string, more: ScreenOptions = {}): Promise<Page> {
		const isNew = !this.pages.has(name)
		const page = await this.of(name, more)
		if (isNew) await signIn(page, this.office, name)
		return page
	}

	/** No page did what none may do. */
	async close(): Promise<void> {
		for (const page of this.pages.values()) await page.context().close()
		expect(Object.fromEntries([...this.wrong].filter(([, wrong]) => wrong.length > 0))).toEqual({})
	}
}

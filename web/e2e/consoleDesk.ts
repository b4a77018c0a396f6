// A desk for the tests of the console: the page comes from the real program under its real policy; the answers of the API
// come from here, in the form of api/openapi.yaml, so that each state of the page can be brought about at will. The stream
// of changes is one that the test speaks through.
import type { Page, Route } from '@playwright/test'
import type { CaseRow } from '../src/shared/api/cases'
import { DRAIN, DRAIN_HISTORY, NOW, row } from '../test/fixtures/cases'
import { FILES } from '../test/fixtures/files'

const CENTRE = { lat: 225400000, lon: 1140500000 }
const MIN_US = 60_000_000
const due = (minutes: number) => NOW * 1000 + minutes * MIN_US
const at = (east: number, north: number) => ({
	lat: CENTRE.lat + Math.round(north * 90.4),
	lon: CENTRE.lon + Math.round(east * 97.8),
})

export function rows(): CaseRow[] {
	return [
		row(870, {
			n: DRAIN.n,
			number: DRAIN.number,
			due: DRAIN.due!,
			handed_in: due(-1147),
			priority: 2,
			place_title: '五坊 9 栋东侧',
			at: at(0, 0),
		}),
		row(2, { due: due(11), handed_in: due(-25), unit: 'PMC', place_title: '二坊口', at: at(150, -20) }),
		row(3, {
			due: due(19),
			due_clock: 'receiving',
			step: 3,
			state: 'dispatched',
			handed_in: due(-34),
			place_title: '六坊 2 栋',
			at: at(-40, 60),
		}),
		row(4, { due: due(228), due_clock: 'done', unit: 'URB', at: at(-130, 130) }),
		row(5, { due: due(588), due_clock: 'done', category: '0102', unit: 'URB', at: at(60, -80) }),
		row(6, { due: due(588), due_clock: 'done', at: at(64, -86) }),
		row(7, {
			due: due(420),
			due_clock: 'suspension',
			state: 'suspended',
			marks: ['suspended'],
			handed_in: due(-43 * 1440),
			place_title: '九坊 4 栋',
			at: at(-150, 50),
		}),
		row(8, { due: due(4000), due_clock: 'done', state: 'checking', step: 6, at: at(120, 100) }),
		...Array.from({ length: 12 }, (_, i) =>
			row(20 + i, { due: due(3000 + i * 100), due_clock: 'done', drill: i === 3, at: at(-200 + i * 35, -140) }),
		),
		row(40, { due_clock: 'done' }),
	]
}

function feature(id: number, kind: string, type: string, coordinates: unknown, more = {}) {
	return { type: 'Feature', geometry: { type, coordinates }, properties: { id, kind, title: '', ...more } }
}

function mapFeatures() {
	const lonLat = (east: number, north: number) => {
		const point = at(east, north)
		return [point.lon / 1e7, point.lat / 1e7]
	}
	const features = []
	const NAMES = ['一坊', '二坊', '三坊', '五坊', '六坊', '七坊', '九坊']
	for (let i = 0; i < 7; i++) {
		const x = -240 + i * 80
		const line = [lonLat(x, -300), lonLat(x, 300)]
		features.push(feature(100 + i, 'way', 'LineString', line, { title: NAMES[i] }))
		for (let j = 0; j < 12; j++) {
			const y = -290 + j * 50
			const ring = [lonLat(x + 12, y), lonLat(x + 62, y), lonLat(x + 62, y + 36), lonLat(x + 12, y + 36)]
			features.push(feature(200 + i * 20 + j, 'building', 'Polygon', [[...ring, ring[0]]]))
		}
	}
	const grid = [lonLat(-200, -200), lonLat(200, -200), lonLat(200, 200), lonLat(-200, 200), lonLat(-200, -200)]
	features.push(feature(50, 'grid', 'Polygon', [grid], { title: '第三网格' }))
	features.push(feature(51, 'component', 'Point', lonLat(6, 4), { title: 'W-05-011' }))
	return { type: 'FeatureCollection', features }
}

export interface Desk {
	rows: CaseRow[]
	signedIn: boolean
	/** Everything that was posted: path and body. */
	posted: { path: string; body: unknown; headers: Record<string, string> }[]
	/** Own answers, ahead of all else. */
	answers: Record<string, (route: Route) => Promise<void> | undefined>
	case: typeof DRAIN
	history: typeof DRAIN_HISTORY
}

const POSTS = [
	{ role: 'desk_lead', unit: 'DESK', areas: [] },
	{ role: 'duty_officer', unit: 'DESK', areas: [] },
]

function session(desk: Desk, post = 0) {
	return desk.signedIn
		? { signed_in: true, account: 5, kind: 'staff', posts: POSTS, post, lang: 'zh', csrf: 'token-1' }
		: { signed_in: false }
}

function answer(desk: Desk, method: string, path: string, body: unknown): unknown {
	const office = { community: '440305008000', title: '南园社区', demo: true, version: '1', zone: 'Asia/Shanghai' }
	switch (`${method} ${path}`) {
		case 'GET /api/v1/session':
			return session(desk)
		case 'POST /api/v1/session':
		case 'POST /api/v1/demo/session':
			desk.signedIn = true
			return session(desk)
		case 'POST /api/v1/session/post':
			return session(desk, (body as { post: number }).post)
		case 'POST /api/v1/session/end':
			desk.signedIn = false
			return session(desk)
		case 'GET /api/v1/office':
			return { ...office, now: NOW * 1000, seq: 40, centre: CENTRE }
		case 'GET /api/v1/shift':
			return { unit: 'DESK', desks: [], desks_max: 9, may_force: true, queue_open: true }
		case 'GET /api/v1/demo/clock':
			return { now: NOW * 1000, speed: 0 }
		case 'GET /api/v1/demo/people':
			return { people: [{ account: 5, kind: 'staff', name: '陈一', posts: POSTS.slice(0, 1) }] }
		case 'GET /api/v1/files':
			return FILES
		case 'GET /api/v1/cases':
			return { cases: desk.rows, more: false, seq: 40 }
		case 'GET /api/v1/map':
			return mapFeatures()
		case 'GET /api/v1/cases/search':
			return { cases: [{ ...desk.rows[1], handed_in: due(-25) }], more: false }
		case 'GET /api/v1/places':
			return { places: [{ id: 9, kind: 'building', title: '三坊八栋', at: at(100, 40) }], more: false }
		case 'GET /api/v1/cases/870':
			return desk.case
		case 'GET /api/v1/cases/870/history':
			return desk.history
		case 'GET /api/v1/cases/870/why':
			return { answers: [{ entry: 1012, at: due(-282), lines: ['部件 W-05-011 属市政管段，先于分类判定'] }] }
		case 'GET /api/v1/cases/870/looks':
			return { looks: [] }
		case 'POST /api/v1/cases/870/texts':
			return { look: 1200, texts: [{ field: 'text', n: 870, text: '又冒到楼道口了，老人出不了门。' }] }
		case 'POST /api/v1/cases/870/commands':
			return { n: 1201, entry: '{}', salt: '', masked: {} }
	}
	return undefined
}

export function problem(status: number, name: string, more: Record<string, unknown> = {}) {
	return (route: Route) =>
		route.fulfill({
			status,
			contentType: 'application/problem+json',
			body: JSON.stringify({ type: `/problems/${name}`, title: name, status, ...more }),
		})
}

/** Answers for the page from here on. `said` brings an event of the stream about. */
export async function standIn(page: Page, signedIn = true): Promise<Desk & { say(name: string, data: unknown, id?: number): Promise<void> }> {
	const desk: Desk = { rows: rows(), signedIn, posted: [], answers: {}, case: DRAIN, history: DRAIN_HISTORY }
	await page.addInitScript(() => {
		class Stream extends EventTarget {
			readyState = 1
			constructor() {
				super()
				;(window as unknown as { stream: Stream }).stream = this
				setTimeout(() => this.dispatchEvent(new Event('open')), 0)
			}
			close(): void {
				this.readyState = 2
			}
		}
		;(window as unknown as { EventSource: unknown }).EventSource = Stream
	})
	await page.route('**/api/v1/**', async (route) => {
		const request = route.request()
		const path = new URL(request.url()).pathname
		const key = `${request.method()} ${path}`
		const body: unknown = request.method() === 'POST' ? (request.postDataJSON() as unknown) : undefined
		if (request.method() === 'POST') desk.posted.push({ path, body, headers: request.headers() })
		const own = desk.answers[key]
		if (own) return own(route)
		const known = answer(desk, request.method(), path, body)
		return known === undefined ? problem(404, 'not-found')(route) : route.fulfill({ json: known })
	})
	return Object.assign(desk, {
		say: (name: string, data: unknown, id = 41) =>
			page.evaluate(
				([name, data, id]) => {
					const event = new MessageEvent(name as string, { data: JSON.stringify(data), lastEventId: String(id) })
					;(window as unknown as { stream: EventTarget }).stream.dispatchEvent(event)
				},
				[name, data, id],
			),
	})
}

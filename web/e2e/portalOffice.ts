// The office around the portal's tests: lanes, staff and what they do, by the program's own commands and by its API.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Page, expect } from '@playwright/test'
import { type Office, PROGRAM } from './office'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const PHOTO = join(ROOT, 'docs/pictures/record-phone.png')
export const AT = { lat: 225430100, lon: 1139435000 }

const lane = (id: string, name: string, coordinates: number[][]) => ({
	type: 'Feature',
	id,
	properties: { name, highway: 'residential' },
	geometry: { type: 'LineString', coordinates },
})
const LANES = {
	type: 'FeatureCollection',
	features: [
		lane('w1', '三坊', [[113.943, 22.543], [113.944, 22.5431]]),
		lane('w2', '二坊', [[113.943, 22.5426], [113.944, 22.5427]]),
		lane('w3', '市场路', [[113.9436, 22.542], [113.9438, 22.544]]),
	],
}

/** Three lanes; the program takes them while it serves. */
export async function layLanes(office: Office): Promise<void> {
	const file = join(office.dir, '..', 'lanes.geojson')
	await writeFile(file, JSON.stringify(LANES))
	await run(PROGRAM, ['import', 'places', '--map', join(ROOT, 'etc/maps/osm-paths.yaml'), '--dir', office.dir, file])
}

type Body = Record<string, unknown>
export interface Answer {
	status: number
	body: Body
}

/** One who speaks to the API: staff by cookie, a reporter by the secret. */
export class Caller {
	cookie = ''
	csrf = ''
	constructor(
		private readonly office: Office,
		readonly secret = '',
	) {}

	async ask(method: string, path: string, body?: Body | Uint8Array): Promise<Answer> {
		const headers: Record<string, string> = { 'accept-language': 'zh-CN' }
		if (method === 'POST') headers['idempotency-key'] = randomUUID()
		if (this.cookie) headers.cookie = this.cookie
		if (this.csrf && method === 'POST') headers['x-csrf-token'] = this.csrf
		if (this.secret) headers.authorization = `Case ${this.secret}`
		const bytes = body instanceof Uint8Array
		if (body) headers['content-type'] = bytes ? 'application/octet-stream' : 'application/json'
		const answer = await fetch(`${this.office.url}/api/v1${path}`, {
			method,
			headers,
			...(body ? { body: bytes ? new Blob([new Uint8Array(body)]) : JSON.stringify(body) } : {}),
		})
		const set = answer.headers.get('set-cookie')
		if (set) this.cookie = set.split(';')[0]!
		return { status: answer.status, body: (await answer.json()) as Body }
	}

	async must(method: string, path: string, body?: Body | Uint8Array): Promise<Body> {
		const answer = await this.ask(method, path, body)
		expect([200, 201], `${method} ${path}: ${JSON.stringify(answer.body)}`).toContain(answer.status)
		return answer.body
	}

	async signIn(name: string): Promise<this> {
		this.cookie = this.csrf = ''
		this.csrf = (await this.must('POST', '/session', { name, password: passwordOf(name) })).csrf as string
		return this
	}

	/** One step of a case. */
	do(id: number, command: string, fields: Record<string, string | number> = {}): Promise<Body> {
		return this.must('POST', `/cases/${id}/commands`, {
			command,
			fields: Object.entries(fields).map(([field, value]) => ({ field, value: String(value) })),
		})
	}

	async attach(id: number, field: string, bytes: Uint8Array): Promise<number> {
		return (await this.must('POST', `/cases/${id}/attachments?field=${field}`, bytes)).n as number
	}
}

export const passwordOf = (name: string) => `correct horse battery ${name}`

export function addStaff(office: Office, name: string, ...posts: string[]): void {
	office.run(['user', 'add', '--name', name, ...posts.flatMap((post) => ['--post', post])])
	office.run(['user', 'password', name], `${passwordOf(name)}\n`)
}

/** An account of staff with its posts, signed in by the API. */
export async function staff(office: Office, name: string, ...posts: string[]): Promise<Caller> {
	addStaff(office, name, ...posts)
	return new Caller(office).signIn(name)
}

/** A resident with a sheet of codes, as the office would print it. */
export async function residentSheet(office: Office): Promise<{ number: string; codes: string[] }> {
	await run(PROGRAM, ['user', 'add', '--dir', office.dir, '--resident', '--name', 'rui'])
	const { stdout } = await run(PROGRAM, ['user', 'codes', 'rui', '--dir', office.dir])
	return {
		number: /([0-9]+)/.exec(stdout)![1]!,
		codes: [...stdout.matchAll(/^ +[0-9]+ {2}([A-Z0-9-]+)$/gm)].map((match) => match[1]!),
	}
}

export interface Handed {
	id: number
	number: string
	secret: string
}

/** As a resident without an account does it. */
export async function handIn(office: Office, text: string, at = AT, place = 0): Promise<Handed> {
	const fields = { place: String(place), text, channel: 'portal', has_reporter: 'yes', drill: 'no' }
	const body = await new Caller(office).must('POST', '/cases', {
		type: 'resident-request',
		at,
		fields: Object.entries(fields).map(([field, value]) => ({ field, value })),
	})
	return { id: body.id as number, number: body.number as string, secret: body.secret as string }
}

/** Text below 16 px, targets below 44 px, and anything wider than the page. */
export function tooSmall(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const wrong: string[] = []
		const seen = (e: Element) => e.checkVisibility() && !e.closest('.sr-only, .skip, svg')
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
		while (walker.nextNode()) {
			const parent = walker.currentNode.parentElement!
			if (!walker.currentNode.textContent!.trim() || !seen(parent)) continue
			if (parseFloat(getComputedStyle(parent).fontSize) < 16)
				wrong.push(`text: ${walker.currentNode.textContent}`)
		}
		for (const target of document.querySelectorAll('button, a, input, textarea, select, [role=radio], [role=checkbox]')) {
			const { width, height } = target.getBoundingClientRect()
			if (seen(target) && (width < 44 || height < 44))
				wrong.push(`target ${width}x${height}: ${target.textContent}`)
		}
		const { scrollWidth, clientWidth } = document.documentElement
		if (scrollWidth > clientWidth) wrong.push(`wide: ${scrollWidth} in ${clientWidth}`)
		return wrong
	})
}

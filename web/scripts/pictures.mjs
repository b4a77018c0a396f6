// The pictures of README, in Debian's Chromium against a demo of its own whose clock stands at 8:00: the console with an
// overdue case open, and the portal on a phone, where a report is placed and where its reporter is asked.
// usage: node pictures.mjs PATH-OF-liren [FOLDER], which is docs/pictures where nothing is said
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

const to = process.argv[3] ?? fileURLToPath(new URL('../../docs/pictures', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'liren-pictures-'))
const DAY_8_US = Date.parse('2026-06-11T08:00:00+08:00') * 1000
const WEEK_TAKES_MS = 180_000
const SETTLES_MS = 3_000 // the map is drawn when nothing more moves
const LAMP = { latitude: 22.5431, longitude: 113.9435 }

/** Within a page: the answer of the API to whoever is signed in there. */
const ask = (page, path, body) =>
	page.evaluate(
		async ([path, body]) => {
			const answer = await fetch(`/api/v1${path}`, {
				method: body ? 'POST' : 'GET',
				headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
				...(body ? { body: JSON.stringify(body) } : {}),
			})
			return { status: answer.status, ...(await answer.json()) }
		},
		[path, body],
	)

/** Signed in by one tap, on a page of the face. */
async function enter(page, base, face, person) {
	await page.context().clearCookies()
	await page.goto(base + face)
	const { status } = await ask(page, '/demo/session', { account: person.account })
	if (status !== 200) throw new Error(`${person.name} was not let in: ${status}`)
}

async function weekIsOver(page) {
	const until = Date.now() + WEEK_TAKES_MS
	while (Date.now() < until) {
		const { now } = await ask(page, '/demo/clock')
		if (now >= DAY_8_US) return
		await page.waitForTimeout(1_000)
	}
	throw new Error('the week before is not over')
}

const screen = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai', colorScheme: 'light', reducedMotion: 'reduce' }
const PHONE = { ...screen, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, geolocation: LAMP, permissions: ['geolocation'] }

/** The desk lead's console, with the overdue case open that is the longest at work. Gives the cases of the list. */
async function drawConsole(browser, base) {
	const page = await browser.newPage({ ...screen, viewport: { width: 1440, height: 900 } })
	await page.goto(`${base}/console/`)
	await weekIsOver(page)
	const { people } = await ask(page, '/demo/people')
	await enter(page, base, '/console/', people.find((one) => one.posts[0]?.role === 'desk_lead'))
	const { cases } = await ask(page, '/cases?limit=500')
	const late = cases.filter((one) => one.state === 'handling' && one.due < DAY_8_US).sort((a, b) => a.handed_in - b.handed_in)
	await page.goto(`${base}/console/#/case/${(late[0] ?? cases[0]).id}`)
	await page.reload()
	await page.locator('.case-head h2').waitFor()
	await page.evaluate(() => document.activeElement.blur())
	await page.waitForTimeout(SETTLES_MS)
	await page.screenshot({ path: join(to, 'console.png') })
	await page.close()
	return { cases, residents: people.filter((one) => one.kind === 'resident') }
}

/** A resident who is asked whether it is solved, and the case. */
async function whoIsAsked(page, base, { cases, residents }) {
	const closed = cases.filter((one) => one.state === 'closed')
	for (const person of residents) {
		await enter(page, base, '/', person)
		for (const { id } of closed) {
			const found = await ask(page, `/cases/${id}`)
			if (found.status === 200 && found.commands?.some((one) => one.command === 'callback')) return id
		}
	}
	throw new Error('nobody is asked anything')
}

async function drawPhones(browser, base, known) {
	const where = await browser.newPage(PHONE)
	await where.goto(`${base}/#/report`)
	await where.getByRole('textbox').first().fill('巷子里的路灯不亮，晚上看不见路')
	await where.getByRole('button', { name: '下一步：在哪里' }).click()
	await where.getByRole('button', { name: '我在这里，用现在的位置' }).click()
	await where.getByRole('radio').first().check()
	await where.waitForTimeout(SETTLES_MS)
	const asked = await browser.newPage(PHONE)
	const id = await whoIsAsked(asked, base, known)
	await asked.goto(`${base}/#/case/${id}`)
	await asked.reload()
	await asked.locator('.track').waitFor()
	await asked.waitForTimeout(SETTLES_MS)
	const pictures = []
	for (const page of [where, asked]) pictures.push((await page.screenshot()).toString('base64'))
	const both = await browser.newPage({ viewport: { width: 876, height: 908 }, deviceScaleFactor: 2 })
	await both.setContent(`<style>
		body { margin: 0; padding: 32px; display: flex; gap: 32px; background: #EEEAE1 }
		img { width: 390px; height: 844px; border: 1px solid #DCD5C8; border-radius: 24px; box-sizing: border-box }
		</style>${pictures.map((one) => `<img src="data:image/png;base64,${one}">`).join('')}`)
	await both.screenshot({ path: join(to, 'portal.png') })
}

const office = spawn(process.argv[2], ['demo', '--speed', '0', '--port', '0', '--dir', join(dir, 'data')], {
	stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(office, 'exit')
let browser
try {
	let base
	for await (const line of createInterface({ input: office.stdout })) {
		base = /http:\S+/.exec(line)?.[0]
		if (base) break
	}
	if (!base) throw new Error('the demo does not start')
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
	})
	await drawPhones(browser, base, await drawConsole(browser, base))
} finally {
	await browser?.close()
	office.kill('SIGTERM')
	await ended
	rmSync(dir, { recursive: true, force: true })
}

// How long until the portal can be used, in Debian's Chromium against the program: from the start of the navigation until the
// way to report something was there, was pressed, and the first field of the report has the focus. With an empty cache.
// usage: node interactive.mjs PATH-OF-liren
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'

const TIMES = 7
const LIMIT_MS = 1000
const WAY = ['a[href="#/report"]', 'textarea']
const dir = mkdtempSync(join(tmpdir(), 'liren-bench-'))
const office = spawn(process.argv[2], ['demo', '--bare', '--port', '0', '--dir', join(dir, 'data')], {
	stdio: ['ignore', 'pipe', 'ignore'],
})

/** In the page: from frame to frame until the way is there; it is pressed at once, and the text can be written. */
function watch([way, text]) {
	const seen = (selector) => [...document.querySelectorAll(selector)].find((one) => one.checkVisibility())
	let pressed = false
	const look = () => {
		if (!pressed) {
			seen(way)?.click()
			pressed = seen(way) !== undefined
		}
		const box = seen(text)
		box?.focus()
		if (!box || document.activeElement !== box) return requestAnimationFrame(look)
		setTimeout(() => (window.usable = performance.now()))
	}
	requestAnimationFrame(look)
}

try {
	let url = ''
	for await (const line of createInterface({ input: office.stdout })) {
		url = /^listening on (http:\S+)/.exec(line)?.[1] ?? ''
		if (url) break
	}
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	})
	const times = []
	for (let i = 0; i < TIMES; i++) {
		const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })
		const page = await context.newPage()
		await page.addInitScript(watch, WAY)
		await page.goto(url)
		await page.waitForFunction(() => window.usable !== undefined)
		times.push(await page.evaluate(() => window.usable))
		await context.close()
	}
	await browser.close()
	times.sort((a, b) => a - b)
	const row = (what, ms, limit) => console.log(`${what.padEnd(58)} ${ms.toFixed(1).padStart(12)} ms         ${limit}`)
	row(`portal until it can be used, median of ${TIMES}`, times[TIMES >> 1], `<= ${LIMIT_MS}`)
	row('  the longest', times.at(-1), '')
} finally {
	office.kill()
	await once(office, 'exit')
	rmSync(dir, { recursive: true, force: true })
}

// The office for the tests: the program itself, on a port and in a folder of its own, stopped and started at will.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Page, expect, test as base } from '@playwright/test'

export const PROGRAM = process.env.LIREN ?? fileURLToPath(new URL('../../build/liren', import.meta.url))
const SAID_CHARS_MAX = 20_000
const READY = /^listening on http:\/\/localhost:([0-9]+)$/

export class Office {
	private process: ChildProcess | undefined
	private port = 0
	/** What the program said of itself; shown when a test fails. */
	said = ''

	/** `more`: words of the command line, such as a clock that stands still until it is moved. */
	constructor(
		readonly dir: string,
		private readonly more: readonly string[] = [],
	) {}

	get url(): string {
		return `http://localhost:${this.port}`
	}

	/** The page of the record. */
	get record(): string {
		return `${this.url}/record/`
	}

	get console(): string {
		return `${this.url}/console/`
	}

	/** Starts on a free port; again, on the same one, so that the open page finds it. */
	async start(): Promise<void> {
		const args = ['demo', '--bare', '--port', String(this.port), '--dir', this.dir, ...this.more]
		const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] })
		child.stderr!.on('data', (part: Buffer) => {
			this.said = (this.said + part.toString()).slice(-SAID_CHARS_MAX)
		})
		this.process = child
		const ready = (async () => {
			for await (const line of createInterface({ input: child.stdout! })) {
				const port = READY.exec(line)?.[1]
				if (port) return Number(port)
			}
			throw new Error(`${PROGRAM} ended before it was ready`)
		})()
		const failed = once(child, 'error').then(([error]) => {
			throw error as Error
		})
		this.port = await Promise.race([ready, failed])
		child.stdout!.resume()
	}

	/** A command of the program on this office's store, with what it reads; it must succeed. */
	run(args: readonly string[], input = ''): string {
		const { status, stdout, stderr } = spawnSync(PROGRAM, [...args, '--dir', this.dir], {
			input,
			encoding: 'utf8',
		})
		if (status !== 0) throw new Error(`liren ${args.join(' ')}: ${stderr}`)
		return stdout
	}

	/** SIGKILL is as when the power goes: nothing is put in order before the end. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		const child = this.process
		if (!child || child.exitCode !== null || child.signalCode !== null) return
		const ended = once(child, 'exit')
		child.kill(signal)
		await ended
	}
}

/** Notes what no page may do: a script that fails, a file or address refused, something asked of another server. */
export function watchQuiet(page: Page, office: Office): string[] {
	const wrong: string[] = []
	page.on('pageerror', (error) => wrong.push(`script: ${error.message}`))
	page.on('console', (message) => {
		if (/Content Security Policy|Refused to|violates the following/i.test(message.text()))
			wrong.push(message.text())
	})
	page.on('request', (request) => {
		const { protocol, origin } = new URL(request.url())
		if (protocol !== 'blob:' && origin !== office.url) wrong.push(`another server: ${request.url()}`)
	})
	return wrong
}

export const test = base.extend<{ office: Office; quiet: void }>({
	office: async ({}, use, info) => {
		const dir = await mkdtemp(join(tmpdir(), 'liren-e2e-'))
		const office = new Office(join(dir, 'data'))
		await office.start()
		await use(office)
		await office.stop()
		if (info.status !== info.expectedStatus)
			await info.attach('program', { body: office.said, contentType: 'text/plain' })
		await rm(dir, { recursive: true, force: true })
	},
	quiet: [
		async ({ page, office }, use) => {
			const wrong = watchQuiet(page, office)
			await use()
			expect(wrong).toEqual([])
		},
		{ auto: true },
	],
})

export { expect }

/** Writes a line and waits for the complete receipt; the number of the line. */
export async function writeLine(page: Page, text: string): Promise<number> {
	await page.getByRole('textbox', { name: '正文' }).fill(text)
	// a receipt of an earlier line may stand there: this one is that of the answer to this line
	const answered = page.waitForResponse((r) => r.url().endsWith('/api/v1/lines') && r.request().method() === 'POST')
	await page.getByRole('button', { name: '写入账本' }).click()
	const { n } = (await (await answered).json()) as { n: number }
	const heading = page.getByRole('heading', { name: `回执 · 第 ${n} 条`, exact: true })
	await expect(heading).toBeVisible()
	await expect(page.getByRole('button', { name: '校验', exact: true })).toBeVisible()
	return n
}

export async function verify(page: Page): Promise<void> {
	await page.getByRole('button', { name: '校验', exact: true }).click()
}

/** The marks of the five steps within `scope` (one of the lists of steps on the page). */
export function states(page: Page, scope = '.receipt > .part'): Promise<string[]> {
	return page
		.locator(`${scope} li[data-step]`)
		.evaluateAll((items) => items.map((i) => i.getAttribute('data-state')!))
}

export const PASSED = ['passed', 'passed', 'passed', 'passed', 'passed']

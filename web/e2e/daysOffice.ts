// One office for the tests of a story: its clock stands still until the story moves it, and people stay at their screens from
// one test to the next.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { Screens } from './consoleOffice'
import { Office, expect, test as base } from './office'
import { Caller } from './portalOffice'

const DAY_MS = 24 * 3600 * 1000
const ZONE_MS = 8 * 3600 * 1000
const THURSDAY = 4

export class Day {
	office!: Office
	screens!: Screens
	private midnight = 0

	/** The clock goes to an hour of the story's Thursday, or of a day before it. Never back. */
	async at(time: string, daysBefore = 0): Promise<void> {
		const [hour, minute] = time.split(':').map(Number) as [number, number]
		const to = this.midnight - daysBefore * DAY_MS + (hour * 60 + minute) * 60_000
		await new Caller(this.office).must('POST', '/demo/clock', { to: to * 1000 })
	}

	/** The first Thursday that leaves a whole day before it. */
	async begin(): Promise<void> {
		const { now } = await new Caller(this.office).must('GET', '/office')
		const local = (now as number) / 1000 + ZONE_MS
		let day = Math.floor(local / DAY_MS) + 2
		while (new Date(day * DAY_MS).getUTCDay() !== THURSDAY) day++
		this.midnight = day * DAY_MS - ZONE_MS
	}

	/** The entries of the record from `n` on, as they were hashed. */
	entries(n = 1): { kind: string; actor: Record<string, unknown>; data: Record<string, unknown> }[] {
		const lines = this.office.run(['journal', 'show', String(n), '--to', '100000', '--json']).split('\n')
		return lines.filter(Boolean).map((line) => JSON.parse(line) as ReturnType<Day['entries']>[number])
	}
}

/** The test function of a file whose tests follow one another in one office, laid out by `prepare`. */
export function story(prepare: (day: Day) => Promise<void>): { test: typeof base; day: Day } {
	const day = new Day()
	const test = base.extend<{ office: Office }>({ office: async ({}, use) => use(day.office) })
	let dir = ''
	test.describe.configure({ mode: 'serial' })
	test.beforeAll(async ({ browser }) => {
		dir = await mkdtemp(join(tmpdir(), 'liren-day-'))
		day.office = new Office(join(dir, 'data'), ['--speed', '0'])
		await day.office.start()
		day.screens = new Screens(browser, day.office)
		await day.begin()
		await prepare(day)
	})
	test.afterEach(async ({}, info) => {
		if (info.status !== info.expectedStatus)
			await info.attach('program', { body: day.office.said, contentType: 'text/plain' })
	})
	test.afterAll(async () => {
		await day.screens.close()
		await day.office.stop()
		await rm(dir, { recursive: true, force: true })
	})
	return { test, day }
}

/** The day by which a reminder is to be answered: the story stands at most eight days ahead of the page's own clock. */
export async function answerBy(form: Locator): Promise<void> {
	const day = await form.evaluate(() => {
		const at = new Date()
		at.setDate(at.getDate() + 12)
		return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, '0')).join('-')
	})
	await form.getByLabel(/^催办答复日期/).fill(day)
	await form.getByLabel(/^催办答复日期/).press('Tab')
	await expect(form.getByLabel(/^催办答复日期/)).toHaveValue(day)
}

export { expect }

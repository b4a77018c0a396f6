// What every face knows of the office it speaks to: what it is, the files in force with their words, and what time it is
// there (a demo's clock may stand still or be moved). Reactive; one instance for a page.

import { computed, reactive, ref, shallowRef } from 'vue'
import { type Files, type Office, demoClock, getFiles, getOffice } from './api/office'
import { CallFailed } from './api/problem'
import { FileWords } from './case/words'
import { i18n } from './i18n'
import { setZone } from './time/zone'

const TICK_MS = 1000

export const office = reactive({
	office: undefined as Office | undefined,
	failed: undefined as CallFailed | undefined,
})

const files = shallowRef<Files>()
/** The office's time was `at` when this machine's clock showed `read`; it goes at `speed` thousandths. */
const told = shallowRef({ at: Date.now(), read: Date.now(), speed: 1000 })

/** The office's time in milliseconds, brought up to date every second. */
export const now = ref(Date.now())
export const nowDate = computed(() => new Date(now.value))

/** A demo with codes that are made up draws a town that is made up, too. */
export const isGenerated = computed(() => office.office?.demo === true && office.office.community.startsWith('99'))

/** What the office is called, in the language of the page where it has a name in it; else in the other; empty: it has no name. */
export const officeTitle = computed(() => {
	const { title, title_en: english } = office.office ?? {}
	return (i18n.global.locale.value === 'en' && english) || title || english || ''
})

/** The words of the files in force, in the language of the page; nothing before they are there. */
export const words = computed(() =>
	files.value ? new FileWords(files.value, i18n.global.locale.value) : undefined,
)

function tick(): void {
	const { at, read, speed } = told.value
	now.value = at + ((Date.now() - read) * speed) / 1000
}

/** The office's clock says so: it is taken over at once. */
export function setOfficeTime(us: number, speed = told.value.speed): void {
	told.value = { at: us / 1000, read: Date.now(), speed }
	tick()
}

async function readDemoClock(): Promise<void> {
	try {
		const clock = await demoClock()
		setOfficeTime(clock.now, clock.speed)
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error // a store without such a clock: the office's time goes on
	}
}

/** Asks what the office is, and which files are in force. What failed stands in `office.failed`. */
export async function readOffice(): Promise<void> {
	try {
		const [one, inForce] = await Promise.all([getOffice(), getFiles()])
		office.office = one
		files.value = inForce
		setZone(one.zone)
		office.failed = undefined
		setOfficeTime(one.now)
		if (one.demo) await readDemoClock()
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		office.failed = error
	}
}

/** The clock of the page; returns how to stop it. */
export function startClock(): () => void {
	const timer = setInterval(tick, TICK_MS)
	return () => clearInterval(timer)
}

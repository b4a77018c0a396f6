// What the wall says beside the cases: how many are on duty, which devices are offline; and one's own duty. Asked when the
// stream says that it is other, and once a minute, for breaks and duties end by themselves. Reactive; one instance.

import { reactive } from 'vue'
import { type Devices, type Duty, getDuty, listDevices } from '../../shared/api/duty'
import { CallFailed } from '../../shared/api/problem'

const EVERY_MS = 60_000
/** Changes that come together are asked for once. */
const GATHER_MS = 300

export const wall = reactive({
	/** Undefined: not for this post, or not here yet. */
	duty: undefined as Duty | undefined,
	devices: undefined as Devices | undefined,
	failed: undefined as CallFailed | undefined,
	/** Which of the two lists is open. */
	open: undefined as 'duty' | 'devices' | undefined,
})

let every: ReturnType<typeof setInterval> | undefined
let soon: ReturnType<typeof setTimeout> | undefined
let turn = 0

/** What this post may not see, or not before it keeps a desk, is not there; anything else is told. */
async function ask<T>(call: () => Promise<T>): Promise<T | undefined> {
	try {
		return await call()
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		if (![401, 403, 404, 409].includes(error.status)) wall.failed = error
		return undefined
	}
}

export async function loadWall(): Promise<void> {
	const mine = ++turn
	every ??= setInterval(() => {
		if (document.visibilityState === 'visible') void loadWall()
	}, EVERY_MS)
	wall.failed = undefined
	const [duty, devices] = await Promise.all([ask(getDuty), ask(() => listDevices())])
	if (mine !== turn) return
	if (wall.failed) return // what was there stays, with the word that it is old
	wall.duty = duty
	wall.devices = devices
}

export function wallChanged(): void {
	soon ??= setTimeout(() => {
		soon = undefined
		void loadWall()
	}, GATHER_MS)
}

export function leaveWall(): void {
	turn++
	clearInterval(every)
	clearTimeout(soon)
	every = soon = undefined
	wall.duty = wall.devices = wall.failed = wall.open = undefined
}

export function toggle(which: 'duty' | 'devices'): void {
	wall.open = wall.open === which ? undefined : which
}

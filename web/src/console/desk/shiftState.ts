// Which desks are kept, by whom by role, and whether the queue is open to whoever is signed in here. Reactive; one instance.
// Where a post keeps no shifts (403), or nothing answers, the queue is asked for and says itself what is wrong.

import { computed, reactive } from 'vue'
import { type Shift, getShift, leaveNote, openShift } from '../../shared/api/shift'
import { CallFailed } from '../../shared/api/problem'
import { uuidv7 } from '../../shared/uuidv7'

export const shift = reactive({
	known: undefined as Shift | undefined,
	/** It was asked for since somebody signed in. */
	asked: false,
	busy: false,
	failed: undefined as CallFailed | undefined,
})

/** Somebody else keeps the desk: no list, no map, no case until it is taken over. */
export const isShut = computed(() => shift.known?.queue_open === false)

let turn = 0

/** Another person or post is to be asked for. */
export function forgetShift(): void {
	turn++
	shift.known = shift.failed = undefined
	shift.asked = shift.busy = false
	request = undefined
}

export async function readShift(): Promise<void> {
	const mine = ++turn
	try {
		const known = await getShift()
		if (mine === turn) shift.known = known
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		// Without an answer what was known stays: a page that is cut off shows no more than before.
		if (mine === turn && error.status !== 0) shift.known = undefined
	}
	if (mine === turn) shift.asked = true
}

let request: { id: string; body: string } | undefined

/** The same act under the same id is written once, however often it is sent. */
async function act(body: string, send: (requestId: string) => Promise<unknown>): Promise<boolean> {
	if (shift.busy) return false
	if (request?.body !== body) request = { id: uuidv7(), body }
	shift.busy = true
	shift.failed = undefined
	try {
		await send(request.id)
		request = undefined
		return true
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		shift.failed = error
		return false
	} finally {
		shift.busy = false
		await readShift()
	}
}

/** Opens a desk that nobody kept, or takes over: by the note that was read, or by force where that is permitted. */
export const takeDesk = (desk: number, how: { note?: number; forced?: boolean }): Promise<boolean> =>
	act(`open ${desk} ${JSON.stringify(how)}`, (id) => openShift(desk, how, id))

export const writeNote = (desk: number, note: string): Promise<boolean> =>
	act(`note ${desk} ${note}`, (id) => leaveNote(desk, note, id))

// The calls that concern desks: who keeps which, the note, taking over.

import { get, post } from './http'
import type { components } from './schema'

type Schemas = components['schemas']
export type Shift = Schemas['Shift']
export type Desk = Shift['desks'][number]

export const getShift = (): Promise<Shift> => get('/api/v1/shift')

/** `note`: the entry of the note that was read; `forced`: without one, where that is permitted. */
export const openShift = (
	desk: number,
	how: { note?: number; forced?: boolean },
	requestId: string,
): Promise<Schemas['ShiftDone']> => post('/api/v1/shift/open', { desk, ...how }, { requestId })

export const leaveNote = (desk: number, note: string, requestId: string): Promise<Schemas['ShiftDone']> =>
	post('/api/v1/shift/hand_over', { desk, note }, { requestId })

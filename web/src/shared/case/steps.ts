// The seven steps of a case and what the track says of each. Pure.

export const STEP_NAMES = [
	'collect',
	'open',
	'dispatch',
	'handle',
	'feedback',
	'check',
	'evaluate',
] as const
export type StepName = (typeof STEP_NAMES)[number]

/** `waiting`: a check is due and waits for its role. `not_confirmed`: the reporter did not answer; never a tick. */
export type StepState = 'done' | 'present' | 'to_come' | 'waiting' | 'failed' | 'not_confirmed'

export interface TrackStep {
	state: StepState
	/** In place of the step's own name: the portal's plain words, or `超 42 分` of the present one. */
	name?: string
	/** A moment, or how far the present one is over. */
	time?: string
	/** Who is waited for. */
	role?: string
}

/** A way back: from step `from` to step `to` (1 to 7), with its count in words. */
export interface TrackLoop {
	from: number
	to: number
	label: string
}

/** The state of each of the seven, where `present` (1 to 7) is the step that the case stands at. */
export function stepStates(present: number, closed = false): StepState[] {
	return STEP_NAMES.map((_, i) =>
		i + 1 < present || closed ? 'done' : i + 1 === present ? 'present' : 'to_come',
	)
}

// The two clocks of a case on one axis: where each part lies, as shares of the axis. Pure. Moments are milliseconds.

export interface ReporterClock {
	from: number
	/** The confirmation; missing while it runs. */
	to?: number
}

export interface UnitClock {
	/** Dispatch. */
	from: number
	/** Done; missing while it runs. */
	to?: number
	/** Limits of stages, with when they were reached. */
	stages: readonly { stage: string; due: number; done?: number }[]
	/** Where the clock began anew, and why. */
	restarts?: readonly { at: number; cause: string }[]
	/** Suspended, or waiting for what is indispensable. */
	pauses?: readonly { from: number; to?: number }[]
}

export interface Bar {
	kind: 'run' | 'over' | 'paused'
	from: number
	to: number
}

/** An axis that reaches beyond the present by at most what has passed, or a day, so that the past stays readable. */
export function axisOf(reporter: ReporterClock, unit: UnitClock | undefined, now: number): [number, number] {
	const last = Math.max(now, reporter.to ?? 0, ...(unit?.stages.map((stage) => stage.due) ?? []))
	const reach = Math.max(now - reporter.from, 86_400_000)
	return [reporter.from, Math.max(Math.min(last, now + reach), reporter.from + 60_000)]
}

export function shareOf(at: number, [from, to]: readonly [number, number]): number {
	return Math.min(1, Math.max(0, (at - from) / (to - from)))
}

/** The stage that was passed first and not reached in time: from there on the unit's clock is red. */
export function passedStage(unit: UnitClock, now: number): UnitClock['stages'][number] | undefined {
	return [...unit.stages]
		.sort((a, b) => a.due - b.due)
		.find((stage) => stage.done === undefined && stage.due < (unit.to ?? now))
}

/** The unit's bars in order: running, over, paused. They do not overlap, and end at the present. */
export function unitBars(unit: UnitClock, now: number): Bar[] {
	const end = Math.min(unit.to ?? now, now)
	const over = passedStage(unit, now)?.due ?? Infinity
	const pauses = (unit.pauses ?? [])
		.map((pause) => ({ from: Math.max(pause.from, unit.from), to: Math.min(pause.to ?? end, end) }))
		.filter((pause) => pause.to > pause.from)
		.sort((a, b) => a.from - b.from)
	const bars: Bar[] = []
	const run = (from: number, to: number) => {
		if (to <= from) return
		if (over > from) bars.push({ kind: 'run', from, to: Math.min(to, over) })
		if (over < to) bars.push({ kind: 'over', from: Math.max(from, over), to })
	}
	let at = unit.from
	for (const pause of pauses) {
		run(at, pause.from)
		bars.push({ kind: 'paused', from: Math.max(at, pause.from), to: pause.to })
		at = Math.max(at, pause.to)
	}
	run(at, end)
	return bars.filter((bar) => bar.to > bar.from)
}

/** What the unit has used since its clock last began: without the pauses. */
export function unitUsed(unit: UnitClock, now: number): number {
	return unitBars(unit, now).reduce((sum, bar) => sum + (bar.kind === 'paused' ? 0 : bar.to - bar.from), 0)
}

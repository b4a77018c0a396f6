// Why it took so long, in lines: the reporter's clock, the unit's with its pauses and moved dates, the hand-backs with what
// came of them, the levels that it went up. From the answer to "why?", also after the end. Pure.

import type { Why } from '../../shared/api/cases'
import { moment } from '../../shared/time/moment'
import { span } from '../../shared/time/span'
import { type Setting, limitOf } from './track'

export interface CoursePart {
	of: 'reporter' | 'unit' | 'hand_backs' | 'raised'
	lines: string[]
}

type Clock = NonNullable<Why['clocks']>[number]
type Run = Clock['runs'][number]

const ms = (us: number) => us / 1000

/** What passed within [from, to] of the pauses. */
function paused(pauses: Clock['pauses'], from: number, to: number): number {
	return pauses.reduce((sum, pause) => {
		const start = Math.max(ms(pause.from), from)
		const end = Math.min(pause.to === undefined ? to : ms(pause.to), to)
		return sum + Math.max(0, end - start)
	}, 0)
}

function clockLines(clock: Clock, setting: Setting): string[] {
	const { words, type, locale, now, say } = setting
	const at = (us: number) => moment(new Date(ms(us)), new Date(now), locale)
	const runLine = (run: Run) => {
		const from = ms(run.from)
		const to = run.ended === undefined ? now : ms(run.ended)
		const values = {
			unit: run.unit ? words.unit(run.unit) : '',
			from: at(run.from),
			to: run.ended === undefined ? '' : at(run.ended),
			used: span(to - from - paused(clock.pauses, from, to), locale),
			limit: limitOf(run.limit, locale),
			due: run.due === undefined ? '' : at(run.due),
		}
		const ran = say(run.ended === undefined ? 'why.runs' : 'why.ran', values)
		const who = clock.of === 'unit' && values.unit ? say('why.unit', { unit: values.unit, ran }) : ran
		if (run.due === undefined) return who
		const over = to - paused(clock.pauses, ms(run.due), to) - ms(run.due)
		const limit = say(values.limit ? 'why.limit' : 'why.date', values)
		return [who, limit, ...(over >= 60_000 ? [say('why.over', { over: span(over, locale) })] : [])].join(say('why.and'))
	}
	return [
		...clock.runs.map(runLine),
		...clock.pauses.map((pause) =>
			say(pause.to === undefined ? 'why.pauses' : 'why.paused', {
				state: words.state(pause.state, type),
				from: at(pause.from),
				to: pause.to === undefined ? '' : at(pause.to),
			}),
		),
		...clock.dates.map((date) => say('why.moved', { at: at(date.at), first: at(date.first), now: at(date.now) })),
	]
}

export function courseOf(why: Why, setting: Setting): CoursePart[] {
	const { words, type, locale, now, say } = setting
	const at = (us: number) => moment(new Date(ms(us)), new Date(now), locale)
	const backs = (why.hand_backs ?? []).map((back) => {
		const reason = back.reason && back.reason_field ? words.value(back.reason_field, back.reason, type) : ''
		const what = say(reason ? 'why.back' : 'why.backBare', { at: at(back.at), unit: back.unit ? words.unit(back.unit) : '', reason })
		return say(`why.verdict.${back.verdict}`, { what, to: back.to ? words.unit(back.to) : '' })
	})
	const raised = (why.raised ?? []).map((one) =>
		say(one.limit ? 'why.raised' : 'why.raisedDate', {
			at: one.at === undefined ? '' : at(one.at),
			clock: words.stage(one.clock, type),
			limit: limitOf(one.limit, locale),
			due: at(one.due),
			role: one.role ? words.role(one.role) : '',
		}),
	)
	const clocks: CoursePart[] = (why.clocks ?? []).map((clock) => ({ of: clock.of, lines: clockLines(clock, setting) }))
	return [...clocks, { of: 'hand_backs' as const, lines: backs }, { of: 'raised' as const, lines: raised }].filter(
		({ lines }) => lines.length > 0,
	)
}

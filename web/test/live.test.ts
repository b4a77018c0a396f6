// The stream of changes against a source in memory.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type LiveEvents, followChanges } from '../src/console/live'

class Source {
	readyState = 0
	closed = false
	private readonly listeners = new Map<string, (event: never) => void>()
	constructor(readonly url: string) {}
	addEventListener(name: string, listen: never): void {
		this.listeners.set(name, listen)
	}
	close(): void {
		this.closed = true
	}
	say(name: string, data: unknown = '', lastEventId = ''): void {
		this.listeners.get(name)!({ data: JSON.stringify(data), lastEventId } as never)
	}
}

let sources: Source[]
let events: { [name in keyof LiveEvents]: ReturnType<typeof vi.fn> }
const follow = () =>
	followChanges(40, events as unknown as LiveEvents, (url) => {
		const source = new Source(url)
		sources.push(source)
		return source as unknown as EventSource
	})

beforeEach(() => {
	vi.useFakeTimers()
	sources = []
	events = { changed: vi.fn(), gone: vi.fn(), reset: vi.fn(), ended: vi.fn(), wall: vi.fn(), state: vi.fn() }
})
afterEach(() => vi.useRealTimers())

it('hands on rows, ids and resets, and says whether it runs', () => {
	follow()
	const [source] = sources
	expect(source!.url).toBe('/api/v1/events?since=40')
	source!.say('open')
	source!.say('case', { id: 5 }, '41')
	source!.say('gone', { id: 6 }, '42')
	source!.say('gone', 7, '43')
	source!.say('gone', 'x', '44')
	source!.say('reset')
	source!.say('bye')
	expect(events.ended).toHaveBeenCalledTimes(1)
	source!.say('wall')
	expect(events.wall).toHaveBeenCalledOnce()
	expect(events.state).toHaveBeenLastCalledWith(true)
	expect(events.changed).toHaveBeenCalledWith({ id: 5 }, 41)
	expect(events.gone.mock.calls).toEqual([
		[6, 42],
		[7, 43],
	])
	expect(events.reset).toHaveBeenCalledTimes(1)
})

it('after a refusal it asks again from where it was, later and later', async () => {
	follow()
	sources[0]!.say('open')
	sources[0]!.say('case', {}, '57')
	for (const [i, wait] of [2000, 4000, 8000].entries()) {
		const source = sources[i]!
		source.readyState = 2
		source.say('error')
		expect(events.state).toHaveBeenLastCalledWith(false)
		expect(source.closed).toBe(true)
		await vi.advanceTimersByTimeAsync(wait - 1)
		expect(sources).toHaveLength(i + 1)
		await vi.advanceTimersByTimeAsync(1)
		expect(sources[i + 1]!.url).toBe('/api/v1/events?since=57')
	}
})

it('a break that the browser mends is only told', async () => {
	follow()
	sources[0]!.say('error')
	await vi.advanceTimersByTimeAsync(120_000)
	expect(sources).toHaveLength(1)
	expect(events.state).toHaveBeenLastCalledWith(false)
})

it('once ended it asks no more', async () => {
	const end = follow()
	sources[0]!.readyState = 2
	sources[0]!.say('error')
	end()
	await vi.advanceTimersByTimeAsync(120_000)
	expect(sources).toHaveLength(1)
	expect(sources[0]!.closed).toBe(true)
})

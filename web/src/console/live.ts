// The stream of changes (server-sent events). Goes on from the entry that was seen last, for as long as it is wanted; where
// the server ends or refuses it, it is asked for again after a while that grows.

const RETRY_MS = 2_000
const RETRY_MAX_MS = 60_000

export interface LiveEvents {
	/** A row as in the list. */
	changed(row: unknown, seq: number): void
	gone(id: number, seq: number): void
	/** Too far behind: everything is to be loaded anew. */
	reset(): void
	/** The server ends it: it stops, or what one may see has changed. */
	ended(): void
	/** Who is on duty, or which devices are offline, is other: ask anew. */
	wall?(): void
	/** The stream runs, or does not. */
	state(live: boolean): void
}

/** What this needs of a browser's EventSource. */
export type OpenStream = (url: string) => Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>

const openStream: OpenStream = (url) => new EventSource(url)

function seqOf(event: MessageEvent<string>, before: number): number {
	const seq = Number(event.lastEventId)
	return Number.isSafeInteger(seq) && seq > before ? seq : before
}

function idOf(data: string): number | undefined {
	const value = JSON.parse(data) as unknown
	const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value
	return typeof id === 'number' ? id : undefined
}

/** `since`: the entry up to which the list is current. Returns how to end it. */
export function followChanges(since: number, events: LiveEvents, open: OpenStream = openStream): () => void {
	let seq = since
	let wait = RETRY_MS
	let ended = false
	let timer: ReturnType<typeof setTimeout> | undefined
	let stream: ReturnType<OpenStream> | undefined

	function start(): void {
		const source = open(`/api/v1/events?since=${seq}`)
		stream = source
		source.addEventListener('open', () => {
			wait = RETRY_MS
			events.state(true)
		})
		source.addEventListener('case', (event) => {
			seq = seqOf(event as MessageEvent<string>, seq)
			events.changed(JSON.parse((event as MessageEvent<string>).data), seq)
		})
		source.addEventListener('gone', (event) => {
			seq = seqOf(event as MessageEvent<string>, seq)
			const id = idOf((event as MessageEvent<string>).data)
			if (id !== undefined) events.gone(id, seq)
		})
		source.addEventListener('reset', () => events.reset())
		source.addEventListener('bye', () => events.ended())
		source.addEventListener('wall', () => events.wall?.())
		source.addEventListener('error', () => {
			events.state(false)
			// The browser asks again by itself after a break, but not after a refusal.
			if (source.readyState !== 2 || ended) return
			source.close()
			timer = setTimeout(start, wait)
			wait = Math.min(wait * 2, RETRY_MAX_MS)
		})
	}

	start()
	return () => {
		ended = true
		clearTimeout(timer)
		stream?.close()
	}
}

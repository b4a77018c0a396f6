// The calls of api/openapi.yaml that concern the record by itself: lines, proofs, tiles. Types come from the generated
// schema.

import type { TileReader } from '../proof/tree'
import { call, get, post } from './http'
import { CallFailed } from './problem'
import type { components } from './schema'

type Schemas = components['schemas']
export type Written = Schemas['Written']
export type Proof = Schemas['Proof']
export type LineList = Schemas['LineList']
export type Line = LineList['lines'][number]
export type Status = Schemas['Status']

const PROOF_TRIES_MAX = 10
const TILE_BYTES_MAX = 8192

export const writeLine = (text: string, requestId: string): Promise<Written> =>
	post('/api/v1/lines', { text }, { requestId })

export const eraseLine = (n: number, secret: string, requestId: string): Promise<Written> =>
	post(`/api/v1/lines/${n}/erase`, { secret }, { requestId })

export const openLine = (n: number, secret: string): Promise<Written> =>
	post(`/api/v1/lines/${n}/open`, { secret })

export const listLines = (before?: number): Promise<LineList> =>
	get(`/api/v1/lines?limit=20${before === undefined ? '' : `&before=${before}`}`)

export const getStatus = (): Promise<Status> => get('/api/v1/status')

export const logKey = (): Promise<string> =>
	call('/log/key', {}, async (answer) => (await answer.text()).trimEnd())

/** The proof of entry n. A checkpoint covers a new entry within a second: `not-yet` is waited out, a few times. */
export async function proveEntry(n: number): Promise<Proof> {
	for (let tries = 1; ; tries++) {
		try {
			return await get(`/api/v1/proofs/${n}`)
		} catch (error) {
			const notYet = error instanceof CallFailed && error.code === 'not-yet'
			if (!notYet || tries >= PROOF_TRIES_MAX) throw error
			const waitMs = (error.retryAfterS ?? 1) * 1000
			await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 250)))
		}
	}
}

async function tileBytes(name: string): Promise<Uint8Array> {
	const buffer = await call(`/log/${name}`, {}, (answer) => answer.arrayBuffer())
	if (buffer.byteLength > TILE_BYTES_MAX) throw new CallFailed(200, 'http')
	return new Uint8Array(buffer)
}

/** Tiles of the log. A partial tile may be gone once the full one is there; its beginning is the same. */
export const readTile: TileReader = async (path) => {
	try {
		return await tileBytes(path)
	} catch (error) {
		const partial = path.indexOf('.p/')
		if (partial < 0 || !(error instanceof CallFailed) || error.status !== 404) throw error
		return tileBytes(path.slice(0, partial))
	}
}

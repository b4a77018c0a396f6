// The calls that concern the office: who is there, which files are in force, what time it is.

import { get, post, setCsrf } from './http'
import type { components } from './schema'

type Schemas = components['schemas']
export type Session = Schemas['Session']
export type Post = Schemas['Post']
export type Office = Schemas['Office']
export type Files = Schemas['Files']
export type CaseType = Schemas['CaseType']
export type Category = Schemas['Category']
export type Named = Schemas['Named']
export type WordPair = Schemas['Words']
export type DemoPeople = Schemas['DemoPeople']
export type DemoPerson = DemoPeople['people'][number]
export type DemoClock = Schemas['DemoClock']

/** What a session says of itself holds for the calls that follow. */
async function taken(session: Promise<Session>): Promise<Session> {
	const now = await session
	setCsrf(now.signed_in ? now.csrf : undefined)
	return now
}

export const getSession = (): Promise<Session> => taken(get('/api/v1/session'))

export const signIn = (name: string, password: string): Promise<Session> =>
	taken(post('/api/v1/session', { name, password }))

export const signInBySheet = (sheet: string, code: string): Promise<Session> =>
	taken(post('/api/v1/session/sheet', { sheet, code }))

export const choosePost = (index: number): Promise<Session> =>
	taken(post('/api/v1/session/post', { post: index }))

export const endSession = (all: boolean): Promise<Session> => taken(post('/api/v1/session/end', { all }))

export const demoPeople = (): Promise<DemoPeople> => get('/api/v1/demo/people')

export const demoSignIn = (account: number, index?: number): Promise<Session> =>
	taken(post('/api/v1/demo/session', index === undefined ? { account } : { account, post: index }))

export const demoClock = (): Promise<DemoClock> => get('/api/v1/demo/clock')

export const moveDemoClock = (to: number, requestId: string): Promise<DemoClock> =>
	post('/api/v1/demo/clock', { to }, { requestId })

export const getOffice = (): Promise<Office> => get('/api/v1/office')

export const getFiles = (): Promise<Files> => get('/api/v1/files', { revalidate: true })

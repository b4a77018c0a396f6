// Who is signed in at this console, under which post. Reactive; one instance.

import { computed, reactive } from 'vue'
import {
	type DemoPerson,
	type Post,
	type Session,
	choosePost,
	demoPeople,
	demoSignIn,
	endSession,
	getSession,
	signIn,
	signInBySheet,
} from '../shared/api/office'
import { whenSessionEnds } from '../shared/api/http'
import { CallFailed } from '../shared/api/problem'

export const session = reactive({
	known: undefined as Session | undefined,
	failed: undefined as CallFailed | undefined,
	/** Of a demo store: people who may be signed in as by one tap. */
	people: [] as DemoPerson[],
})

export const post = computed<Post | undefined>(() => {
	const { known } = session
	return known?.post === undefined ? undefined : known.posts?.[known.post]
})

whenSessionEnds(() => {
	if (session.known?.signed_in) session.known = { signed_in: false }
})

function failureOf(error: unknown): CallFailed {
	if (error instanceof CallFailed) return error
	throw error
}

export async function readSession(): Promise<void> {
	try {
		session.known = await getSession()
		session.failed = undefined
	} catch (error) {
		session.failed = failureOf(error)
	}
}

export async function readPeople(): Promise<void> {
	try {
		session.people = (await demoPeople()).people
	} catch (error) {
		failureOf(error)
		session.people = [] // no demo: nobody signs in by a tap
	}
}

/** All four throw CallFailed. */
export async function enter(name: string, password: string): Promise<void> {
	session.known = await signIn(name, password)
}

export async function enterBySheet(sheet: string, code: string): Promise<void> {
	session.known = await signInBySheet(sheet, code)
}

export async function enterAs(person: DemoPerson, index?: number): Promise<void> {
	session.known = await demoSignIn(person.account, index)
}

export async function changePost(index: number): Promise<void> {
	session.known = await choosePost(index)
}

export async function leave(all = false): Promise<void> {
	session.known = await endSession(all)
}

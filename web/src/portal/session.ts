// Who is signed in here. A resident may report without an account; with one, the account acts in place of a secret.

import { reactive } from 'vue'
import { whenSessionEnds } from '../shared/api/http'
import { type DemoPerson, type Session, demoPeople, demoSignIn, endSession, getSession, signInBySheet } from '../shared/api/office'
import { CallFailed } from '../shared/api/problem'

export const session = reactive({
	known: undefined as Session | undefined,
	/** Of a demo store. */
	people: [] as DemoPerson[],
})

whenSessionEnds(() => {
	if (session.known?.signed_in) session.known = { signed_in: false }
})

/** Without an answer nobody is known to be signed in; the next page asks again. */
export async function readSession(): Promise<void> {
	try {
		session.known = await getSession()
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
	}
}

/** Nobody, where the store is no demo. */
export async function readPeople(): Promise<void> {
	try {
		const { people } = await demoPeople()
		session.people = people.filter((person) => person.kind === 'resident')
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		session.people = []
	}
}

/** These throw CallFailed. */
export async function enterBySheet(sheet: string, code: string): Promise<void> {
	session.known = await signInBySheet(sheet, code)
}

export async function enterAs(person: DemoPerson): Promise<void> {
	session.known = await demoSignIn(person.account)
}

export async function leave(): Promise<void> {
	session.known = await endSession(false)
}

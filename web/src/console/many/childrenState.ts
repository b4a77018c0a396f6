// The children of the open mother case: who would be reached by one answer, and who was. Reactive; one instance, which stays
// while a child is looked at, until another mother is asked for.

import { reactive } from 'vue'
import {
	type Case,
	type FieldValue,
	type ManyDone,
	answerChildren,
	getCase,
	newestSteps,
} from '../../shared/api/cases'
import { CallFailed } from '../../shared/api/problem'
import { MOTHER_ANSWER, SameRequest, TIES_MAX, wasReached } from './many'

const AT_ONCE = 4
const STEPS_MAX = 5

export interface Child {
	id: number
	number: string
	/** An answer can reach it as it stands. */
	can: boolean
	/** Nothing where it could not be read. */
	now?: Pick<Case, 'state' | 'type' | 'type_n'>
	failed?: CallFailed
}

export const children = reactive({
	of: undefined as number | undefined,
	/** There may be more than are told here. */
	more: false,
	known: undefined as Child[] | undefined,
	busy: false,
	failed: undefined as CallFailed | undefined,
	act: undefined as ManyDone | undefined,
	/** Those that the act did not reach; undefined while they are looked for. */
	left: undefined as Child[] | undefined,
})

let request = new SameRequest()

export function forgetChildren(): void {
	children.of = children.known = children.failed = children.act = children.left = undefined
	children.more = children.busy = false
	request = new SameRequest()
}

/** Some at a time, in their order. */
async function each<A, B>(all: readonly A[], make: (one: A) => Promise<B>): Promise<B[]> {
	const made: B[] = []
	for (let i = 0; i < all.length; i += AT_ONCE)
		made.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map(make))))
	return made
}

async function look({ id, number }: { id: number; number: string }): Promise<Child> {
	try {
		const { state, type, type_n, commands } = await getCase(id)
		const can = commands.some((one) => one.command === MOTHER_ANSWER)
		return { id, number, can, now: { state, type, type_n } }
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		return { id, number, can: false, failed: error }
	}
}

/** Looks at all children; of a mother whose act is here still, that stays. */
export async function lookAtChildren(mother: Pick<Case, 'id' | 'ties'>): Promise<void> {
	if (children.of !== mother.id) forgetChildren()
	children.of = mother.id
	children.more = mother.ties.length >= TIES_MAX
	const known = await each(
		mother.ties.filter((tie) => tie.kind === 'child'),
		look,
	)
	if (children.of === mother.id) children.known = known
}

/** Looks again, for another answer. */
export async function answerAnew(mother: Pick<Case, 'id' | 'ties'>): Promise<void> {
	forgetChildren()
	await lookAtChildren(mother)
}

async function leftBy(act: ManyDone, known: readonly Child[]): Promise<Child[]> {
	const left = await each(known, async (child) => {
		try {
			const { steps } = await newestSteps(child.id, STEPS_MAX)
			return wasReached(steps, act) ? undefined : await look(child)
		} catch (error) {
			if (!(error instanceof CallFailed)) throw error
			return { ...child, can: false, failed: error }
		}
	})
	return left.filter((child) => child !== undefined)
}

/** One answer for all; sent again with the same words it is the same request, until it is answered. */
export async function answerAll(fields: FieldValue[]): Promise<void> {
	const { of: id, known } = children
	if (id === undefined || !known || children.busy) return
	children.busy = true
	children.failed = undefined
	try {
		const act = await answerChildren(id, fields, request.idOf(JSON.stringify([id, fields])))
		request.answered()
		if (children.of !== id) return
		children.act = act
		const left = act.refused === 0 ? [] : await leftBy(act, known)
		if (children.of === id) children.left = left
	} catch (error) {
		if (!(error instanceof CallFailed)) throw error
		if (children.of === id) children.failed = error
	} finally {
		if (children.of === id) children.busy = false
	}
}

// A command's form: which fields it has, what may be written into them, and what is sent. Pure.

import type { Case, CaseCommand, Command } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'
import { wallOf } from '../../shared/time/zone'

export type TypeField = CaseType['fields'][number]

export interface FormField {
	field: TypeField
	required: boolean
	/** Left empty, the office fills it in from the category and the responsibilities, and says why. */
	byFiles: boolean
}

const BY_FILES = ['lead_unit', 'priority', 'ground_check']

/** The command that says where a case is: a place must be chosen, which the type only allows. */
const CORRECT_PLACE = 'correct_place'
/** The command that records conditions of the site: no field, but names of conditions. */
export const CONDITION = 'condition'

/** In the order of the transition: what must be filled in, then what may. A field that the type has not is left out. */
export function formFields(command: CaseCommand, type: CaseType | undefined): FormField[] {
	const of = (name: string) => type?.fields.find((field) => field.name === name)
	const seen = new Set<string>()
	return [
		...(command.command === CORRECT_PLACE ? [{ name: 'place', required: true }] : []),
		...command.fills.map((name) => ({ name, required: true })),
		...command.may_fill.map((name) => ({ name, required: false })),
	].flatMap(({ name, required }) => {
		const field = of(name)
		if (!field || seen.has(name)) return []
		seen.add(name)
		const byFiles = required && BY_FILES.includes(name)
		return [{ field, required: required && !byFiles, byFiles }]
	})
}

/** What stands in the form before anybody wrote: the case's own choices, never a personal text. */
export function startValues(fields: readonly FormField[], of: Case): Record<string, string> {
	const KEPT = ['choice', 'unit', 'category', 'yes_no']
	return Object.fromEntries(
		fields.map(({ field }) => [
			field.name,
			KEPT.includes(field.kind) && !field.personal
				? (of.fields.find((one) => one.field === field.name)?.value ?? '')
				: '',
		]),
	)
}

/** The first field that must be filled in and is not. */
export function missingField(
	fields: readonly FormField[],
	values: Record<string, string>,
): string | undefined {
	return fields.find(({ field, required }) => required && !values[field.name]?.trim())?.field.name
}

export function commandOf(
	command: string,
	fields: readonly FormField[],
	values: Record<string, string>,
	seen: number,
	conditions?: { before: readonly string[]; after: readonly string[] },
): Command {
	const filled = fields
		.map(({ field }) => ({ field: field.name, value: values[field.name]?.trim() ?? '' }))
		.filter(({ value }) => value !== '')
	if (command !== CONDITION || !conditions) return { command, seen, fields: filled }
	const { before, after } = conditions
	return {
		command,
		seen,
		fields: filled,
		conditions_set: after.filter((name) => !before.includes(name)),
		conditions_cleared: before.filter((name) => !after.includes(name)),
	}
}

/** The last day that a date may name, as a field of dates has it (midnight of the machine's own zone); undefined where none is
 * set. Today is the community's. */
export function lastDay(field: TypeField, now: Date): Date | undefined {
	if (field.within_days === undefined) return undefined
	const { year, month, day } = wallOf(now)
	return new Date(year, month, day + field.within_days)
}

export function maskedCount(masked: Partial<Record<string, number>> | undefined): number {
	return Object.values(masked ?? {}).reduce<number>((sum, n) => sum + (n ?? 0), 0)
}

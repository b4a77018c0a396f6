// The form of one command, made from the case type: which fields, what is missing, what is sent. Pure.

import type { CaseCommand, FieldValue } from '../../shared/api/cases'
import type { CaseType } from '../../shared/api/office'

export type TypeField = CaseType['fields'][number]

export interface FormField {
	field: TypeField
	required: boolean
}

/** In the order of the transition. A field that the type has not, and one that the page fills in itself, is left out. */
export function formFields(
	command: Pick<CaseCommand, 'fills' | 'may_fill'>,
	type: CaseType | undefined,
	given: readonly string[] = [],
): FormField[] {
	const of = (name: string) => type?.fields.find((field) => field.name === name)
	const names = new Map([
		...command.may_fill.map((name) => [name, false] as const),
		...command.fills.map((name) => [name, true] as const),
	])
	const order = [...new Set([...command.fills, ...command.may_fill])]
	return order.flatMap((name) => {
		const field = of(name)
		return field && !given.includes(name) ? [{ field, required: names.get(name)! }] : []
	})
}

export function missingField(fields: readonly FormField[], values: Record<string, string>): string | undefined {
	return fields.find(({ field, required }) => required && !values[field.name]?.trim())?.field.name
}

/** What was written, and what the page itself says where the command takes it. */
export function valuesOf(
	command: Pick<CaseCommand, 'fills' | 'may_fill'>,
	values: Record<string, string>,
	given: Record<string, string> = {},
): FieldValue[] {
	const takes = new Set([...command.fills, ...command.may_fill])
	return Object.entries({ ...values, ...given })
		.filter(([field, value]) => takes.has(field) && value.trim() !== '')
		.map(([field, value]) => ({ field, value: value.trim() }))
}

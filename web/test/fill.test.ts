import { describe, expect, it } from 'vitest'
import {
	commandOf,
	formFields,
	lastDay,
	maskedCount,
	missingField,
	startValues,
} from '../src/console/case/fill'
import type { CaseCommand } from '../src/shared/api/cases'
import { DRAIN } from './fixtures/cases'
import { FILES } from './fixtures/files'

const type = FILES.types.find((one) => one.in_force)
const command = (name: string, fills: string[], may_fill: string[] = []): CaseCommand => ({
	command: name,
	transition: name,
	role: 'duty_officer',
	words: { zh: name, en: name },
	fills,
	may_fill,
})
const names = (one: CaseCommand) => formFields(one, type).map(({ field, required }) => [field.name, required])

describe('a form', () => {
	it('has what must be filled in, then what may, each once, and nothing that the type has not', () => {
		expect(names(command('x', ['proposed_unit', 'none'], ['message', 'proposed_unit']))).toEqual([
			['proposed_unit', true],
			['message', false],
		])
		expect(names(command('correct_place', []))).toEqual([['place', true]])
		expect(formFields(command('x', ['lead_unit']), undefined)).toEqual([])
	})

	it('leaves to the office what the files say, and says so', () => {
		const of = (fills: string[], may: string[] = []) =>
			formFields(command('dispatch', fills, may), type).map(({ required, byFiles }) => [required, byFiles])
		expect(of(['lead_unit', 'message'])).toEqual([
			[false, true],
			[true, false],
		])
		expect(of([], ['lead_unit'])).toEqual([[false, false]])
	})

	it('begins with the case’s own choices, and no personal text', () => {
		const fields = formFields(command('x', ['category', 'text', 'lead_unit']), type)
		expect(startValues(fields, DRAIN)).toEqual({ category: '0204', text: '', lead_unit: '' })
	})

	it('names the first that is missing; blanks are nothing', () => {
		const fields = formFields(command('x', ['proposed_unit', 'message'], ['photos']), type)
		expect(missingField(fields, { proposed_unit: 'WAT', message: ' ' })).toBe('message')
		expect(missingField(fields, { proposed_unit: 'WAT', message: 'a' })).toBeUndefined()
	})

	it('lets a date go as far as the type does', () => {
		const [review] = formFields(command('x', ['review_on', 'order_until']), type)
		expect(lastDay(review!.field, new Date(2026, 5, 11, 8))).toEqual(new Date(2026, 6, 11))
		expect(lastDay(type!.fields.find(({ name }) => name === 'order_until')!, new Date())).toBeUndefined()
	})
})

describe('what is sent', () => {
	it('is what was filled in, with what was seen', () => {
		const fields = formFields(command('x', ['lead_unit'], ['message']), type)
		expect(commandOf('x', fields, { lead_unit: ' WAT ', message: '' }, 9)).toEqual({
			command: 'x',
			seen: 9,
			fields: [{ field: 'lead_unit', value: 'WAT' }],
		})
	})

	it('a corrected place must be chosen, and goes with the fields', () => {
		const fields = formFields(command('correct_place', []), type)
		expect(fields.map(({ field, required }) => [field.name, required])).toEqual([['place', true]])
		expect(commandOf('correct_place', fields, { place: '157' }, 9)).toEqual({
			command: 'correct_place',
			seen: 9,
			fields: [{ field: 'place', value: '157' }],
		})
	})

	it('conditions are set and cleared by their difference', () => {
		const conditions = { before: ['works', 'live'], after: ['live', 'down'] }
		expect(commandOf('condition', [], {}, 9, conditions)).toEqual({
			command: 'condition',
			seen: 9,
			fields: [],
			conditions_set: ['down'],
			conditions_cleared: ['works'],
		})
		expect(commandOf('x', [], {}, 9, conditions)).toEqual({ command: 'x', seen: 9, fields: [] })
	})

	it('counts what was taken out of a text', () => {
		expect(maskedCount({ plates: 1, cards: 2 })).toBe(3)
		expect(maskedCount(undefined)).toBe(0)
	})
})

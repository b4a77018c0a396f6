// The words of the files in force, by their names: categories, units, roles, types and what belongs to them. Pure. What
// no file names is shown by its name, never guessed.

import type { CaseType, Category, Files, WordPair } from '../api/office'

type Field = CaseType['fields'][number]
type Transition = CaseType['transitions'][number]

export class FileWords {
	private readonly categories: Map<string, Category>
	private readonly units: Map<string, WordPair>
	private readonly roles: Map<string, WordPair>
	private readonly areas: Map<string, WordPair>
	private readonly purposes: Map<string, WordPair>

	constructor(
		readonly files: Files,
		private readonly locale: string,
	) {
		const byName = (all: Files['units']) => new Map(all.map((one) => [one.name, one.words]))
		this.categories = new Map(files.categories.map((one) => [one.code, one]))
		this.units = byName(files.units)
		this.roles = byName(files.roles)
		this.areas = byName(files.areas)
		this.purposes = byName(files.purposes)
	}

	say(words: WordPair | undefined, name = ''): string {
		if (!words) return name
		return this.locale.startsWith('zh') ? words.zh : words.en
	}

	/** Before it has a category, its type. */
	category(code: string, type?: string): string {
		return code ? this.say(this.categories.get(code)?.words, code) : this.say(this.type(type)?.words, type ?? '')
	}

	/** Of a row of a list, which knows its type by the entry that brought it; none yet: empty. */
	categoryOfRow(row: { category: string; type_n?: number }): string {
		return row.category && this.category(row.category, this.type(undefined, row.type_n)?.code)
	}

	categoryOf(code: string): Category | undefined {
		return this.categories.get(code)
	}

	unit(code: string): string {
		return this.say(this.units.get(code), code)
	}

	role(name: string): string {
		return this.say(this.roles.get(name), name)
	}

	area(name: string): string {
		return this.say(this.areas.get(name), name)
	}

	purpose(name: string): string {
		return this.say(this.purposes.get(name), name)
	}

	/** A case keeps the type it was opened under: `n` is the entry that brought it. */
	type(code: string | undefined, n?: number): CaseType | undefined {
		const { types } = this.files
		return (
			types.find((type) => n !== undefined && type.n === n) ??
			types.find((type) => type.code === code && type.in_force) ??
			types.find((type) => type.code === code)
		)
	}

	/** The words of a state, a clock or an outcome of a type; where the type is not known, of any that has it. */
	private of(
		list: 'states' | 'clocks' | 'outcomes',
		name: string,
		type: CaseType | undefined,
	): WordPair | undefined {
		for (const one of type ? [type] : this.files.types) {
			const found = one[list].find((item) => item.name === name)
			if (found) return found.words
		}
		return undefined
	}

	state(name: string, type?: CaseType): string {
		return this.say(this.of('states', name, type), name)
	}

	outcome(name: string, type?: CaseType): string {
		return this.say(this.of('outcomes', name, type), name)
	}

	clock(name: string, type?: CaseType): string {
		return this.say(this.of('clocks', name, type), name)
	}

	/** A clock as a stage in a chip: 到场 of 到场时限. */
	stage(name: string, type?: CaseType): string {
		return this.clock(name, type).replace(/(.)(?:答复|审核)?时限$/u, '$1')
	}

	field(name: string, type: CaseType | undefined): Field | undefined {
		return type?.fields.find((field) => field.name === name)
	}

	fieldName(name: string, type: CaseType | undefined): string {
		return this.say(this.field(name, type)?.words, name)
	}

	transition(name: string | undefined, type: CaseType | undefined): Transition | undefined {
		return type?.transitions.find((one) => one.name === name)
	}

	/** A value as it is read: the words of a choice, a unit, a category; everything else as it stands. */
	value(field: string, value: string, type: CaseType | undefined): string {
		const one = this.field(field, type)
		switch (one?.kind) {
			case 'choice':
				return this.say(one.choices?.find((choice) => choice.name === value)?.words, value)
			case 'unit':
				return this.unit(value)
			case 'category':
				return this.category(value)
			case 'actor':
				return this.role(value)
			case 'yes_no':
				return this.locale.startsWith('zh') ? (value === 'yes' ? '是' : '否') : value
			default:
				return value
		}
	}
}

// A report being written: what is kept, what is missing, what is sent.
import { describe, expect, it } from 'vitest'
import {
	type Draft,
	hasPlace,
	isEmpty,
	missingStep,
	offered,
	readDraft,
	reportOf,
} from '../src/portal/report/draft'
import type { CaseType } from '../src/shared/api/office'

const typeWith = (fills: string[], may_fill: string[]): CaseType => ({
	n: 13,
	code: 'resident-request',
	words: { zh: '居民诉求', en: 'resident request' },
	in_force: true,
	fields: [],
	states: [],
	transitions: [],
	clocks: [],
	outcomes: [],
	start: { fills, may_fill },
})
const TYPE = typeWith(['place', 'text', 'channel', 'has_reporter', 'drill', 'entered_by'], ['contact', 'confidential'])
const AT = { lat: 225430100, lon: 1139435000 }
const FULL: Draft = {
	text: '  路灯不亮\n晚上看不见 ',
	category: '0102',
	place: { id: 21, title: '三坊' },
	at: AT,
	contact: ' 傍晚在家 ',
	confidential: true,
}
const sent = (draft: Draft, type = TYPE) =>
	Object.fromEntries(reportOf(draft, type, '地址：').fields.map(({ field, value }) => [field, value]))

describe('what is handed in', () => {
	it('has every field of the type that the portal knows, and no other', () => {
		expect(reportOf(FULL, TYPE, '地址：').type).toBe('resident-request')
		expect(reportOf(FULL, TYPE, '地址：').at).toEqual(AT)
		expect(sent(FULL)).toEqual({
			channel: 'portal',
			has_reporter: 'yes',
			drill: 'no',
			place: '21',
			text: '路灯不亮\n晚上看不见',
			contact: '傍晚在家',
			confidential: 'yes',
		})
	})

	it('carries a category, and leaves out a contact, as the type says', () => {
		const other = typeWith(['text'], ['category'])
		expect(sent(FULL, other)).toEqual({ text: '路灯不亮\n晚上看不见', category: '0102' })
	})

	it('writes an address below the words, in place of a place', () => {
		const { place: _, ...without } = FULL
		const draft = { ...without, address: ' 二坊 4 栋 ' }
		expect(sent(draft)).toMatchObject({ place: '0', text: '路灯不亮\n晚上看不见\n地址：二坊 4 栋' })
		expect(sent({ ...FULL, address: '二坊 4 栋' }).text).toBe('路灯不亮\n晚上看不见')
	})

	it('says nothing that was not written', () => {
		expect(Object.keys(sent({ text: 'x', contact: ' ', confidential: false })).sort()).toEqual(
			['channel', 'drill', 'has_reporter', 'place', 'text'].sort(),
		)
		expect(reportOf({ text: 'x' }, TYPE, '').at).toBeUndefined()
	})
})

describe('what is missing', () => {
	it('is the words, then the place; a pin alone is no place', () => {
		expect(missingStep({ text: ' ' })).toBe('what')
		expect(missingStep({ text: 'x', at: AT })).toBe('where')
		expect(hasPlace({ text: 'x', address: '  ' })).toBe(false)
		expect(missingStep({ text: 'x', address: '二坊' })).toBeUndefined()
		expect(missingStep({ text: 'x', place: { id: 1, title: '' } })).toBeUndefined()
	})

	it('a draft is empty without words and place', () => {
		expect(isEmpty({ text: '\n' })).toBe(true)
		expect(isEmpty({ text: '', at: AT })).toBe(false)
	})
})

describe('what was kept', () => {
	it('comes back as it was, with what may have arrived', () => {
		const draft: Draft = {
			...FULL,
			categoryChosen: true,
			others: [36],
			sent: { requestId: 'a'.repeat(16), report: { type: 'resident-request', fields: [] } },
		}
		expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
	})

	it('is left out where it has another form', () => {
		for (const value of [null, undefined, 'x', [], { text: 7 }]) expect(readDraft(value)).toEqual({ text: '' })
		expect(
			readDraft({ text: 'x', place: { id: '1', title: '' }, at: { lat: 1 }, category: 7, others: ['1', 2], sent: {} }),
		).toEqual({ text: 'x', others: [2] })
	})
})

describe('places that are offered', () => {
	it('are the first three names, none twice and none without', () => {
		const places = ['三坊', '', '三坊', '市场路', ' ', '二坊', '一坊'].map((title, id) => ({ id, title }))
		expect(offered(places).map(({ id }) => id)).toEqual([0, 3, 5])
		expect(offered(places, 6).map(({ title }) => title)).toEqual(['三坊', '市场路', '二坊', '一坊'])
	})
})

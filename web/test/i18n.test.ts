import { describe, expect, it } from 'vitest'
import { chooseLocale, i18n } from '../src/i18n'
import en from '../src/i18n/en'
import zh from '../src/i18n/zh-CN'
import { STEPS } from '../src/receipt'

function leaves(tree: object, at = ''): [string, string][] {
	return Object.entries(tree).flatMap(([key, value]) =>
		typeof value === 'string'
			? [[at + key, value] as [string, string]]
			: leaves(value as object, `${at}${key}.`),
	)
}

const holes = (text: string) => [...text.matchAll(/\{([a-z]+)\}/gi)].map((m) => m[1]).sort()
const both = leaves(zh).map(([key, text]) => [key, text, new Map(leaves(en)).get(key)] as const)

describe('Chinese and English', () => {
	it('have the same keys in the same order', () => {
		expect(leaves(en).map(([key]) => key)).toEqual(leaves(zh).map(([key]) => key))
	})

	it('have the same holes, and no empty sentence', () => {
		for (const [key, chinese, english] of both) {
			expect(holes(english ?? ''), key).toEqual(holes(chinese))
			expect(chinese.trim() && english?.trim(), key).toBeTruthy()
		}
	})

	it('are set with full-width punctuation and a space before figures, without emoji', () => {
		for (const [key, chinese, english] of both) {
			expect(chinese, key).not.toMatch(/[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff](?:[0-9]|\{n\})/)
			expect(chinese + english, key).not.toMatch(/\p{Extended_Pictographic}/u)
		}
	})

	it('are read without being compiled by eval, holes filled', () => {
		for (const [key, chinese, english] of both) {
			const values = Object.fromEntries(holes(chinese).map((hole) => [hole, '7']))
			for (const [locale, text] of [
				['zh-CN', chinese],
				['en', english],
			] as const) {
				const expected = text!.replace(/\{[a-z]+\}/gi, '7')
				expect(i18n.global.t(key, values, { locale }), key).toBe(expected)
			}
		}
	})

	it('have a word and a sentence for each step', () => {
		for (const step of STEPS)
			expect(zh.steps[step]).toMatchObject({ name: expect.any(String), passed: expect.any(String) })
	})
})

it('Chinese comes first, a choice before that', () => {
	expect(chooseLocale(undefined, [])).toBe('zh-CN')
	expect(chooseLocale(undefined, ['fr'])).toBe('zh-CN')
	expect(chooseLocale(undefined, ['en-GB', 'zh-HK'])).toBe('zh-CN')
	expect(chooseLocale(undefined, ['en-GB', 'fr'])).toBe('en')
	expect(chooseLocale('en', ['zh-CN'])).toBe('en')
	expect(chooseLocale('xx', ['zh-CN'])).toBe('zh-CN')
})

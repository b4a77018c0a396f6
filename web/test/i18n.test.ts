import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import consoleEn from '../src/console/i18n/en'
import consoleZh from '../src/console/i18n/zh-CN'
import portalEn from '../src/portal/i18n/en'
import portalZh from '../src/portal/i18n/zh-CN'
import recordEn from '../src/record/i18n/en'
import recordZh from '../src/record/i18n/zh-CN'
import { type Words, addWords, chooseLocale, i18n } from '../src/shared/i18n'
import sharedEn from '../src/shared/i18n/en'
import sharedZh from '../src/shared/i18n/zh-CN'
import { STEPS } from '../src/shared/proof/receipt'

const shared = structuredClone(sharedZh)
const FACES: Record<string, { zh: Words; en: Words }> = {
	shared: { zh: sharedZh, en: sharedEn },
	console: { zh: consoleZh, en: consoleEn },
	portal: { zh: portalZh, en: portalEn },
	record: { zh: recordZh, en: recordEn },
}

function leaves(tree: object, at = ''): [string, string][] {
	return Object.entries(tree).flatMap(([key, value]) =>
		typeof value === 'string'
			? [[at + key, value] as [string, string]]
			: leaves(value as object, `${at}${key}.`),
	)
}

const holes = (text: string) => [...text.matchAll(/\{([a-z]+)\}/gi)].map((m) => m[1]).sort()

describe.each(Object.keys(FACES))('Chinese and English of %s', (face) => {
	const { zh, en } = FACES[face]!
	const both = leaves(zh).map(([key, text]) => [key, text, new Map(leaves(en)).get(key)] as const)

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
			// © is a letter of the law.
			expect((chinese + english).replaceAll('©', ''), key).not.toMatch(/\p{Extended_Pictographic}/u)
		}
	})

	it('are read without being compiled by eval, holes filled', () => {
		addWords({ 'zh-CN': zh, en })
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

	it('stand under keys of their own, so that none hides a shared one', () => {
		if (face === 'shared') return
		expect(Object.keys(zh).filter((key) => key in shared)).toEqual([])
	})

	it('hold every key that its pages name', () => {
		// Every face brings its own title.
		const known = new Set(['title', ...[...leaves(zh), ...leaves(shared)].map(([key]) => key)])
		const named: string[] = []
		for (const file of sources(face)) {
			const text = readFileSync(file, 'utf8')
			for (const [, key] of text.matchAll(/\bt\('([A-Za-z0-9_.]+)'/g)) named.push(key!)
		}
		expect(named.filter((key) => !known.has(key))).toEqual([])
	})
})

function sources(face: string): string[] {
	const folder = new URL(`../src/${face}/`, import.meta.url).pathname
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => /\.(?:vue|ts)$/.test(name))
		.map((name) => folder + name)
}

it('the record has a word and a sentence for each step of a check', () => {
	for (const step of STEPS)
		expect(recordZh.steps[step]).toMatchObject({ name: expect.any(String), passed: expect.any(String) })
})

it('Chinese comes first, a choice before that', () => {
	expect(chooseLocale(undefined, [])).toBe('zh-CN')
	expect(chooseLocale(undefined, ['fr'])).toBe('zh-CN')
	expect(chooseLocale(undefined, ['en-GB', 'zh-HK'])).toBe('zh-CN')
	expect(chooseLocale(undefined, ['en-GB', 'fr'])).toBe('en')
	expect(chooseLocale('en', ['zh-CN'])).toBe('en')
	expect(chooseLocale('xx', ['zh-CN'])).toBe('zh-CN')
})

// Which face brings which library: Vant is the portal's, Element Plus the console's. What the faces share has neither, and no
// face takes from another. Vant is taken part by part, never its font of icons.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const FACES = ['console', 'portal', 'record', 'shared'] as const

/** What the sources of a folder import, with the file that does. */
function importsOf(face: string): { from: string; file: string }[] {
	const folder = new URL(`../src/${face}/`, import.meta.url).pathname
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => /\.(?:vue|ts)$/.test(name) && name !== 'api/schema.d.ts')
		.flatMap((file) => {
			const text = readFileSync(folder + file, 'utf8')
			return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g)].map(([, from]) => ({ from: from!, file }))
		})
}

describe.each(FACES)('%s', (face) => {
	const imports = importsOf(face)

	it('has imports at all', () => expect(imports.length).toBeGreaterThan(10))

	it('brings only its own library', () => {
		const others = [...(face === 'portal' ? [] : ['vant']), ...(face === 'console' ? [] : ['element-plus'])]
		expect(imports.filter(({ from }) => others.some((name) => from === name || from.startsWith(`${name}/`)))).toEqual([])
	})

	it('takes from no other face', () => {
		const others = FACES.filter((other) => other !== face && other !== 'shared').join('|')
		expect(imports.filter(({ from }) => new RegExp(`^(?:\\.\\./)+(?:${others})/`).test(from))).toEqual([])
	})
})

it('the portal takes Vant part by part, without its font', () => {
	const parts = importsOf('portal').filter(({ from }) => from.startsWith('vant'))
	expect(parts.length).toBeGreaterThan(20)
	expect(parts.filter(({ from }) => !from.startsWith('vant/es/') || from.includes('/icon') || /\/style\/?(?:index)?$/.test(from))).toEqual([])
})

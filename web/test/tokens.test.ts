// The contrasts that the look promises, computed from the committed colours by the formula of WCAG 2.2.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../src/shared/style/tokens.css', import.meta.url), 'utf8')

type Tokens = Record<string, string>

function tokensAfter(selector: string): Tokens {
	const from = css.indexOf(selector)
	expect(from, selector).toBeGreaterThanOrEqual(0)
	const block = css.slice(css.indexOf('{', from), css.indexOf('}', from))
	return Object.fromEntries(
		[...block.matchAll(/--([a-z0-9-]+): (#[0-9A-F]{6});/g)].map((m) => [m[1], m[2]]),
	)
}

const light = tokensAfter(':root {')
const dark = tokensAfter(':root[data-theme="dark"]')

function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((i) => {
		const v = parseInt(hex.slice(i, i + 2), 16) / 255
		return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
	}) as [number, number, number]
	return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
	const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
	return (high + 0.05) / (low + 0.05)
}

describe('tokens', () => {
	it('have the same names in light and dark, and dark is the same twice', () => {
		expect(Object.keys(dark)).toEqual(Object.keys(light))
		expect(Object.keys(light)).toHaveLength(24)
		expect(tokensAfter(':root:not([data-theme="light"])')).toEqual(dark)
	})

	// As the look has them: light, dark.
	it.each([
		['paper', '#F4F1EA', '#131817'],
		['surface', '#FCFBF8', '#1A201F'],
		['sunken', '#EEEAE1', '#232A28'],
		['line', '#DCD5C8', '#353F3C'],
		['line-strong', '#857F71', '#84908B'],
		['ink', '#1F2627', '#ECE8DF'],
		['ink-2', '#535B5B', '#AFB7B2'],
		['accent', '#0E5A53', '#7FCBBC'],
		['on-accent', '#FFFFFF', '#0B2723'],
		['accent-soft', '#DDEAE5', '#17352F'],
		['accent-line', '#5E948C', '#4C8A7E'],
		['amber', '#784800', '#F0BD66'],
		['amber-soft', '#F8E8C6', '#38290F'],
		['amber-line', '#A86F0E', '#C18B33'],
		['red', '#9E241B', '#FF9F92'],
		['on-red', '#FFFFFF', '#35100B'],
		['red-soft', '#F8E0DB', '#43201B'],
		['red-line', '#B8483D', '#D9776A'],
		['map-ground', '#F3EFE7', '#1B2120'],
		['map-way', '#FFFDFA', '#121716'],
		['map-building', '#E4DDCF', '#2B3331'],
		['map-edge', '#CDC4B3', '#3C4643'],
		['map-signal', '#CFE1DA', '#1F463F'],
		['map-halo', '#F8F5EF', '#161B1A'],
	])('%s is the colour of the look', (name, inLight, inDark) => {
		expect([light[name], dark[name]]).toEqual([inLight, inDark])
	})

	// front, ground, least contrast (4.5 text, 3 shapes), promised in light, in dark
	it.each([
		['ink', 'surface', 4.5, 14.9, 13.5],
		['ink-2', 'surface', 4.5, 6.7, 8.1],
		['ink', 'accent-soft', 4.5, 12.4, 10.8],
		['ink-2', 'paper', 4.5, 6.2, 8.8],
		['accent', 'surface', 4.5, 7.8, 8.8],
		['ink-2', 'sunken', 4.5, 5.8, 7.1],
		['accent', 'accent-soft', 4.5, 6.5, 7.0],
		['ink-2', 'accent-soft', 4.5, 5.6, 6.5],
		['on-accent', 'accent', 4.5, 8.1, 8.4],
		['amber', 'amber-soft', 4.5, 6.4, 8.2],
		['line-strong', 'surface', 3, 3.9, 5.0],
		['on-red', 'red', 4.5, 7.7, 8.6],
		['line-strong', 'sunken', 3, 3.3, 4.4],
		['red', 'surface', 4.5, 7.5, 8.4],
		['red', 'red-soft', 4.5, 6.1, 7.3],
		['accent-line', 'surface', 3, 3.3, 4.1],
		['ink-2', 'map-building', 4.5, 5.2, 6.3],
		['amber-line', 'map-building', 3, 3.1, 4.3],
	])('%s on %s', (front, ground, least, inLight, inDark) => {
		const ratios = [
			contrast(light[front]!, light[ground]!),
			contrast(dark[front]!, dark[ground]!),
		] as const
		expect(Math.min(...ratios)).toBeGreaterThanOrEqual(least)
		expect(Math.abs(ratios[0] - inLight)).toBeLessThan(0.1)
		expect(Math.abs(ratios[1] - inDark)).toBeLessThan(0.1)
	})
})

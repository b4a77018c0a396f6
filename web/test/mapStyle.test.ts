// What the map draws of a place: its layers by kind, from the ground up, their colours and the widths of ways.
import { describe, expect, it } from 'vitest'
import { MAP_KINDS, MAP_TOKENS, type MapColours, mapStyle, scaleBar } from '../src/shared/map/style'

const colours = Object.fromEntries(MAP_TOKENS.map((name) => [name, `var(${name})`])) as MapColours
const style = mapStyle(colours, { type: 'FeatureCollection', features: [] }, '"Noto Sans", sans-serif')
type Layer = { id: string; type: string; filter?: unknown; minzoom?: number; paint: Record<string, unknown>; layout?: Record<string, unknown> }
const layers = style.layers as unknown as Layer[]
const layer = (id: string): Layer => layers.find((one) => one.id === id)!

/** The part of MapLibre's expressions that the style uses. */
function value(of: unknown, place: Record<string, unknown>): unknown {
	if (!Array.isArray(of)) return of
	const [name, ...rest] = of as [string, ...unknown[]]
	if (name === 'get') return place[rest[0] as string]
	if (name === '==') return value(rest[0], place) === value(rest[1], place)
	if (name === 'coalesce') return rest.map((one) => value(one, place)).find((one) => one !== undefined && one !== null)
	if (name !== 'match') throw new Error(name)
	const [wanted, ...pairs] = [value(rest[0], place), ...rest.slice(1)]
	for (let i = 0; i + 1 < pairs.length; i += 2) if ([pairs[i]].flat().includes(wanted)) return value(pairs[i + 1], place)
	return value(pairs.at(-1), place)
}

/** Pixels of a way of this class where a metre is 1.5 of them. */
function widthOf(ofClass: string | undefined): number {
	const [name, base, zoom, ...stops] = layer('ways').paint['line-width'] as [string, unknown, unknown, ...unknown[]]
	expect([name, base, zoom]).toEqual(['interpolate', ['exponential', 2], ['zoom']])
	const at = stops.filter((_, i) => i % 2 === 0) as number[]
	const widths = stops.filter((_, i) => i % 2 === 1).map((one) => value(one, { class: ofClass }) as number)
	// Between stops it is as at both of them: twice as wide a level.
	at.forEach((z, i) => expect(widths[i]! / widths[0]!).toBeCloseTo(2 ** (z - at[0]!), 6))
	return widths[at.indexOf(16.73)]!
}

describe('the map', () => {
	it('draws ground, ways, buildings, boundaries, components and names, in this order', () => {
		expect(layers.map(({ id, type }) => [id, type])).toEqual([
			['ground', 'background'],
			['ways', 'line'],
			['buildings', 'fill'],
			['grids', 'line'],
			['components', 'circle'],
			['names', 'symbol'],
		])
	})

	it.each([
		['building', ['buildings']],
		['way', ['ways', 'names']],
		['grid', ['grids']],
		['component', ['components']],
		['room', []],
	])('of a %s: %j', (kind, ids) => {
		const drawn = layers.filter(({ filter }) => filter !== undefined && value(filter, { kind }) === true)
		expect(drawn.map(({ id }) => id)).toEqual(ids)
	})

	it('asks for the kinds that it draws', () => {
		const kinds = layers.flatMap(({ filter }) => (filter ? [(filter as unknown[])[2]] : []))
		expect([...new Set(kinds)].sort()).toEqual(MAP_KINDS.split(',').sort())
	})

	it('has ways as wide as they are: path 3, service 5, lane 8, road 11', () => {
		expect(['footway', 'path', 'steps', 'pedestrian', 'service', 'residential', undefined, 'primary', 'secondary', 'tertiary', 'road'].map(widthOf)).toEqual([
			3, 3, 3, 3, 5, 8, 8, 11, 11, 11, 11,
		])
	})

	it('takes its colours from the tokens', () => {
		expect(layer('ground').paint['background-color']).toBe('var(map-ground)')
		expect(layer('ways').paint['line-color']).toBe('var(map-way)')
		expect(layer('buildings').paint).toEqual({ 'fill-color': 'var(map-building)', 'fill-outline-color': 'var(map-edge)' })
		expect(layer('grids').paint).toMatchObject({ 'line-color': 'var(accent)', 'line-opacity': 0.6, 'line-width': 1.5 })
		expect(layer('components').paint).toMatchObject({ 'circle-color': 'var(surface)', 'circle-stroke-color': 'var(line-strong)' })
		expect(layer('names').paint).toMatchObject({ 'text-color': 'var(ink-2)', 'text-halo-color': 'var(map-halo)' })
	})

	it('writes names along their lanes, in the page’s letters, and where there is none nothing', () => {
		const { layout } = layer('names')
		expect(layout).toMatchObject({ 'symbol-placement': 'line', 'text-font': ['Noto Sans', 'sans-serif'], 'text-size': 13 })
		expect(value(layout!['text-field'], { title: '三坊' })).toBe('三坊')
		expect(value(layout!['text-field'], {})).toBe('')
		const phone = mapStyle(colours, {}, 'serif', 16).layers.find(({ id }) => id === 'names') as unknown as Layer
		expect(phone.layout!['text-size']).toBe(16)
	})

	it('shows components only from near, and draws from the places alone', () => {
		expect(layer('components').minzoom).toBe(17)
		expect(layers.slice(1).map((one) => (one as unknown as { source: string }).source)).toEqual(Array(5).fill('places'))
		expect(style.glyphs).toBeUndefined()
	})

	it('has a scale of 1, 2 or 5 times a power of ten', () => {
		expect(scaleBar(0.5)).toEqual({ metres: 20, width: 40 })
		expect(scaleBar(1)).toEqual({ metres: 50, width: 50 })
		expect(scaleBar(1.3)).toEqual({ metres: 100, width: 100 / 1.3 })
	})
})

// The map's style from the tokens: ground, ways, buildings, boundaries, names, components. Pure. Widths are those of
// 1.5 pixels a metre and scale with the map; letters are drawn by the browser, so no font is fetched.

import type { StyleSpecification } from 'maplibre-gl'

export const MAP_KINDS = 'building,way,grid,component'

/** Names of tokens of the style sheet, without the two strokes. */
export const MAP_TOKENS = [
	'map-ground',
	'map-way',
	'map-building',
	'map-edge',
	'map-halo',
	'accent',
	'ink-2',
	'line-strong',
	'surface',
] as const
export type MapColours = Record<(typeof MAP_TOKENS)[number], string>

/** The colours of the page's theme. */
export function mapColours(): MapColours {
	const style = getComputedStyle(document.documentElement)
	return Object.fromEntries(
		MAP_TOKENS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
	) as MapColours
}

/** The zoom at which one metre is 1.5 pixels, at latitude 22.5 degrees (tiles of 512 pixels). */
const ZOOM_OF_WIDTHS = 16.73

type Width = number | readonly unknown[]
const scaled = (at: (factor: number) => Width) =>
	[
		'interpolate',
		['exponential', 2],
		['zoom'],
		14,
		at(2 ** (14 - ZOOM_OF_WIDTHS)),
		ZOOM_OF_WIDTHS,
		at(1),
		21,
		at(2 ** (21 - ZOOM_OF_WIDTHS)),
	] as never

const ofKind = (kind: string) => ['==', ['get', 'kind'], kind] as never
const PATHS = ['footway', 'path', 'steps', 'pedestrian']
const wayWidth = (factor: number): Width => [
	'match',
	['coalesce', ['get', 'class'], ''],
	PATHS,
	3 * factor,
	['service'],
	5 * factor,
	['primary', 'secondary', 'tertiary', 'road'],
	11 * factor,
	8 * factor,
]

export function mapStyle(
	colours: MapColours,
	data: object,
	family: string,
	names = 13,
): StyleSpecification {
	const font = family.split(',').map((name) => name.trim().replaceAll('"', ''))
	return {
		version: 8,
		sources: { places: { type: 'geojson', data: data as never } },
		layers: [
			{ id: 'ground', type: 'background', paint: { 'background-color': colours['map-ground'] } },
			{
				id: 'ways',
				type: 'line',
				source: 'places',
				filter: ofKind('way'),
				layout: { 'line-cap': 'round', 'line-join': 'round' },
				paint: { 'line-color': colours['map-way'], 'line-width': scaled(wayWidth) },
			},
			{
				id: 'buildings',
				type: 'fill',
				source: 'places',
				filter: ofKind('building'),
				paint: { 'fill-color': colours['map-building'], 'fill-outline-color': colours['map-edge'] },
			},
			{
				id: 'grids',
				type: 'line',
				source: 'places',
				filter: ofKind('grid'),
				paint: {
					'line-color': colours.accent,
					'line-opacity': 0.6,
					'line-width': 1.5,
					'line-dasharray': [5.3, 2.7, 1.3, 2.7],
				},
			},
			{
				id: 'components',
				type: 'circle',
				source: 'places',
				filter: ofKind('component'),
				minzoom: 17,
				paint: {
					'circle-radius': 3,
					'circle-color': colours.surface,
					'circle-stroke-color': colours['line-strong'],
					'circle-stroke-width': 1.25,
				},
			},
			{
				id: 'names',
				type: 'symbol',
				source: 'places',
				filter: ofKind('way'),
				minzoom: 15,
				layout: {
					'symbol-placement': 'line',
					'text-field': ['coalesce', ['get', 'title'], ''] as never,
					'text-font': font,
					'text-size': names,
					'text-max-angle': 30,
				},
				paint: {
					'text-color': colours['ink-2'],
					'text-halo-color': colours['map-halo'],
					'text-halo-width': 1.5,
				},
			},
		],
	}
}

/** A length of 1, 2 or 5 times a power of ten that is at most `pixels` wide. */
export function scaleBar(metresPerPixel: number, pixels = 80): { metres: number; width: number } {
	const most = metresPerPixel * pixels
	const power = 10 ** Math.floor(Math.log10(most))
	const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power
	return { metres, width: metres / metresPerPixel }
}

// MapLibre GL and its worker, loaded with the map and not before. The worker is a file of this server, as the policy asks.
import { Map as GlMap, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { E7, type Box, type Point } from '../api/places'
import { type MapColours, mapStyle } from './style'
import './draw.css'

export interface Drawn {
	/** Where a point lies in pixels of the map. */
	at(point: Point): { x: number; y: number }
	box(): Box
	zoom(): number
	metresPerPixel(): number
	zoomBy(step: number): void
	flyTo(point: Point, zoom?: number): void
	show(data: object): void
	paint(colours: MapColours): void
	resize(): void
	/** What the map is called by a reader. */
	name(title: string): void
	end(): void
}

export interface DrawOptions {
	/** Pixels of the names; 13 without it. */
	names?: number
	/** A tap on the map itself. */
	tapped?: (point: Point) => void
}

const EMPTY = { type: 'FeatureCollection', features: [] }
const EARTH_M = 40_075_016.686

export function draw(
	container: HTMLElement,
	centre: Point,
	zoom: number,
	start: MapColours,
	family: string,
	moved: (settled: boolean) => void,
	options: DrawOptions = {},
): Drawn {
	setWorkerUrl(new URL(workerUrl, location.href).href)
	let data: object = EMPTY
	let colours = start
	const map = new GlMap({
		container,
		style: mapStyle(colours, data, family, options.names),
		center: [centre.lon / E7, centre.lat / E7],
		zoom,
		minZoom: 12,
		maxZoom: 21,
		attributionControl: false,
		pitchWithRotate: false,
		dragRotate: false,
		touchPitch: false,
		maxPitch: 0,
		fadeDuration: 0,
		localIdeographFontFamily: family,
	})
	map.touchZoomRotate.disableRotation()
	map.keyboard.disableRotation()
	map.on('move', () => moved(false))
	map.on('moveend', () => moved(true))
	map.on('load', () => moved(true))
	const { tapped } = options
	if (tapped) {
		map.on('click', ({ lngLat }) =>
			tapped({ lat: Math.round(lngLat.lat * E7), lon: Math.round(lngLat.lng * E7) }),
		)
	}
	const still = matchMedia('(prefers-reduced-motion: reduce)')
	const duration = () => (still.matches ? 0 : 200)
	return {
		at: (point) => map.project([point.lon / E7, point.lat / E7]),
		box: () => {
			const bounds = map.getBounds()
			return {
				west: Math.floor(bounds.getWest() * E7),
				south: Math.floor(bounds.getSouth() * E7),
				east: Math.ceil(bounds.getEast() * E7),
				north: Math.ceil(bounds.getNorth() * E7),
			}
		},
		zoom: () => map.getZoom(),
		metresPerPixel: () =>
			(EARTH_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 9),
		zoomBy: (step) => map.easeTo({ zoom: map.getZoom() + step, duration: duration() }),
		flyTo: (point, to) =>
			map.easeTo({
				center: [point.lon / E7, point.lat / E7],
				zoom: Math.max(map.getZoom(), to ?? 0),
				duration: duration(),
			}),
		show: (next) => {
			data = next
			const source = map.getSource('places') as { setData(data: object): void } | undefined
			source?.setData(next)
		},
		paint: (next) => {
			colours = next
			map.setStyle(mapStyle(colours, data, family, options.names))
		},
		resize: () => map.resize(),
		name: (title) => map.getCanvas().setAttribute('aria-label', title),
		end: () => map.remove(),
	}
}

// The calls that concern places and the map.

import { get, query } from './http'
import type { components } from './schema'

type Schemas = components['schemas']
export type PlaceRow = Schemas['PlaceRow']
export type PlaceList = Schemas['PlaceList']
export type PlaceCard = Schemas['PlaceCard']
export type Point = Schemas['Point']

/** E7 integers, as everywhere in the API. */
export interface Box {
	west: number
	south: number
	east: number
	north: number
}

export interface MapFeature {
	type: 'Feature'
	id?: number
	geometry: { type: string; coordinates: unknown } | null
	properties: { id: number; kind: string; title?: string } & Record<string, unknown>
}

export interface MapFeatures {
	type: 'FeatureCollection'
	features: MapFeature[]
	/** The cap was met: not all that lies here. */
	more?: boolean
}

export const E7 = 10_000_000

export const findPlaces = (q: string, kinds?: string, limit = 20): Promise<PlaceList> =>
	get(`/api/v1/places${query({ q, kinds, limit })}`)

export const placesNear = (at: Point, kinds?: string, limit = 20): Promise<PlaceList> =>
	get(`/api/v1/places/near${query({ lat: at.lat, lon: at.lon, kinds, limit })}`)

export const getPlace = (id: number): Promise<PlaceCard> => get(`/api/v1/places/${id}`)

export const getMap = (box: Box, kinds: string): Promise<MapFeatures> =>
	get(`/api/v1/map${query({ ...box, kinds })}`, { revalidate: true })

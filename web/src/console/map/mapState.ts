// Where the map looks: set by search, by the opened case, by the reader's hand. Reactive; one instance.

import { ref, shallowRef } from 'vue'
import type { PlaceRow, Point } from '../../shared/api/places'

/** A place that is to be shown; new at each wish, so that the same place can be asked for twice. */
export const target = shallowRef<{ at: Point; title?: string }>()
/** The table in place of the map. */
export const asTable = ref(false)

/** The place whose card is shown. */
export const chosenPlace = shallowRef<PlaceRow>()

export function goToPlace(place: PlaceRow): void {
	chosenPlace.value = place
	if (place.at) target.value = { at: place.at, title: place.title }
}

export function goTo(at: Point): void {
	target.value = { at }
}

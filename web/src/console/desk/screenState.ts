// How much room the console has: the window, in pixels of its own sizes (those of the wall are one and a half). Reactive; one
// instance. Queue, map and case beside one another need 368 + 440 + 584; with less the map folds to a tab.

import { computed, ref } from 'vue'
import { keep, kept } from '../../shared/keep'

const WALL_ZOOM = 1.5
const BESIDE_PX = 368 + 440 + 584
const ROOMY_PX = 1720
const STACKED_PX = 768

const width = ref(innerWidth)
addEventListener('resize', () => {
	width.value = innerWidth
})

export const wallMode = ref(false)

export function setWallMode(on: boolean): void {
	wallMode.value = on
	document.documentElement.toggleAttribute('data-wall', on)
	keep('wall', on ? 'on' : undefined)
}
setWallMode(kept('wall') === 'on')

export type Room = 'stacked' | 'folded' | 'beside' | 'roomy'

/** All under one another, the map as a tab, all beside one another, or that with a wide case. */
export const room = computed<Room>(() => {
	const own = wallMode.value ? width.value / WALL_ZOOM : width.value
	if (own < STACKED_PX) return 'stacked'
	if (own < BESIDE_PX) return 'folded'
	return own < ROOMY_PX ? 'beside' : 'roomy'
})
export const isFolded = computed(() => room.value === 'stacked' || room.value === 'folded')

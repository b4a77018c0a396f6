// Where in the console one is: behind the `#`, so that the server need know nothing of it. `#/case/870` is an open case,
// `#/shift` the desks, `#/call` a call that is being taken, `#/responsibilities` what hand-backs propose for them.

import { ref } from 'vue'

export interface Route {
	case?: number
	page?: 'shift' | 'call' | 'responsibilities'
}

export function parseRoute(hash: string): Route {
	const page = /^#\/(shift|call|responsibilities)$/.exec(hash)?.[1] as Route['page']
	if (page) return { page }
	const id = /^#\/case\/([1-9][0-9]{0,15})$/.exec(hash)?.[1]
	return id ? { case: Number(id) } : {}
}

export const route = ref<Route>(parseRoute(location.hash))

addEventListener('hashchange', () => {
	route.value = parseRoute(location.hash)
})

export function openCase(id: number | undefined): void {
	location.hash = id === undefined ? '#/' : `#/case/${id}`
}

export function openPage(page: NonNullable<Route['page']>): void {
	location.hash = `#/${page}`
}

export function openQueue(): void {
	location.hash = '#/'
}

// Where in the portal one is: behind the `#`. A matter's link carries what lets its holder act, `#/case/870/SECRET`; it is
// never sent to the server in an address, and it is taken out of the address bar as soon as it is kept.

import { ref } from 'vue'

export const PAGES = ['home', 'report', 'sent', 'case', 'receipt', 'number', 'mine', 'sign-in'] as const
export type Page = (typeof PAGES)[number]
export const REPORT_STEPS = ['what', 'where', 'check'] as const
export type ReportStep = (typeof REPORT_STEPS)[number]

export interface Route {
	page: Page
	id?: number
	auth?: string
	/** The number that is said on the phone. */
	number?: string
	step?: ReportStep
}

const isAuth = (text: string) => /^(?:[1-9][0-9]{0,15}\.)?[A-Za-z0-9+/]{22}==$/.test(text)

function decoded(part: string): string {
	try {
		return decodeURIComponent(part)
	} catch {
		return ''
	}
}

/** What is not understood is the first page. */
export function parseRoute(hash: string): Route {
	const [page, first = '', second = ''] = hash.replace(/^#\/?/, '').split('/').map(decoded)
	switch (page) {
		case 'report': {
			const step = REPORT_STEPS.find((name) => name === first)
			return { page, step: step ?? 'what' }
		}
		case 'case':
		case 'sent':
		case 'receipt': {
			if (!/^[1-9][0-9]{0,15}$/.test(first)) return { page: 'home' }
			return { page, id: Number(first), ...(isAuth(second) ? { auth: second } : {}) }
		}
		case 'number':
			return { page, ...(first ? { number: first } : {}) }
		case 'mine':
		case 'sign-in':
			return { page }
		default:
			return { page: 'home' }
	}
}

export function hashOf(route: Route): string {
	const parts = [
		route.page === 'home' ? '' : route.page,
		route.id ?? route.number ?? (route.step === 'what' ? undefined : route.step),
		route.auth,
	]
	return `#/${parts
		.filter((part) => part !== undefined)
		.map((part) => encodeURIComponent(String(part)))
		.join('/')}`
}

export const route = ref<Route>(parseRoute(location.hash))

addEventListener('hashchange', () => {
	route.value = parseRoute(location.hash)
})

export function go(to: Route): void {
	location.hash = hashOf(to)
}

/** Another address for the same page, without a step back to the one before. */
export function replaceRoute(to: Route): void {
	history.replaceState(null, '', hashOf(to))
	route.value = to
}

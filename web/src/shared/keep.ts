// What this browser keeps, in localStorage. Reading never fails: what is not there or not readable is as if it was never
// kept. Writing says whether it was kept. Names are listed here, so that no two pages use one for two things.

export type Name =
	| 'receipts'
	| 'draft'
	| 'key'
	| 'locale'
	| 'theme'
	| 'post'
	| 'density'
	| 'wall'
	/** The portal's: matters with the secrets of their receipts, a report being written, its photo. */
	| 'matters'
	| 'report'
	| 'reportPhoto'

export function kept(name: Name): string | undefined {
	try {
		return localStorage.getItem(`liren.${name}`) ?? undefined
	} catch {
		return undefined
	}
}

export function keep(name: Name, value: string | undefined): boolean {
	try {
		if (value === undefined) localStorage.removeItem(`liren.${name}`)
		else localStorage.setItem(`liren.${name}`, value)
		return true
	} catch {
		return false // no room, or the browser forbids it
	}
}

export function keptJson(name: Name): unknown {
	try {
		return JSON.parse(kept(name) ?? 'null') as unknown
	} catch {
		return undefined
	}
}

// Vant's radios and stars answer to taps only. By keyboard they are to be like the browser's own: Tab comes to the chosen one,
// else to the first; arrows go round and choose; Space chooses. Pure but for the focus.

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

/** For `keydown` on the group. */
export function radioKeys(event: KeyboardEvent): void {
	const group = event.currentTarget as HTMLElement
	const radios = [...group.querySelectorAll<HTMLElement>('[role=radio]')]
	const at = radios.findIndex((radio) => radio.contains(event.target as Node))
	const step = event.key === ' ' ? 0 : STEPS[event.key]
	if (at < 0 || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
	event.preventDefault()
	const next = radios[(at + step + radios.length) % radios.length]!
	next.focus()
	next.click()
}

/** Whether Tab comes to the radio `i` of a group. */
export function tabIndexOf(i: number, chosen: number): 0 | -1 {
	return i === Math.max(chosen, 0) ? 0 : -1
}

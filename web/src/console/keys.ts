// Keys of the console. A letter is a key only where nobody is writing; with Ctrl, Alt or Meta it belongs to the browser.

import { onBeforeUnmount, onMounted } from 'vue'

const WRITES = 'input, textarea, select, [contenteditable], [role=combobox], [role=listbox], dialog'

/** `keys`: a lower-case letter or a key's name, to what it does; false where it did nothing. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => boolean | void>): void {
	const listen = (event: KeyboardEvent) => {
		if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return
		const at = event.target instanceof Element ? event.target : undefined
		if (event.key !== 'Escape' && at?.closest(WRITES)) return
		// Enter on a button or a link is that button's.
		if (event.key === 'Enter' && at?.closest('button, a')) return
		const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
		if (act && act(event) !== false) event.preventDefault()
	}
	onMounted(() => addEventListener('keydown', listen))
	onBeforeUnmount(() => removeEventListener('keydown', listen))
}

// Light and dark: the system's wish, until the reader chooses; the choice is kept.

import { ref } from 'vue'
import { keep, kept } from './keep'

const systemDark = matchMedia('(prefers-color-scheme: dark)')
export const isDark = ref(false)

function apply(): void {
	const choice = kept('theme')
	isDark.value = choice === 'dark' || (choice !== 'light' && systemDark.matches)
	if (choice === 'dark' || choice === 'light') document.documentElement.dataset.theme = choice
}

export function startTheme(): void {
	apply()
	systemDark.addEventListener('change', apply)
}

export function toggleTheme(): void {
	const choice = isDark.value ? 'light' : 'dark'
	document.documentElement.dataset.theme = choice
	isDark.value = choice === 'dark'
	keep('theme', choice)
}

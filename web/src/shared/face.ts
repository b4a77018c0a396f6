// How every face starts: theme and language first, so that nothing is drawn twice, then its page into #page.

import { type App, type Component, createApp } from 'vue'
import { type Locale, type Words, i18n, startLocale } from './i18n'
import './style/tokens.css'
import './style/base.css'
import { startTheme } from './theme'

export function startFace(page: Component, words: Record<Locale, Words>): App {
	startTheme()
	startLocale(words)
	const app = createApp(page).use(i18n)
	app.mount('#page')
	return app
}

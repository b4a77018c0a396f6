// Two languages, switchable at once; the choice is kept. Chinese first, unless the browser asks for another language
// and not for Chinese. A face adds its own words to the shared ones; both have their own keys at the top.

import { createI18n } from 'vue-i18n'
import { speak } from '../api/http'
import { keep, kept } from '../keep'
import en from './en'
import zh from './zh-CN'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]
export interface Words {
	[key: string]: string | Words
}

export function chooseLocale(choice: string | undefined, wanted: readonly string[]): Locale {
	const known = LOCALES.find((locale) => locale === choice)
	if (known) return known
	const speaksChinese = wanted.length === 0 || wanted.some((tag) => /^zh\b/i.test(tag))
	return speaksChinese || !wanted.some((tag) => /^en\b/i.test(tag)) ? 'zh-CN' : 'en'
}

export const i18n = createI18n({
	legacy: false,
	locale: 'zh-CN' as Locale,
	fallbackLocale: false,
	messages: { 'zh-CN': { ...zh } as Words, en: { ...en } as Words },
})

const listeners = new Set<(locale: Locale) => void>()

/** Called now and at each change: for libraries that have words of their own. */
export function onLocale(listen: (locale: Locale) => void): void {
	listeners.add(listen)
	listen(i18n.global.locale.value)
}

export function setLocale(locale: Locale): void {
	i18n.global.locale.value = locale
	document.documentElement.lang = locale
	document.title = `${i18n.global.t('title')} · ${i18n.global.t('brand')}`
	speak(locale)
	for (const listen of listeners) listen(locale)
}

export function pickLocale(locale: Locale): void {
	setLocale(locale)
	keep('locale', locale)
}

/** The words of one face; `title` among them names the page. */
export function addWords(words: Record<Locale, Words>): void {
	for (const locale of LOCALES) i18n.global.mergeLocaleMessage(locale, words[locale])
}

export function startLocale(words: Record<Locale, Words>): void {
	addWords(words)
	setLocale(chooseLocale(kept('locale'), navigator.languages))
}

// Two languages, switchable at once; the choice is kept. Chinese first, unless the browser asks for another language
// and not for Chinese.

import { createI18n } from 'vue-i18n'
import { speak } from '../api/client'
import { keep, kept } from '../keep'
import en from './en'
import zh from './zh-CN'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

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
	messages: { 'zh-CN': zh, en },
})

export function setLocale(locale: Locale): void {
	i18n.global.locale.value = locale
	document.documentElement.lang = locale
	document.title = `${i18n.global.t('title')} · ${i18n.global.t('brand')}`
	speak(locale)
}

export function pickLocale(locale: Locale): void {
	setLocale(locale)
	keep('locale', locale)
}

export function startLocale(): void {
	setLocale(chooseLocale(kept('locale'), navigator.languages))
}

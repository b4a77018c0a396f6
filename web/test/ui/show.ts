// Mounts one component as a page would: with the shared words, in the language asked for.
import { type ComponentMountingOptions, enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach } from 'vitest'
import type { Component } from 'vue'
import { type Locale, i18n } from '../../src/shared/i18n'

enableAutoUnmount(afterEach)

export function show(component: Component, props: Record<string, unknown>, locale: Locale = 'zh-CN', slots = {}) {
	i18n.global.locale.value = locale
	return mount(component, {
		props,
		slots,
		global: { plugins: [i18n] },
		attachTo: document.body,
	} as ComponentMountingOptions<Component>)
}

/** The words that can be read, with single blanks; what only a screen reader gets, too. */
export function words(of: { text(): string }): string {
	return of.text().replace(/\s+/g, ' ').trim()
}

// @vitest-environment happy-dom
// What Vant's parts lack and ours give them: names, descriptions, errors, keys; and the language of the page.
import { Locale } from 'vant/es/locale'
import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import en from '../../src/portal/i18n/en'
import zh from '../../src/portal/i18n/zh-CN'
import AskSheet from '../../src/portal/ui/AskSheet.vue'
import ChoiceList from '../../src/portal/ui/ChoiceList.vue'
import PhotoPick from '../../src/portal/ui/PhotoPick.vue'
import PushButton from '../../src/portal/ui/PushButton.vue'
import RowLink from '../../src/portal/ui/RowLink.vue'
import StarRate from '../../src/portal/ui/StarRate.vue'
import TextField from '../../src/portal/ui/TextField.vue'
import TickBox from '../../src/portal/ui/TickBox.vue'
import '../../src/portal/ui/vant'
import { addWords, setLocale } from '../../src/shared/i18n'
import { show, words } from './show'

const key = (name: string) => ({ key: name })

describe('PushButton', () => {
	it('keeps the focus while busy, says so, and does nothing', async () => {
		const button = show(PushButton, { busy: true }, 'zh-CN', { default: '送出' })
		expect(button.attributes()).toMatchObject({ type: 'button', 'aria-disabled': 'true' })
		expect(button.attributes('disabled')).toBeUndefined()
		await button.trigger('click')
		expect(button.emitted('click')).toBeUndefined()
		await button.setProps({ busy: false })
		await button.trigger('click')
		expect(button.emitted('click')).toHaveLength(1)
		expect(button.attributes('aria-disabled')).toBeUndefined()
	})

	it('is a link where it leads somewhere', () => {
		const link = show(PushButton, { href: '#/mine', kind: 'filled' }, 'zh-CN', { default: '看' })
		expect(link.element.tagName).toBe('A')
		expect(link.attributes('href')).toBe('#/mine')
		expect([link.attributes('type'), link.attributes('disabled')]).toEqual([undefined, undefined])
	})
})

describe('TextField', () => {
	it('is named by its label, described, marked when wrong, and no longer than it may be', async () => {
		const field = show(TextField, { id: 'a', modelValue: '', maxlength: 20, describedby: 'hint', wrong: false }, 'zh-CN', { label: '编号' })
		const input = field.get('input')
		expect(field.get('label').attributes('for')).toBe('a')
		expect(input.attributes()).toMatchObject({ id: 'a', maxlength: '20', 'aria-describedby': 'hint' })
		expect(input.attributes('aria-invalid')).toBeUndefined()
		await field.setProps({ wrong: true })
		expect(input.attributes('aria-invalid')).toBe('true')
		await input.setValue('七')
		expect(field.emitted('update:modelValue')).toEqual([['七']])
	})

	it('may have several lines', () => {
		const field = show(TextField, { id: 'b', modelValue: 'x', type: 'textarea', rows: 3 }, 'zh-CN', { label: '说明' })
		expect(field.get('textarea').attributes('rows')).toBe('3')
		expect((field.get('textarea').element as HTMLTextAreaElement).value).toBe('x')
	})
})

describe('ChoiceList', () => {
	const choices = [{ value: 'a', label: '甲' }, { value: 'b', label: '乙' }, { value: 'c', label: '丙' }]

	it('Tab comes to the first, then to the chosen one; arrows go round and choose', async () => {
		const list = show(ChoiceList, { label: '哪一个', choices, chosen: undefined })
		const radios = list.findAll<HTMLElement>('[role=radio]')
		const stops = () => radios.map((radio) => radio.attributes('tabindex'))
		expect(stops()).toEqual(['0', '-1', '-1'])
		await radios[0]!.trigger('keydown', key(' '))
		await radios[0]!.trigger('keydown', key('ArrowUp'))
		await radios[0]!.trigger('keydown', key('ArrowDown'))
		await radios[0]!.trigger('keydown', key('Enter'))
		await radios[0]!.trigger('keydown', { ...key('ArrowDown'), altKey: true })
		expect(list.emitted('choose')).toEqual([['a'], ['c'], ['b']])
		expect(document.activeElement).toBe(radios[1]!.element)
		await list.setProps({ chosen: 'b' })
		expect(stops()).toEqual(['-1', '0', '-1'])
		expect(radios.map((radio) => radio.attributes('aria-checked'))).toEqual(['false', 'true', 'false'])
	})
})

it('TickBox answers to Space as to a tap', async () => {
	const box = show(TickBox, { modelValue: undefined }, 'zh-CN', { default: '不透露' })
	expect(box.attributes()).toMatchObject({ role: 'checkbox', tabindex: '0', 'aria-checked': 'false' })
	await box.trigger('keydown', key(' '))
	await box.setProps({ modelValue: true })
	expect(box.attributes('aria-checked')).toBe('true')
	await box.trigger('click')
	expect(box.emitted('update:modelValue')).toEqual([[true], [false]])
})

it('StarRate is a group of which one is chosen, each named by its word, none before the first tap', async () => {
	const rate = show(StarRate, { label: '办得怎么样？', names: ['很差', '一般', '很好'], modelValue: 0 })
	const stars = rate.findAll('[role=radio]')
	const state = () => stars.map((star) => `${star.attributes('aria-label')} ${star.attributes('aria-checked')} ${star.attributes('tabindex')}`)
	expect(rate.attributes()).toMatchObject({ role: 'radiogroup', 'aria-label': '办得怎么样？', tabindex: '-1' })
	expect(state()).toEqual(['很差 false 0', '一般 false -1', '很好 false -1'])
	await stars[0]!.trigger('keydown', key('ArrowRight'))
	expect(rate.emitted('update:modelValue')).toEqual([[2]])
	await rate.setProps({ modelValue: 2 })
	expect(state()).toEqual(['很差 false -1', '一般 true 0', '很好 false -1'])
	await rate.setProps({ names: ['poor', 'fair', 'good'] })
	expect(state()).toEqual(['poor false -1', 'fair true 0', 'good false -1'])
})

it('PhotoPick hands on the file, and its input has the name of the button', async () => {
	const pick = show(PhotoPick, { id: 'photo', label: '加一张照片', describedby: 'note' })
	const input = pick.get<HTMLInputElement>('input[type=file]')
	expect(input.attributes()).toMatchObject({ id: 'photo', 'aria-label': '加一张照片', 'aria-describedby': 'note', accept: 'image/*' })
	const file = new File(['x'], 'a.png', { type: 'image/png' })
	Object.defineProperty(input.element, 'files', { value: [file], configurable: true })
	await input.trigger('change')
	expect(pick.emitted('pick')).toEqual([[file]])
})

it('RowLink leads somewhere, or says whether it is open', () => {
	const link = show(RowLink, { icon: 'list', href: '#/mine', beside: '2 件' }, 'zh-CN', { default: '我的事项' })
	expect([link.element.tagName, link.attributes('role'), words(link)]).toEqual(['A', undefined, '我的事项2 件'])
	const row = show(RowLink, { icon: 'help', open: true }, 'zh-CN', { default: '为什么' })
	expect(row.element.tagName).toBe('BUTTON')
	expect(row.attributes()).toMatchObject({ type: 'button', 'aria-expanded': 'true' })
})

it('AskSheet shuts the page behind while it asks; Escape changes nothing; the focus goes back', async () => {
	const page = document.createElement('div')
	page.id = 'page'
	page.innerHTML = '<button>撤回</button>'
	document.body.append(page)
	const before = page.querySelector('button')!
	before.focus()
	const sheet = show(AskSheet, { heading: '撤回？', yes: '撤回', no: '不撤回' }, 'zh-CN', { default: '<p>不再办理。</p>' })
	await nextTick()
	const dialog = document.querySelector<HTMLElement>('[role=dialog]')!
	const title = document.getElementById(dialog.getAttribute('aria-labelledby')!)!
	expect([title.textContent, document.activeElement, page.inert]).toEqual(['撤回？', title, true])
	expect(dialog.getAttribute('aria-modal')).toBe('true')
	const buttons = [...dialog.querySelectorAll('button')]
	expect(buttons.map((button) => button.textContent)).toEqual(['撤回', '不撤回'])
	expect(new Set(buttons.map((button) => button.className)).size).toBe(1)
	expect(document.querySelector('.van-overlay')!.getAttribute('role')).toBeNull()
	dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
	document.querySelector<HTMLElement>('.van-overlay')!.click()
	expect([sheet.emitted('no')?.length, sheet.emitted('yes')]).toEqual([2, undefined])
	sheet.unmount()
	await nextTick()
	expect([page.inert, document.activeElement]).toEqual([false, before])
	page.remove()
})

it('Vant speaks the language of the page', () => {
	addWords({ 'zh-CN': zh, en })
	setLocale('en')
	expect(Locale.messages().cancel).toBe('Cancel')
	setLocale('zh-CN')
	expect(Locale.messages().cancel).toBe('取消')
})

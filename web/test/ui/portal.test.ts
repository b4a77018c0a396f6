// @vitest-environment happy-dom
// Parts of the portal: nothing is chosen before the first tap, and no answer is made the likely one.
import { describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

vi.mock('../../src/shared/officeState', async () => {
	const { ref, computed } = await import('vue')
	const { FileWords } = await import('../../src/shared/case/words')
	const { FILES } = await import('../fixtures/files')
	return {
		words: computed(() => new FileWords(FILES, 'zh-CN')),
		now: ref(0),
		nowDate: computed(() => new Date(0)),
		office: {},
	}
})
const { default: PlaceChoice } = await import('../../src/portal/report/PlaceChoice.vue')
const { default: AnswerCard } = await import('../../src/portal/case/AnswerCard.vue')
const { addWords } = await import('../../src/shared/i18n')
const { default: zh } = await import('../../src/portal/i18n/zh-CN')
const { default: en } = await import('../../src/portal/i18n/en')
const { default: OfferCard } = await import('../../src/portal/case/OfferCard.vue')
const { offerReport } = await import('../../src/portal/case/offer')
const { keepMatter } = await import('../../src/portal/matters')
const { DRAIN } = await import('../fixtures/cases')
const { FILES } = await import('../fixtures/files')
const { show, words } = await import('./show')
addWords({ 'zh-CN': zh, en })

const PLACES = [
	{ id: 21, kind: 'way', title: '三坊', distance: 12 },
	{ id: 22, kind: 'way', title: '二坊', distance: 45 },
]

describe('PlaceChoice', () => {
	it('offers names with their distance, none chosen; the last row writes an address', async () => {
		const choice = show(PlaceChoice, { legend: '在哪里？', places: PLACES, chosen: undefined, writes: false })
		expect(choice.get('[role=radiogroup]').attributes('aria-label')).toBe('在哪里？')
		const radios = choice.findAll('[role=radio]')
		expect(radios.map((radio) => radio.attributes('aria-checked'))).toEqual(['false', 'false'])
		expect(radios.map(words)).toEqual(['三坊12 m', '二坊45 m'])
		await radios[1]!.trigger('click')
		expect(choice.emitted('choose')).toEqual([[PLACES[1]]])
		expect(words(choice.get('button'))).toBe('都不是，写地址')
		await choice.get('button').trigger('click')
		expect(choice.emitted('write')).toHaveLength(1)
	})

	it('offers the address alone where there is nothing to choose from', () => {
		const choice = show(PlaceChoice, { legend: '在哪里？', places: [], chosen: undefined, writes: false }, 'en')
		expect(words(choice)).toBe('Write the address')
	})
})

describe('AnswerCard', () => {
	const way = (command: string, fills: string[], may_fill: string[] = []) => ({
		command,
		transition: command,
		words: { zh: command, en: command },
		fills,
		may_fill,
	})
	const type = FILES.types.find((one) => one.in_force)!

	it('asks in three answers of one weight; those that are not happy ask what is wrong', async () => {
		const of = { ...DRAIN, commands: [way('callback', ['callback_result']), way('not_solved', ['message'], ['partly', 'photos'])] }
		const card = show(AnswerCard, { of, type })
		const buttons = card.findAll('button')
		expect(buttons.map(words)).toEqual(['解决了', '部分解决', '没解决'])
		expect(new Set(buttons.map((button) => button.classes().sort().join(' '))).size).toBe(1)
		expect(buttons[0]!.classes()).toEqual(expect.arrayContaining(['van-button', 'van-button--default']))
		await buttons[2]!.trigger('click')
		await nextTick()
		expect(card.find('textarea').exists()).toBe(true)
		expect(card.find('input[type=file]').exists()).toBe(true)
		expect(words(card)).toContain('退回重新办理')
	})

	it('offers only what the case takes', () => {
		expect(show(AnswerCard, { of: { ...DRAIN, commands: [] }, type }).findAll('button')).toHaveLength(0)
		const of = { ...DRAIN, commands: [way('not_solved', ['message'])] }
		expect(show(AnswerCard, { of, type }).findAll('button').map(words)).toEqual(['没解决'])
	})

	it('rates by stars where the choices count, else by their words; nothing is sent before the reader says so', async () => {
		const named = (names: string[]) => ({
			...type,
			fields: [{ ...type.fields[0]!, name: 'answer_rate', choices: names.map((name) => ({ name, words: { zh: `词${name}`, en: name } })) }],
		})
		const of = { ...DRAIN, commands: [way('rate', ['answer_rate'])] }
		const card = show(AnswerCard, { of, type: named(['1', '2', '3']) })
		expect(card.findAll('[role=radio]').map((star) => star.attributes('aria-label'))).toEqual(['词1', '词2', '词3'])
		expect(card.findAll('button')).toHaveLength(0)
		await card.findAll('[role=radio]')[1]!.trigger('click')
		await nextTick()
		expect(words(card.get('[role=status]'))).toBe('词2')
		expect(card.findAll('button').map(words)).toEqual(['送出评价'])
		const worded = show(AnswerCard, { of, type: named(['good', 'poor']) })
		expect(worded.findAll('button').map(words)).toEqual(['词good', '词poor'])
	})
})

describe('OfferCard', () => {
	const type = { ...FILES.types.find((one) => one.in_force)!, start: { state: 'received', fills: ['place', 'text', 'channel', 'has_reporter', 'drill'], may_fill: ['contact'] } }
	const offer = { type: 'resident-request' }

	it('says what is offered, with nothing written and nothing sent; the words are asked anew', async () => {
		const fetched = vi.spyOn(globalThis, 'fetch')
		const card = show(OfferCard, { of: DRAIN, offer })
		expect(words(card)).toContain('不予立案，但您可以申请')
		expect(card.find('textarea').exists()).toBe(false)
		await card.get('button').trigger('click')
		await nextTick()
		expect(card.get<HTMLTextAreaElement>('textarea').element.value).toBe('')
		await card.get('form').trigger('submit')
		expect(card.find('[role=alert]').exists()).toBe(true)
		expect(fetched).not.toHaveBeenCalled()
		fetched.mockRestore()
	})

	it('is tied to the refused matter by what its receipt lets one do; an account needs none', () => {
		const report = offerReport({ text: ' 请调解 ' }, type, 870, 'AAAAAAAAAAAAAAAAAAAAAA==')
		expect(report.offered_by).toEqual({ id: 870, secret: 'AAAAAAAAAAAAAAAAAAAAAA==' })
		expect(report.fields.map(({ field, value }) => [field, value])).toEqual([
			['channel', 'portal'],
			['has_reporter', 'yes'],
			['drill', 'no'],
			['place', '0'],
			['text', '请调解'],
		])
		expect(offerReport({ text: 'x' }, type, 870, undefined).offered_by).toEqual({ id: 870 })
	})

	it('asked for once it offers no more, and leads there from the phone that asked', async () => {
		const card = show(OfferCard, { of: DRAIN, offer: { ...offer, asked: 991 } }, 'en')
		expect(card.find('button').exists()).toBe(false)
		expect(words(card)).toContain('You have asked for it.')
		expect(card.find('a').exists()).toBe(false)
		keepMatter({ id: 991, number: '0611-001-K', role: 'reporter', at: 0 })
		await nextTick()
		expect(card.get('a').attributes('href')).toBe('#/case/991')
	})
})

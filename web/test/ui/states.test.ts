// @vitest-environment happy-dom
// Receipt, question, and the states that every page has.
import { describe, expect, it } from 'vitest'
import QuestionCard from '../../src/portal/ui/QuestionCard.vue'
import { CallFailed } from '../../src/shared/api/problem'
import EmptyNote from '../../src/shared/ui/EmptyNote.vue'
import LoadingLines from '../../src/shared/ui/LoadingLines.vue'
import OfflineBanner from '../../src/shared/ui/OfflineBanner.vue'
import ProblemNote from '../../src/shared/ui/ProblemNote.vue'
import ReceiptChip from '../../src/shared/ui/ReceiptChip.vue'
import RuleNote from '../../src/shared/ui/RuleNote.vue'
import { show, words } from './show'

const now = new Date(2026, 5, 11, 8, 12)

describe('ReceiptChip', () => {
	it('offers the check once, and says what came of it', async () => {
		const chip = show(ReceiptChip, { n: 184203, state: 'unchecked', now })
		expect(chip.find('.name').text()).toBe('回执 · 第 184203 条')
		await chip.find('button').trigger('click')
		await chip.setProps({ state: 'checking' })
		await chip.find('button').trigger('click')
		expect(chip.emitted('check')).toHaveLength(1)
		await chip.setProps({ state: 'passed', at: now })
		expect(chip.find('button').exists()).toBe(false)
		expect(words(chip.find('[role=status]'))).toBe('校验通过，08:12')
		await chip.setProps({ state: 'failed' })
		expect(words(chip.find('[role=status]'))).toMatch(/^校验不符请留好这张回执/)
	})
})

describe('QuestionCard', () => {
	const answers = [
		{ value: 'solved', label: '解决了' },
		{ value: 'partly', label: '部分解决' },
		{ value: 'unsolved', label: '没解决' },
	]

	it('shows answers alike, none chosen, and what silence means', async () => {
		const card = show(QuestionCard, { question: '解决了吗？', answers, silence: '记为逾期未确认，不算满意' })
		const buttons = card.findAll('button')
		expect(buttons.map((button) => button.text())).toEqual(['解决了', '部分解决', '没解决'])
		expect(new Set(buttons.map((button) => button.classes().sort().join(' '))).size).toBe(1)
		expect(buttons[0]!.classes()).toEqual(expect.arrayContaining(['van-button', 'van-button--default']))
		expect(card.text()).toContain('记为逾期未确认，不算满意')
		await buttons[2]!.trigger('click')
		expect(card.emitted('answer')).toEqual([['unsolved']])
		await card.setProps({ busy: true })
		await buttons[0]!.trigger('click')
		expect(card.emitted('answer')).toHaveLength(1)
	})

	it('is named by its question', () => {
		const card = show(QuestionCard, { question: '接受吗？', answers })
		expect(document.getElementById(card.attributes('aria-labelledby')!)!.textContent).toBe('接受吗？')
		expect(card.attributes('aria-describedby')).toBeUndefined()
	})
})

describe('states', () => {
	it('loading: as many lines as the page has, and a word for a reader', () => {
		const lines = show(LoadingLines, { lines: 4, label: '正在取数据' })
		expect(lines.findAll('.bar')).toHaveLength(4)
		expect(lines.find('[role=status], .sr-only').text()).toBe('正在取数据')
	})

	it('empty: one sentence, one action', () => {
		const empty = show(EmptyNote, { sentence: '现在没有待办。' }, 'zh-CN', { default: '<button>交接</button>' })
		expect(empty.findAll('p').map((p) => p.text())).toEqual(['现在没有待办。'])
		expect(empty.findAll('button')).toHaveLength(1)
		expect(empty.find('img, svg').exists()).toBe(false)
	})

	it('error: what failed, what is kept, what to do, the code at the end', () => {
		const body = { title: '排队已满', detail: '细节', field: 'queue', remedy: '一秒后再试', error_id: 'e-17' }
		const note = show(ProblemNote, { failure: new CallFailed(503, 'busy', body), kept: '内容已留在本机。' })
		expect(note.attributes('role')).toBe('alert')
		expect(note.findAll('p').map((p) => p.text())).toEqual([
			'排队已满',
			'内容已留在本机。',
			'细节',
			'哪一项：queue',
			'一秒后再试',
			'代码 e-17',
		])
		const none = show(ProblemNote, { failure: new CallFailed(0, 'no-answer') }, 'en')
		expect(none.text()).toContain('No answer came')
		expect(none.text()).toContain('look at the network')
	})

	it('what is not permitted has a lock, and says who may', () => {
		const path = (status: number) =>
			show(ProblemNote, { failure: new CallFailed(status, 'x', { remedy: '监察员可以' }) }).find('path').attributes('d')
		expect(path(403)).toBe(show(RuleNote, { rule: 'x' }).find('path').attributes('d'))
		expect(path(409)).not.toBe(path(403))
	})

	it('offline: what waits and what needs a look; nothing where all is well', async () => {
		const banner = show(OfflineBanner, { offline: false })
		expect(banner.text()).toBe('')
		await banner.setProps({ offline: true })
		expect(banner.text()).toBe('没有网络')
		await banner.setProps({ waiting: 1, conflicts: 2 })
		expect(words(banner)).toBe('已存在本机，1 条待发有 2 条需要您看查看')
		await banner.find('button').trigger('click')
		expect(banner.emitted('show')).toHaveLength(1)
	})

	it('no permission: the rule, who may, the way to ask', () => {
		const props = { rule: '没有本案的处理目的，不能查看联系方式', who: '受理员可以' }
		const note = show(RuleNote, props, 'zh-CN', { default: '<button>申请查看</button>' })
		expect(words(note)).toBe('没有本案的处理目的，不能查看联系方式受理员可以申请查看')
		expect(note.find('svg').exists()).toBe(true)
		expect(show(RuleNote, { rule: 'x' }).element.children).toHaveLength(2)
	})
})

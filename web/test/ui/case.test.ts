// @vitest-environment happy-dom
// The shared components of a case: what they say and which shape they show, in both languages.
import { describe, expect, it } from 'vitest'
import DuplicateCard from '../../src/portal/report/DuplicateCard.vue'
import CaseMark from '../../src/shared/case/CaseMark.vue'
import ClockChip from '../../src/shared/case/ClockChip.vue'
import HandBackBox from '../../src/shared/case/HandBackBox.vue'
import RecordEntry from '../../src/shared/case/RecordEntry.vue'
import StepTrack from '../../src/shared/case/StepTrack.vue'
import TwoClocks from '../../src/shared/case/TwoClocks.vue'
import { stepStates } from '../../src/shared/case/steps'
import { show, words } from './show'

const MIN = 60_000
const HOUR = 60 * MIN
const now = new Date(2026, 5, 11, 8, 12).getTime()

describe('CaseMark', () => {
	it.each([
		['overdue', '.diamond', '超时，第 4 步', 'overdue, step 4'],
		['soon', '.hexagon', '30 分内，第 4 步', 'within 30 min, step 4'],
		['in_time', '.ring', '期限内，第 4 步', 'in time, step 4'],
		['suspended', '.suspended', '挂账，第 4 步', 'suspended, step 4'],
	] as const)('%s has a shape of its own', (kind, shape, zh, en) => {
		const mark = show(CaseMark, { kind, step: 4 })
		expect(mark.findAll('.diamond, .hexagon, .ring, .suspended')).toHaveLength(1)
		expect(mark.find(shape).exists()).toBe(true)
		expect(mark.attributes('aria-label')).toBe(zh)
		expect(show(CaseMark, { kind, step: 4 }, 'en').attributes('aria-label')).toBe(en)
	})

	it('shows the step, or how many lie at one point', () => {
		expect(show(CaseMark, { kind: 'soon', step: 3 }).text()).toBe('3')
		const many = show(CaseMark, { kind: 'overdue', step: 3, count: 12, size: 24 })
		expect(many.text()).toBe('12')
		expect(many.attributes('aria-label')).toBe('12 件，超时')
		expect(many.attributes('width')).toBe('24')
		expect(show(CaseMark, { kind: 'suspended', step: 3 }).text()).toBe('')
	})
})

describe('ClockChip', () => {
	it('changes its kind at 30 minutes and at zero, and says so once each', async () => {
		const clock = { stage: '到场', due: now + 31 * MIN }
		const chip = show(ClockChip, { clock, now })
		const said = () => chip.find('[role=status]').text()
		expect(chip.attributes('data-kind')).toBe('in_time')
		expect(chip.find('svg').exists()).toBe(false)
		expect(said()).toBe('')
		await chip.setProps({ now: now + MIN })
		expect(chip.attributes('data-kind')).toBe('soon')
		expect(said()).toBe('到场 剩 30 分')
		await chip.setProps({ now: now + 2 * MIN })
		expect(chip.find('.text').text()).toBe('到场 剩 29 分')
		expect(said()).toBe('到场 剩 30 分')
		await chip.setProps({ now: now + 31 * MIN + 1 })
		expect(chip.attributes('data-kind')).toBe('overdue')
		expect(said()).toBe('到场 超 1 分')
		expect(chip.find('svg').exists()).toBe(true)
	})

	it('gives the moment beside the time left', () => {
		expect(show(ClockChip, { clock: { stage: 'x', due: now + 24 * HOUR }, now }).attributes('title')).toBe(
			'明天 08:12',
		)
	})
})

describe('StepTrack', () => {
	const steps = stepStates(4).map((state, i) => ({ state, time: ['昨 13:05', '昨 13:21', '03:30'][i] ?? '' }))

	it('names all seven, the present one as such', () => {
		const track = show(StepTrack, { steps, kind: 'overdue' })
		expect(track.findAll('li')).toHaveLength(7)
		expect(track.findAll('.name').map((name) => name.text())).toEqual([
			'信息收集',
			'案卷建立',
			'任务派遣',
			'任务处理',
			'处理反馈',
			'核查结案',
			'综合评价',
		])
		const present = track.findAll('[aria-current=step]')
		expect(present.map((step) => step.find('.name').text())).toEqual(['任务处理'])
		expect(words(track.findAll('li')[0]!)).toBe('信息收集已完成昨 13:05')
		expect(track.findAll('text').map((figure) => figure.text())).toEqual(['4', '5', '6', '7'])
		expect(track.attributes('data-kind')).toBe('overdue')
	})

	it('a check that waits, failed or was not confirmed is never a tick', () => {
		const states = ['done', 'done', 'done', 'done', 'failed', 'waiting', 'not_confirmed'] as const
		const track = show(StepTrack, { steps: states.map((state) => ({ state, role: '网格员' })) }, 'en')
		const row = (i: number) => track.findAll('li')[i]!
		const tick = row(0).find('.sign').attributes('d')
		expect([4, 5, 6].map((i) => row(i).find('.sign').exists() && row(i).find('.sign').attributes('d'))).not.toContain(tick)
		expect(words(row(5))).toBe('6check and closewaits for a check网格员')
		expect(row(5).find('.half').exists()).toBe(true)
		expect(words(row(6))).toContain('not confirmed')
		expect([4, 6].map((i) => row(i).find('text').exists()), 'a sign in place of the figure').toEqual([false, false])
	})

	it('shows a way back with its count, across and upright', () => {
		const loops = [{ from: 4, to: 3, label: '退单 1 次' }]
		const across = show(StepTrack, { steps, loops })
		expect(across.find('.loop').text()).toBe('退单 1 次')
		expect(across.find('.loop').attributes('style')).toContain('left: 35.71')
		const upright = show(StepTrack, { steps, loops, upright: true })
		expect(upright.find('.arc').exists()).toBe(false)
		expect(upright.find('.loop-line').text()).toBe('退单 1 次')
	})

	it('takes plain words of the portal', () => {
		const plain = [{ state: 'done', name: '收到了' }, ...steps.slice(1)]
		expect(show(StepTrack, { steps: plain, upright: true }).find('.name').text()).toBe('收到了')
	})
})

describe('TwoClocks', () => {
	const props = {
		reporter: { from: new Date(2026, 5, 10, 13, 5).getTime() },
		unit: {
			from: new Date(2026, 5, 11, 3, 30).getTime(),
			stages: [
				{ stage: '到场', due: new Date(2026, 5, 11, 7, 30).getTime() },
				{ stage: '处置完成', due: new Date(2026, 5, 12, 3, 30).getTime() },
			],
			restarts: [{ at: new Date(2026, 5, 11, 3, 30).getTime(), cause: '退单后重计' }],
		},
		now,
	}

	it('says both in words, with what was passed and what comes', () => {
		const clocks = show(TwoClocks, props)
		expect(clocks.findAll('dd').map((dd) => dd.text())).toEqual(['19 时 07 分', '4 时 42 分'])
		expect(clocks.find('.over').text()).toBe('到场 07:30 已超 42 分')
		expect(clocks.find('.cause').text()).toBe('03:30 退单后重计')
		expect(words(clocks.find('.coming'))).toBe('处置完成 明天 03:30')
		expect(words(clocks.find('.labels'))).toBe('昨 13:05现在 08:12')
	})

	it('draws the reporter’s unbroken, the unit’s green then red', () => {
		const clocks = show(TwoClocks, props)
		expect(clocks.findAll('[data-bar]').map((bar) => bar.attributes('data-bar'))).toEqual([
			'reporter',
			'run',
			'over',
		])
	})

	it('in English, and before any unit has it', () => {
		const clocks = show(TwoClocks, { reporter: props.reporter, now }, 'en')
		expect(clocks.findAll('dt').map((dt) => dt.text())).toEqual(['Reporter’s clock'])
		expect(clocks.find('dd').text()).toBe('19 h 07 min')
	})

	it('the reporter’s ends with the confirmation', () => {
		const reporter = { from: now - 5 * HOUR, to: now - 2 * HOUR }
		expect(show(TwoClocks, { reporter, now }).find('dd').text()).toBe('3 时 00 分')
	})
})

describe('record', () => {
	it('an entry says when and what; going up has an arrow', () => {
		const entry = show(RecordEntry, { time: '07:30', sign: 'up', act: '超时提级 · 转街道值班领导' })
		expect(words(entry)).toBe('07:30超时提级 · 转街道值班领导')
		expect(entry.find('.sign svg').exists()).toBe(true)
		expect(show(RecordEntry, { time: '08:07', act: 'x' }).find('.sign svg').exists()).toBe(false)
	})

	it('a hand-back shows reason, ground, proposal and decision', () => {
		const box = show(HandBackBox, {
			unit: '物业服务人',
			reason: '非本单位管段',
			ground: '堵在市政井 W-05-011',
			proposed: '改派供排水',
			decision: 'accepted',
		})
		expect(box.findAll('dt').map((dt) => dt.text())).toEqual(['原因', '依据', '建议'])
		expect(box.find('strong').text()).toBe('退单 · 物业服务人')
		expect(box.find('.decision').text()).toBe('已采纳')
		const open = show(HandBackBox, { unit: 'the firm', reason: 'not ours', decision: 'open' }, 'en')
		expect(open.findAll('dt')).toHaveLength(1)
		expect(open.find('.decision').text()).toBe('to be ruled on')
	})
})

describe('DuplicateCard', () => {
	const props = { distance: 31, thing: '有一盏灯', place: '三坊 L-03-014', time: '昨天 20:15', who: '物业' }

	it('says distance, thing, when and who', () => {
		const card = show(DuplicateCard, props)
		expect(words(card.find('h3'))).toBe('31 m 外有一盏灯已反映')
		expect(card.find('.quiet').text()).toBe('三坊 L-03-014，昨天 20:15，物业办理中')
	})

	it('offers both answers alike, with none chosen', async () => {
		const card = show(DuplicateCard, { ...props, followLabel: '是同一盏', ownLabel: '是另一盏' })
		const [follow, own] = card.findAll('button')
		expect([follow!.text(), own!.text()]).toEqual(['是同一盏', '是另一盏'])
		expect(follow!.classes()).toEqual(own!.classes())
		expect(follow!.classes()).not.toContain('van-button--primary')
		await own!.trigger('click')
		await follow!.trigger('click')
		expect(Object.keys(card.emitted())).toEqual(expect.arrayContaining(['own', 'follow']))
		await card.setProps({ busy: true })
		await own!.trigger('click')
		expect(card.emitted('own')).toHaveLength(1)
	})
})

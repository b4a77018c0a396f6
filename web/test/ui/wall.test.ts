// @vitest-environment happy-dom
// The strip of the wall: what it counts, what it opens, by button and by key, and what is there when there is nothing.
import { beforeEach, describe, expect, it } from 'vitest'
import WallStrip from '../../src/console/wall/WallStrip.vue'
import { leaveWall, wall } from '../../src/console/wall/wallState'
import consoleEn from '../../src/console/i18n/en'
import consoleZh from '../../src/console/i18n/zh-CN'
import { CallFailed } from '../../src/shared/api/problem'
import { i18n } from '../../src/shared/i18n'
import { show, words } from './show'

const NOBODY = { on_duty: 0, on_break: 0, roles: [], areas: [] }
const SOME = {
	on_duty: 41,
	on_break: 4,
	roles: [
		{ name: 'grid_worker', on_duty: 12, on_break: 1 },
		{ name: 'guard', on_duty: 29, on_break: 3 },
	],
	areas: [
		{ name: '', on_duty: 6, on_break: 0 },
		{ name: 'G03', on_duty: 35, on_break: 4 },
	],
}
const DEVICES = {
	working: 9,
	offline: 1,
	kinds: [{ kind: 'camera', working: 9, offline: 1 }],
	list: [{ place: { id: 7, kind: 'device', title: '巷口摄像机' }, kind: 'camera', since: 1, maintainer: 'SVC', n: 70 }],
	more: false,
}
const KINDS = [
	{ kind: 'overdue', n: 1 },
	{ kind: 'soon', n: 2 },
	{ kind: 'in_time', n: 8 },
]

beforeEach(() => {
	leaveWall()
	i18n.global.mergeLocaleMessage('zh-CN', consoleZh)
	i18n.global.mergeLocaleMessage('en', consoleEn)
})
const strip = (locale: 'zh-CN' | 'en' = 'zh-CN') => show(WallStrip, { cases: 11, kinds: KINDS }, locale)
const press = (key: string) => dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

describe('WallStrip', () => {
	it('counts cases for every post, and the rest only for whoever may see it', () => {
		const bar = strip()
		expect(bar.findAll('.layers li').map(words)).toEqual(['案卷 11', `${consoleZh.map.overdue} 1`, `${consoleZh.map.soon} 2`])
		expect(bar.findAll('button')).toHaveLength(0)
	})

	it('opens who is on duty by grid and by role, never who, by button and by key', async () => {
		wall.duty = { may: false, counts: SOME }
		const bar = strip()
		const button = bar.find('button')
		expect(words(button)).toBe('在岗 41')
		expect(button.attributes('aria-expanded')).toBe('false')
		await button.trigger('click')
		expect(button.attributes('aria-expanded')).toBe('true')
		expect(bar.find('#wall-duty').text()).toContain('在岗 41 人，其中 4 人休息中')
		const rows = bar.findAll('tbody tr').map((row) => row.findAll('th, td').map(words).join(' '))
		expect(rows).toEqual(['不分网格 6 0', 'G03 35 4', 'grid_worker 12 1', 'guard 29 3'])
		press('Escape')
		await bar.vm.$nextTick()
		expect(bar.find('#wall-duty').exists()).toBe(false)
		press('g')
		await bar.vm.$nextTick()
		expect(bar.find('#wall-duty').exists()).toBe(true)
	})

	it('lists the devices that are offline', async () => {
		wall.devices = DEVICES
		const bar = strip('en')
		expect(words(bar.find('button'))).toBe('devices offline 1')
		press('o')
		await bar.vm.$nextTick()
		expect(words(bar.find('#wall-devices li'))).toContain('巷口摄像机camera · SVC')
	})

	it('says so when there is nobody, and nothing is offline', async () => {
		wall.duty = { may: false, counts: NOBODY }
		wall.devices = { working: 0, offline: 0, kinds: [], list: [], more: false }
		const bar = strip()
		press('g')
		await bar.vm.$nextTick()
		expect(words(bar.find('#wall-duty'))).toBe('现在没有人在岗。')
		press('o')
		await bar.vm.$nextTick()
		expect(bar.find('#wall-duty').exists()).toBe(false)
		expect(words(bar.find('#wall-devices'))).toBe('没有登记为离线的设备。')
	})

	it('says what failed, and that the counts are old', () => {
		wall.duty = { may: false, counts: SOME }
		wall.failed = new CallFailed(500, 'store')
		const bar = strip()
		expect(bar.text()).toContain('数字是之前的。')
		expect(words(bar.find('.layers'))).toContain('在岗 41')
	})
})

import { describe, expect, it } from 'vitest'
import { FileWords } from '../src/shared/case/words'
import { FILES } from './fixtures/files'

const zh = new FileWords(FILES, 'zh-CN')
const en = new FileWords(FILES, 'en')
const type = zh.type('resident-request')

describe('the words of the files', () => {
	it('come in the language of the page; what no file names is shown as it is', () => {
		expect([zh.category('0204'), en.category('0204')]).toEqual(['污水冒溢、排水堵塞', 'sewage, blocked drain'])
		expect([zh.unit('WAT'), en.unit('WAT'), zh.unit('XYZ')]).toEqual(['供排水', 'water and drains', 'XYZ'])
		expect([zh.role('desk_lead'), zh.role('nobody')]).toEqual(['值班长', 'nobody'])
		expect(zh.state('handling', type)).toBe('办理中')
		expect(zh.outcome('confirmed')).toBe('办结并经诉求人确认')
		expect(zh.fieldName('lead_unit', type)).toBe('主办单位')
	})

	it('a case that has no category yet is called by its type', () => {
		expect(zh.category('', 'resident-request')).toBe('居民诉求')
		expect(en.category('', 'resident-request')).toBe('resident request')
		expect(zh.category('', 'x')).toBe('x')
		expect(en.categoryOfRow({ category: '', type_n: type!.n })).toBe('') // a list says that it is not sorted yet
		expect(en.categoryOfRow({ category: '0204', type_n: type!.n })).toBe('sewage, blocked drain')
		expect(en.categoryOfRow({ category: '' })).toBe('')
	})

	it('a clock is a stage without the word for a limit', () => {
		expect(zh.stage('on_site', type)).toBe('到场')
		expect(zh.stage('receiving', type)).toBe('签收')
		expect(zh.stage('order', type)).toBe('督办')
		expect(zh.stage('suspension', type)).toBe('挂账复查')
		expect(en.stage('on_site', type)).toBe('on site')
		expect(zh.stage('on_site')).toBe('到场')
	})

	it('a case keeps the type it was opened under', () => {
		expect(zh.type('resident-request', 7)?.n).toBe(7)
		expect(zh.type('resident-request')?.n).toBe(20)
		expect(zh.type('resident-request', 99)?.n).toBe(20)
		expect(zh.type('none')).toBeUndefined()
	})

	it('values are read as what they name', () => {
		expect(zh.value('hand_back_reason', 'not_ours', type)).toBe('非本单位职责')
		expect(zh.value('lead_unit', 'PMC', type)).toBe('物业服务人')
		expect(zh.value('category', '0204', type)).toBe('污水冒溢、排水堵塞')
		expect([zh.value('ground_check', 'yes', type), zh.value('ground_check', 'no', type)]).toEqual(['是', '否'])
		expect(zh.value('review_on', '2026-07-02', type)).toBe('2026-07-02')
		expect(zh.value('hand_back_reason', 'other', type)).toBe('other')
	})
})

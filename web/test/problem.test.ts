import { describe, expect, it } from 'vitest'
import { noAnswer, parseProblem } from '../src/shared/api/problem'

const TYPE = 'application/problem+json'

describe('problems', () => {
	it('keep title, detail, field, remedy and id', () => {
		const body = {
			type: '/problems/bad-input',
			title: '输入内容不符合要求',
			status: 400,
			detail: '空的',
			field: 'text',
			remedy: '写 1 到 4,000 字节',
			error_id: 'e-17',
		}
		const failed = parseProblem(400, TYPE + '; charset=utf-8', JSON.stringify(body), null)
		expect(failed).toMatchObject({ status: 400, code: 'bad-input', body, retryable: false })
		expect(failed.retryAfterS).toBeUndefined()
	})

	it('say what may be sent again, and when', () => {
		const of = (status: number, name: string, after: string | null) =>
			parseProblem(
				status,
				TYPE,
				JSON.stringify({ type: `/problems/${name}`, title: 'x', status }),
				after,
			)
		expect(of(503, 'busy', '2')).toMatchObject({ retryable: true, retryAfterS: 2, code: 'busy' })
		expect(of(507, 'no-space', null).retryable).toBe(true)
		expect(of(409, 'not-yet', '1')).toMatchObject({ retryable: true, retryAfterS: 1 })
		expect(of(409, 'exists', null).retryable).toBe(false)
		expect(of(410, 'gone', null).retryable).toBe(false)
		expect(of(422, 'request-id-reused', null).retryable).toBe(false)
		expect(of(503, 'busy', '99999').retryAfterS).toBe(30)
		for (const odd of ['Wed, 21 Oct 2026 07:28:00 GMT', '-1', '1.5', '']) {
			expect(of(503, 'busy', odd).retryAfterS, odd).toBeUndefined()
		}
		expect(noAnswer()).toMatchObject({ status: 0, code: 'no-answer', retryable: true })
	})

	it('take only text from the body, and nothing from a body of another type or form', () => {
		const odd = { type: 7, title: ['x'], field: null, remedy: 'wait' }
		expect(parseProblem(500, TYPE, JSON.stringify(odd), null)).toMatchObject({
			code: 'http',
			body: { status: 500, remedy: 'wait' },
		})
		expect(parseProblem(500, TYPE, JSON.stringify(odd), null).body).not.toHaveProperty('title')
		for (const [type, text] of [
			['text/html', '<h1>502</h1>'],
			[null, ''],
			[TYPE, '{'],
			[TYPE, 'null'],
		] as const) {
			expect(parseProblem(502, type, text, null)).toMatchObject({
				status: 502,
				code: 'http',
				body: { status: 502 },
			})
		}
	})
})

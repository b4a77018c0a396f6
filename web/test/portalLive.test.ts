// @vitest-environment happy-dom
// A matter that is open in the portal: what others do is there within 20 seconds, while the page is looked at.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DRAIN } from './fixtures/cases'

const answers = vi.hoisted(() => ({ getCase: vi.fn(), caseHistory: vi.fn(), openTexts: vi.fn() }))
vi.mock('../src/shared/api/cases', () => answers)
const { followCase, opened, showCase } = await import('../src/portal/case/caseState')

const HALF_MS = 10_000
let n = 1100
let isSeen = true

beforeEach(async () => {
	vi.useFakeTimers()
	isSeen = true
	vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => (isSeen ? 'visible' : 'hidden'))
	n = 1100
	answers.getCase.mockReset().mockImplementation(() => Promise.resolve({ ...DRAIN, sealed: [], n, state: n > 1100 ? 'fed_back' : 'handling' }))
	answers.caseHistory.mockReset().mockImplementation(() => Promise.resolve({ steps: [{ n, at: 1, command: 'x', role: 'y', state: 'z', step: 1 }] }))
	answers.openTexts.mockReset()
	await showCase(DRAIN.id)
})
afterEach(() => {
	vi.useRealTimers()
	vi.restoreAllMocks()
})

it('a step of somebody else is there within 20 seconds, without anything done', async () => {
	const leave = followCase()
	expect(opened.case?.state).toBe('handling')
	n = 1101
	await vi.advanceTimersByTimeAsync(HALF_MS)
	expect(opened.case?.state).toBe('handling')
	await vi.advanceTimersByTimeAsync(HALF_MS)
	expect(opened.case?.state).toBe('fed_back')
	expect(opened.steps.map((step) => step.n)).toEqual([1101])
	leave()
})

it('what did not change is asked for and moves nothing: no history, no text again', async () => {
	const leave = followCase()
	const before = opened.steps
	await vi.advanceTimersByTimeAsync(6 * HALF_MS)
	expect(answers.getCase).toHaveBeenCalledTimes(4)
	expect(answers.caseHistory).toHaveBeenCalledTimes(1)
	expect(opened.steps).toBe(before)
	leave()
})

it('a page that nobody looks at asks nothing, and asks at once when it is looked at', async () => {
	const leave = followCase()
	isSeen = false
	n = 1101
	await vi.advanceTimersByTimeAsync(6 * HALF_MS)
	expect(answers.getCase).toHaveBeenCalledTimes(1)
	isSeen = true
	document.dispatchEvent(new Event('visibilitychange'))
	await vi.advanceTimersByTimeAsync(0)
	expect(opened.case?.state).toBe('fed_back')
	leave()
})

it('a page that was left asks no more', async () => {
	followCase()()
	await vi.advanceTimersByTimeAsync(6 * HALF_MS)
	expect(answers.getCase).toHaveBeenCalledTimes(1)
})

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { kept } from '../src/shared/keep'
import { keepDraft, keepReceipts, keptDraft, keptReceipts, receiptOf } from '../src/shared/proof/held'
import { makeLine, makeOffice, makeReceipt } from './support'

const office = makeOffice()
const { key, n, entry, salt, values, proof, checkpoint, secret } = makeReceipt(office, [makeLine(1)], 1)
const held = {
	written: { n, entry, salt, values: values!, secret: secret! },
	proof: { n, proof, checkpoint, key },
}
let store: Map<string, string>

beforeEach(() => {
	store = new Map()
	vi.stubGlobal('localStorage', {
		getItem: (name: string) => store.get(name) ?? null,
		setItem: (name: string, value: string) => store.set(name, value),
		removeItem: (name: string) => store.delete(name),
	})
})
afterEach(() => vi.unstubAllGlobals())

it('keeps receipts and drafts, and forgets them without a trace', () => {
	expect(keepReceipts([held])).toBe(true)
	expect(keptReceipts()).toEqual([held])
	keepDraft({ text: 'x', requestId: 'id' })
	expect(keptDraft()).toEqual({ text: 'x', requestId: 'id' })
	keepReceipts([])
	keepDraft({ text: '' })
	expect(store.size).toBe(0)
})

it('reads what it does not know as nothing', () => {
	for (const odd of ['{', '7', 'null', '[7,null,{},{"written":{"n":"1"}}]']) {
		store.set('liren.receipts', odd)
		store.set('liren.draft', odd)
		expect(keptReceipts()).toEqual([])
		expect(keptDraft()).toEqual({ text: '' })
	}
})

it('goes on where the browser keeps nothing, and says so', () => {
	vi.stubGlobal('localStorage', {
		getItem: () => {
			throw new DOMException('denied', 'SecurityError')
		},
		setItem: () => {
			throw new DOMException('full', 'QuotaExceededError')
		},
	})
	expect(kept('key')).toBeUndefined()
	expect(keptReceipts()).toEqual([])
	expect(keepReceipts([held])).toBe(false)
})

it('makes a receipt when the proof is there, and only of the right form', () => {
	expect(receiptOf(held)).toEqual({
		format: 'liren-receipt-1',
		key,
		n,
		entry,
		salt,
		values,
		proof,
		checkpoint,
		secret,
	})
	expect(receiptOf({ written: held.written })).toBeUndefined()
	expect(receiptOf({ ...held, written: { ...held.written, salt: 'AAAA' } })).toBeUndefined()
})

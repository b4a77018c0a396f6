import { webcrypto } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { fromBase64, fromHex, isWellFormed, toBase64, toHex } from '../src/shared/proof/bytes'
import { uuidv7, uuidv7At } from '../src/shared/uuidv7'

describe('base64', () => {
	it('goes there and back as Node does it', () => {
		for (let length = 0; length < 40; length++) {
			const bytes = Uint8Array.from({ length }, (_, i) => (i * 83 + length) & 255)
			expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
			expect(fromBase64(toBase64(bytes))).toEqual(bytes)
		}
	})

	it('has one spelling only', () => {
		for (const text of [
			'A',
			'AA',
			'AAA',
			'AA=',
			'AB==',
			'AAB=',
			'AA==\n',
			' AAAA',
			'AA-_',
			'AAAA====',
			'====',
		]) {
			expect(fromBase64(text), text).toBeUndefined()
		}
	})
})

describe('hex', () => {
	it('is lower case, in pairs', () => {
		expect(toHex(Uint8Array.of(0, 15, 255))).toBe('000fff')
		expect(fromHex('000fff')).toEqual(Uint8Array.of(0, 15, 255))
		for (const text of ['0', '0F', 'zz', ' 00']) expect(fromHex(text), text).toBeUndefined()
	})
})

it('half a surrogate pair is not well-formed', () => {
	expect(isWellFormed('里仁 𠮷')).toBe(true)
	expect(isWellFormed('x\ud842')).toBe(false)
	expect(isWellFormed('\udfb7x')).toBe(false)
})

describe('uuid of version 7', () => {
	it('agrees with RFC 9562, appendix A.6', () => {
		const random = Uint8Array.from(Buffer.from('7cc318c4dc0c0c07398f', 'hex'))
		expect(uuidv7At(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
	})

	it('has its version and variant whatever the random bytes, and sorts by time', () => {
		for (const byte of [0, 255]) {
			const id = uuidv7At(1781136000123, new Uint8Array(10).fill(byte))
			expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
		}
		const zeros = new Uint8Array(10)
		const ones = new Uint8Array(10).fill(255)
		expect(uuidv7At(1781136000001, zeros) > uuidv7At(1781136000000, ones)).toBe(true)
		expect(() => uuidv7At(0, new Uint8Array(9))).toThrow(RangeError)
	})

	it('is new each time', () => {
		vi.stubGlobal('crypto', webcrypto) // Node 18 has it only here
		expect(new Set(Array.from({ length: 100 }, uuidv7)).size).toBe(100)
		vi.unstubAllGlobals()
	})
})

import { describe, expect, it } from 'vitest'
import { makeChecker } from '../src/shared/proof/crypto'
import {
	type Check,
	type Receipt,
	ReceiptFault,
	checkReceipt,
	compareKeys,
	parseReceipt,
} from '../src/shared/proof/receipt'
import { makeLine, makeOffice, makeReceipt, nodeSubtle, oneCharacterChanges, sha256, vkey } from './support'

const office = makeOffice()
const lines = Array.from({ length: 21 }, (_, i) => makeLine(i + 1))
const receipt = makeReceipt(office, lines, 11)
const checker = makeChecker(nodeSubtle)

/** Read and check as the page does: the number of the first step not passed, 0 for all passed, or the field at fault. */
async function outcome(r: unknown): Promise<number | string> {
	try {
		const result = await checkReceipt(parseReceipt(JSON.stringify(r)), checker)
		expect(result.ok).toBe(result.failedAt === undefined)
		return result.failedAt ?? 0
	} catch (error) {
		if (error instanceof ReceiptFault) return error.field
		throw error
	}
}

async function check(r: Receipt): Promise<Check> {
	return checkReceipt(parseReceipt(JSON.stringify(r)), checker)
}

describe('a good receipt', () => {
	it('passes all five steps, for every line of trees of every size up to 21', async () => {
		for (let size = 1; size <= lines.length; size++) {
			for (let n = 1; n <= size; n++) {
				expect(await outcome(makeReceipt(office, lines.slice(0, size), n)), `${n} of ${size}`).toBe(0)
			}
		}
	})

	it('names the steps in order and says what the entry is', async () => {
		const result = await check(receipt)
		expect(result.steps.map((s) => [s.name, s.state])).toEqual([
			['signature', 'passed'],
			['origin', 'passed'],
			['tree', 'passed'],
			['number', 'passed'],
			['values', 'passed'],
		])
		expect(result.entry).toMatchObject({ n: 11, kind: 'line.written', at: 1781136000000011 })
		expect(result.checkpoint).toMatchObject({ origin: office.origin, size: 21 })
	})

	it('needs neither values nor secret', async () => {
		const { values: _values, secret: _secret, ...bare } = receipt
		expect(await outcome(bare)).toBe(0)
	})

	it('passes with a further signature of a witness, whose key is not known', async () => {
		const text = receipt.checkpoint.split('\n\n')[0] + '\n'
		const witness = makeOffice('witness.example').note(text).split('\n\n')[1]!
		expect(await outcome({ ...receipt, checkpoint: receipt.checkpoint + witness })).toBe(0)
	})
})

describe('one changed character', () => {
	it('in the entry fails at the tree, step 3', async () => {
		for (const change of oneCharacterChanges(receipt.entry)) {
			expect(await outcome({ ...receipt, entry: change.text }), `at ${change.at}`).toBe(3)
		}
	})

	it('in the salt fails at step 3, or is no base64 of 32 bytes', async () => {
		for (const change of oneCharacterChanges(receipt.salt)) {
			expect([3, 'salt'], `at ${change.at}`).toContain(await outcome({ ...receipt, salt: change.text }))
		}
	})

	it('in any hash of the proof fails at step 3, or is no base64 of 32 bytes', async () => {
		expect(receipt.proof.length).toBeGreaterThan(3)
		for (const [i, hash] of receipt.proof.entries()) {
			for (const change of oneCharacterChanges(hash, 1)) {
				const proof = receipt.proof.map((h, j) => (j === i ? change.text : h))
				expect([3, `proof.${i}`], `hash ${i} at ${change.at}`).toContain(
					await outcome({ ...receipt, proof }),
				)
			}
		}
	})

	it('in the checkpoint fails at the signature, step 1', async () => {
		for (const change of oneCharacterChanges(receipt.checkpoint)) {
			expect(await outcome({ ...receipt, checkpoint: change.text }), `at ${change.at}`).toBe(1)
		}
	})

	it('in the key fails at step 1', async () => {
		for (const change of oneCharacterChanges(receipt.key)) {
			expect(await outcome({ ...receipt, key: change.text }), `at ${change.at}`).toBe(1)
		}
	})

	it('in an opened text fails at the values, step 5', async () => {
		const open = receipt.values!.text!
		for (const change of oneCharacterChanges(open.text)) {
			const values = { text: { ...open, text: change.text } }
			expect(await outcome({ ...receipt, values }), `at ${change.at}`).toBe(5)
		}
	})

	it('in a blind fails at step 5, or is no base64 of 16 bytes', async () => {
		const open = receipt.values!.text!
		for (const change of oneCharacterChanges(open.blind)) {
			const values = { text: { ...open, blind: change.text } }
			expect([5, 'values.text.blind'], `at ${change.at}`).toContain(
				await outcome({ ...receipt, values }),
			)
		}
	})

	it('in the number fails at step 3 and step 4', async () => {
		for (const n of [1, 10, 12, 21, 22, 111]) {
			const result = await check({ ...receipt, n })
			expect(result.failedAt).toBe(3)
			expect(result.steps[3]).toMatchObject({ state: 'failed', reason: 'number-differs' })
		}
	})
})

describe('steps that fail alone', () => {
	it('step 2: a note signed by a key whose name is not the origin', async () => {
		const [text] = receipt.checkpoint.split('\n\n')
		const name = 'liren/440300000000/0123abcd/2'
		const material = Buffer.from(receipt.key.split('+').slice(2).join('+'), 'base64').subarray(1)
		const note = office.note(text + '\n', name)
		const result = await check({ ...receipt, key: vkey(name, material), checkpoint: note })
		expect(result.steps.map((s) => s.state)).toEqual(['passed', 'failed', 'passed', 'passed', 'passed'])
		expect(result.steps[1]?.reason).toBe('origin-differs')
	})

	it('step 4: an entry that the tree holds at another place', async () => {
		const swapped = [...lines]
		swapped[10] = lines[4]!
		const result = await check(makeReceipt(office, swapped, 11))
		expect(result.steps.map((s) => s.state)).toEqual(['passed', 'passed', 'passed', 'failed', 'passed'])
	})

	it('step 4: an entry in the tree that is not canonical', async () => {
		const line = lines[0]!
		const spaced = line.entry.replace('{"actor"', '{ "actor"')
		const doubled = line.entry.replace('"n":1,', '"n":1,"n":1,')
		for (const entry of [spaced, doubled, line.entry.replace('"v":1', '"v":1.0'), '[]', 'x']) {
			const forged = { ...line, entry, commitment: sha256('liren-entry-1', line.salt, entry) }
			const result = await check(makeReceipt(office, [forged], 1))
			expect(result.steps[2]?.state, entry).toBe('passed')
			expect(result.steps[3], entry).toMatchObject({ state: 'failed', reason: 'entry-malformed' })
		}
	})

	it('step 5: a value that the entry does not hold', async () => {
		for (const field of ['phone', 'toString', 'c', '']) {
			const result = await check({ ...receipt, values: { [field]: receipt.values!.text! } })
			expect(result.steps[4], field).toMatchObject({ state: 'failed', reason: 'value-unknown', field })
			expect(result.failedAt).toBe(5)
		}
	})

	it("step 1: the right note under another office's key", async () => {
		const result = await check({ ...receipt, key: makeOffice().key })
		expect(result.steps[0]).toMatchObject({ state: 'failed', reason: 'not-signed-by-key' })
	})

	it('step 1: a key whose id is not the hash of its name and bytes', async () => {
		const [name, id, ...material] = receipt.key.split('+') as [string, string]
		const other = (id[0] === '0' ? '1' : '0') + id.slice(1)
		const result = await check({ ...receipt, key: [name, other, ...material].join('+') })
		expect(result.steps[0]).toMatchObject({ state: 'failed', reason: 'key-malformed' })
	})

	it('step 3: a path of the wrong length', async () => {
		for (const proof of [receipt.proof.slice(1), [...receipt.proof, receipt.proof[0]!], []]) {
			const result = await check({ ...receipt, proof })
			expect(result.steps[2]).toMatchObject({ state: 'failed', reason: 'path-length' })
		}
	})
})

describe('reading strictly', () => {
	const without = (field: string) =>
		Object.fromEntries(Object.entries(receipt).filter(([key]) => key !== field))

	it('names a missing field', () => {
		for (const field of ['format', 'key', 'n', 'entry', 'salt', 'proof', 'checkpoint']) {
			expect(() => parseReceipt(JSON.stringify(without(field)))).toThrow(
				expect.objectContaining({ field }),
			)
		}
	})

	it('refuses other forms, and says where', () => {
		const wrong: [string, unknown, string][] = [
			['format', 'liren-receipt-2', 'format'],
			['n', 0, 'n'],
			['n', 1.5, 'n'],
			['n', '11', 'n'],
			['n', 2 ** 53, 'n'],
			['proof', 'x', 'proof'],
			['proof', Array(65).fill(receipt.salt), 'proof'],
			['proof', [7], 'proof.0'],
			['salt', receipt.salt.slice(4), 'salt'],
			['salt', receipt.salt + '\n', 'salt'],
			['entry', '\ud800', 'entry'],
			['entry', 'x'.repeat(32_769), 'entry'],
			['secret', 'AAAA', 'secret'],
			['values', [], 'values'],
			['values', { text: { text: 'x' } }, 'values.text'],
			['more', 1, 'more'],
			['checkpoint', 'x'.repeat(4097), 'checkpoint'],
			['key', 7, 'key'],
		]
		for (const [key, value, field] of wrong) {
			expect(() => parseReceipt(JSON.stringify({ ...receipt, [key]: value })), `${key}`).toThrow(
				expect.objectContaining({ field }),
			)
		}
	})

	it('refuses what is no object of JSON, or too long', () => {
		for (const text of ['', 'null', '[]', '7', '{', ' '.repeat(262_145)]) {
			expect(() => parseReceipt(text)).toThrow(ReceiptFault)
		}
	})
})

describe('without WebCrypto', () => {
	const noEd25519 = {
		digest: nodeSubtle.digest.bind(nodeSubtle),
		importKey: () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
	} as unknown as SubtleCrypto

	it.each([
		['no Ed25519', noEd25519],
		['none at all', undefined],
	])('%s: the fallback decides alike', async (_, subtle) => {
		const fallback = makeChecker(subtle)
		const good = await checkReceipt(receipt, fallback)
		expect(good).toMatchObject({ ok: true, signedBy: 'noble' })
		const note = receipt.checkpoint
		const bad = note.replace(/\n[0-9]+\n/, '\n22\n')
		expect(await checkReceipt({ ...receipt, checkpoint: bad }, fallback)).toMatchObject({
			ok: false,
			failedAt: 1,
		})
	})

	it('uses WebCrypto where it is there', async () => {
		expect((await checkReceipt(receipt, makeChecker(nodeSubtle))).signedBy).toBe('webcrypto')
	})

	// RFC 8032 section 7.1, test 2, and the same with one bit of the message turned.
	it.each([
		['webcrypto', nodeSubtle],
		['noble', undefined],
	])('%s agrees with RFC 8032', async (_, subtle) => {
		const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
		const key = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
		const signature = hex(
			'92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
				'085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
		)
		const c = makeChecker(subtle)
		expect(await c.ed25519(key, signature, hex('72'))).toBe(true)
		expect(await c.ed25519(key, signature, hex('73'))).toBe(false)
		expect(await c.ed25519(hex('00'.repeat(31)), signature, hex('72'))).toBe(false)
		expect(await c.ed25519(hex('ff'.repeat(32)), signature, hex('72'))).toBe(false)
	})
})

describe('the key of an earlier visit', () => {
	it('is the same, another, of another epoch, or not there', () => {
		const [name, , material] = office.key.split('+') as [string, string, string]
		const raw = Buffer.from(office.key.split('+').slice(2).join('+'), 'base64').subarray(1)
		expect(material).toBeTruthy()
		expect(compareKeys(office.key, office.key)).toBe('same')
		expect(compareKeys(office.key, undefined)).toBe('none')
		expect(compareKeys(office.key, makeOffice().key)).toBe('different')
		expect(compareKeys(vkey(name.replace(/1$/, '2'), raw), office.key)).toBe('epoch')
		expect(compareKeys(vkey('liren/440300000001/0123abcd/1', raw), office.key)).toBe('different')
	})
})

// SHA-256 and Ed25519 (RFC 8032). Uses the browser's WebCrypto where it is there. It is not on plain http other than
// localhost, and older browsers lack Ed25519: then the noble libraries are loaded, once, from this same server.

import { type Bytes, concat } from './bytes'

export interface Checker {
	sha256(...parts: readonly Uint8Array[]): Promise<Bytes>
	/** True only for a valid signature; a key or signature of the wrong form is false, never an exception. */
	ed25519(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean>
	/** Who did the last Ed25519 check. */
	signedBy(): 'webcrypto' | 'noble' | undefined
}

async function nobleVerify(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
	const [{ verify, etc }, { sha512 }] = await Promise.all([
		import('@noble/ed25519'),
		import('@noble/hashes/sha2'),
	])
	etc.sha512Sync = (...parts) => sha512(concat(...parts))
	try {
		return verify(signature, message, publicKey, { zip215: false })
	} catch {
		return false
	}
}

export function makeChecker(subtle: SubtleCrypto | undefined): Checker {
	let signedBy: 'webcrypto' | 'noble' | undefined

	async function importKey(publicKey: Bytes): Promise<CryptoKey | undefined> {
		try {
			return await subtle?.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify'])
		} catch {
			return undefined // no Ed25519 here, or not a point: the fallback decides
		}
	}

	return {
		async sha256(...parts) {
			const data = concat(...parts)
			if (subtle) return new Uint8Array(await subtle.digest('SHA-256', data))
			const { sha256 } = await import('@noble/hashes/sha2')
			return new Uint8Array(sha256(data))
		},
		async ed25519(publicKey, signature, message) {
			if (publicKey.length !== 32 || signature.length !== 64) return false
			const key = await importKey(publicKey)
			signedBy = key ? 'webcrypto' : 'noble'
			if (key && subtle) return subtle.verify({ name: 'Ed25519' }, key, signature, message)
			return nobleVerify(publicKey, signature, message)
		},
		signedBy: () => signedBy,
	}
}

/** The checker of this browser (or of a Node that has WebCrypto). */
export function hereChecker(): Checker {
	return makeChecker((globalThis.crypto as Crypto | undefined)?.subtle)
}

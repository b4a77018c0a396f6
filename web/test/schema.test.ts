import { readFileSync } from 'node:fs'
import openapiTS, { COMMENT_HEADER, astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'

it('the types are those of api/openapi.yaml (else: npm run gen)', async () => {
	const fresh =
		COMMENT_HEADER + astToString(await openapiTS(new URL('../../api/openapi.yaml', import.meta.url)))
	expect(readFileSync(new URL('../src/shared/api/schema.d.ts', import.meta.url), 'utf8')).toBe(fresh)
}, 30_000)

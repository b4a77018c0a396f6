// Prints what the first view of each face weighs, compressed, and fails above its cap. Counted are the page, all that it
// loads at once, and all that those parts import at once; parts fetched only when needed (the map, say) are not.
import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const FACES = [
	{ page: 'index.html', face: 'portal', max: 120_000 },
	{ page: 'record/index.html', face: 'record', max: 120_000 },
	{ page: 'console/index.html', face: 'console', max: 700_000 },
]
const dist = new URL('../dist/', import.meta.url)
const read = (name) => readFileSync(new URL(name, dist))
const weigh = (name) => gzipSync(read(name), { level: 9 }).length
const parts = readdirSync(new URL('assets/', dist)).sort()

/** Static imports of a built part: `import"./a.js"`, `import{b}from"./a.js"`; a call of import() is none. */
function importsOf(name) {
	if (!/\.m?js$/.test(name)) return []
	const text = read(`assets/${name}`).toString('utf8')
	return parts.filter((other) => other !== name && new RegExp(`(?:from|import)\\s*"\\./${other}"`).test(text))
}

let wrong = false
for (const { page, face, max } of FACES) {
	const html = read(page).toString('utf8')
	const seen = new Set(parts.filter((name) => html.includes(name)))
	for (const name of seen) for (const other of importsOf(name)) seen.add(other)
	const bytes = weigh(page) + [...seen].reduce((sum, name) => sum + weigh(`assets/${name}`), 0)
	console.log(`${face}: first view ${bytes} B of at most ${max} B compressed, ${seen.size} parts`)
	for (const name of seen) console.log(`${String(weigh(`assets/${name}`)).padStart(9)} B  ${name}`)
	if (bytes > max) {
		console.error(`The first view of ${face} is too heavy: leave out or load later.`)
		wrong = true
	}
}
process.exit(wrong ? 1 : 0)

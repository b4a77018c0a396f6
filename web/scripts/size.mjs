// Prints what the first page weighs, compressed, and fails above the cap. Counted are the page and all that it loads
// at once; parts that are fetched only where WebCrypto is missing are shown beside it.
import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const FIRST_PAGE_BYTES_MAX = 120 * 1024
const dist = new URL('../dist/', import.meta.url)
const weigh = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length
const page = readFileSync(new URL('index.html', dist), 'utf8')

let first = weigh('index.html')
let later = 0
for (const name of readdirSync(new URL('assets/', dist)).sort()) {
	const bytes = weigh(`assets/${name}`)
	const atOnce = page.includes(name)
	if (atOnce) first += bytes
	else later += bytes
	console.log(`${String(bytes).padStart(8)} B gzip  assets/${name}${atOnce ? '' : '  (when needed)'}`)
}
console.log(
	`first page ${first} B of at most ${FIRST_PAGE_BYTES_MAX} B compressed; ${later} B more when needed`,
)
if (first > FIRST_PAGE_BYTES_MAX) {
	console.error('The first page is too heavy: leave out or load later.')
	process.exit(1)
}

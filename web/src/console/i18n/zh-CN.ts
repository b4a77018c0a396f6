// The console's words in Chinese, which come first; en.ts has the same keys.
export default {
	title: '值守台',
} as const

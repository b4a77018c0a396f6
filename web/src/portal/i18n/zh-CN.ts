// The residents' words in Chinese, which come first; en.ts has the same keys.
export default {
	title: '居民服务',
	record: { heading: '存证账本', note: '每件事都有回执，不问办公室也能校验。', open: '打开账本' },
} as const

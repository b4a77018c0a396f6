// The console's words in English; the keys are those of zh-CN.ts.
export default {
	title: 'Console',
} as const

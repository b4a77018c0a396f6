// The residents' words in English; the keys are those of zh-CN.ts.
export default {
	title: 'For residents',
	record: {
		heading: 'The record',
		note: 'Everything has a receipt that verifies without asking the office.',
		open: 'Open the record',
	},
} as const

// A line of etc/responsibilities.yaml as an upheld hand-back proposes it: docs/writing-a-responsibility.md. Pure.

import type { Proposed } from '../../shared/api/responsibilities'

/** `lead`: the unit's words in both languages; they go into the reason, which the reporter reads. */
export function proposedLine(of: Proposed, lead: { zh: string; en: string }): string {
	const why = {
		zh: `退单核实后更正：由${lead.zh}负责`,
		en: `corrected after a hand-back was upheld: ${lead.en} is in charge`,
	}
	return [
		`- category: "${of.category}"`,
		...(of.area ? [`  areas: [${of.area}]`] : []),
		`  lead: ${of.to}`,
		`  why: {zh: ${JSON.stringify(why.zh)}, en: ${JSON.stringify(why.en)}}`,
		'',
	].join('\n')
}

// What the table of responsibilities may have to say otherwise.

import { get } from './http'
import type { components } from './schema'

export type Responsibilities = components['schemas']['Responsibilities']
export type Proposed = Responsibilities['proposals'][number]

export const getResponsibilities = (): Promise<Responsibilities> => get('/api/v1/responsibilities')

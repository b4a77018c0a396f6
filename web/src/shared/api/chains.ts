// Chains of escalation that end at nobody, as posts stand now.

import { get } from './http'
import type { components } from './schema'

export type Chains = components['schemas']['Chains']

export const getChains = (): Promise<Chains> => get('/api/v1/chains')

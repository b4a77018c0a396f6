// The calls about who is on duty (as counts, and one's own), and about devices that are offline.

import { get, post, query } from './http'
import type { components } from './schema'

type Schemas = components['schemas']
export type Duty = Schemas['Duty']
export type DutyCount = Schemas['DutyCount']
export type Devices = Schemas['Devices']
export type OfflineDevice = Devices['list'][number]

export const getDuty = (): Promise<Duty> => get('/api/v1/duty')

export const startDuty = (area: string | undefined, requestId: string): Promise<Schemas['DutyDone']> =>
	post('/api/v1/duty/start', area ? { area } : {}, { requestId })

/** `until`: microseconds since 1970. */
export const breakDuty = (until: number, requestId: string): Promise<Schemas['DutyDone']> =>
	post('/api/v1/duty/break', { until }, { requestId })

export const resumeDuty = (requestId: string): Promise<Schemas['DutyDone']> =>
	post('/api/v1/duty/resume', {}, { requestId })

export const endDuty = (requestId: string): Promise<Schemas['DutyDone']> =>
	post('/api/v1/duty/end', {}, { requestId })

export const listDevices = (limit = 200): Promise<Devices> => get(`/api/v1/devices${query({ limit })}`)

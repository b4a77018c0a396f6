import './console.css'
import { startFace } from '../shared/face'
import ConsolePage from './ConsolePage.vue'
import en from './i18n/en'
import zh from './i18n/zh-CN'

startFace(ConsolePage, { 'zh-CN': zh, en })

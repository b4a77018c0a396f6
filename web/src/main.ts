import { createApp } from 'vue'
import App from './App.vue'
import { i18n, startLocale } from './i18n'
import './style/tokens.css'
import './style/base.css'
import { startTheme } from './theme'

startTheme()
startLocale()
createApp(App).use(i18n).mount('#page')

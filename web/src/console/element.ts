// The parts of Element Plus that the console uses, one by one with their styles, in our colours; loaded with the first
// form. Its own types do not hold under our compiler settings, so they are plain components here.
import { ElConfigProvider } from 'element-plus/es/components/config-provider/index'
import { ElDatePicker } from 'element-plus/es/components/date-picker/index'
import { ElOption, ElSelect } from 'element-plus/es/components/select/index'
import type { Component } from 'vue'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-date-picker-panel.css'
import 'element-plus/theme-chalk/el-input.css'
import 'element-plus/theme-chalk/el-option.css'
import 'element-plus/theme-chalk/el-popper.css'
import 'element-plus/theme-chalk/el-scrollbar.css'
import 'element-plus/theme-chalk/el-select.css'
import 'element-plus/theme-chalk/el-tag.css'
import './element.css'

export { default as elEnglish } from 'element-plus/es/locale/lang/en'
export { default as elChinese } from 'element-plus/es/locale/lang/zh-cn'
export const ConfigProvider: Component = ElConfigProvider
export const DatePicker: Component = ElDatePicker
export const SelectBox: Component = ElSelect
export const SelectOption: Component = ElOption

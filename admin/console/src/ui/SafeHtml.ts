import { computed, defineComponent, h } from 'vue'
import { harden } from '../text/html'

/**
 * The only place where markup reaches the page. It takes HTML that the server has already sanitised
 * (an article's answer), hardens it again and makes its links open safely.
 */
export default defineComponent({
  name: 'SafeHtml',
  props: { html: { type: String, required: true } },
  setup(props) {
    const safe = computed(() => harden(props.html))
    return () => h('div', { class: 'prose', innerHTML: safe.value })
  },
})

import { defineComponent, h, onMounted, useTemplateRef, watch } from 'vue'
import { harden } from '../text/html'

/**
 * The only place where markup reaches the page. It takes HTML that the server has already sanitised
 * (an article's answer), hardens it again and puts the nodes in.
 */
export default defineComponent({
  name: 'SafeHtml',
  props: { html: { type: String, required: true } },
  setup(props) {
    const box = useTemplateRef<HTMLElement>('box')
    const show = () => box.value?.replaceChildren(...harden(props.html))
    onMounted(show)
    watch(() => props.html, show)
    return () => h('div', { ref: 'box', class: 'prose' })
  },
})

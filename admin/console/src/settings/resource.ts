import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue'

/** A list that a settings page shows: loaded when the page appears, with its state. */
export function useResource<T>(read: () => Promise<T[]>) {
  const items: Ref<T[]> = shallowRef([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = ref<unknown>(null)

  async function load(): Promise<void> {
    try {
      items.value = await read()
      state.value = 'ready'
    } catch (cause) {
      error.value = cause
      state.value = 'failed'
    }
  }
  onMounted(load)
  return { items, state, error, load }
}

/** The submit of a form in a dialog: busy while it runs, and what went wrong. */
export function useSubmit(run: () => Promise<void>) {
  const busy = ref(false)
  const problem = ref<unknown>(null)

  async function submit(): Promise<void> {
    busy.value = true
    problem.value = null
    try {
      await run()
    } catch (cause) {
      problem.value = cause
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, submit }
}

const lookEvery = 3000

/** Looks again and again at what changes by itself while one reads; a look that fails is left out. */
export function useLooks(look: () => Promise<void>): void {
  const timer = setInterval(() => { look().catch(() => undefined) }, lookEvery)
  onBeforeUnmount(() => clearInterval(timer))
}

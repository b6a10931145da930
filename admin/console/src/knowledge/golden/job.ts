import { computed, onScopeDispose, ref } from 'vue'
import { api } from '../../api/client'
import type { Job } from '../../api/types'
import { explain } from '../../ui/errors'

/** How often a job is asked how far it is. */
const lookEvery = 500

/** Whether a job goes on. */
export function isUnderWay(job: Job | null): boolean {
  return job !== null && (job.state === 'waiting' || job.state === 'running')
}

/** The share of a job that is done, 0 to 1. */
export function shareOf(job: Job | null): number {
  return job && job.total > 0 ? Math.min(1, job.done / job.total) : 0
}

/** A job in the background, followed to its end; whoever leaves the page may leave it to itself. */
export function useJob(ended: (job: Job) => void = () => undefined) {
  const job = ref<Job | null>(null)
  const problem = ref('')
  const busy = computed(() => isUnderWay(job.value))
  let timer = 0
  onScopeDispose(() => clearTimeout(timer))

  async function look(): Promise<void> {
    if (!job.value) return
    try {
      job.value = await api.get('/answers/jobs/{id}', { path: { id: job.value.id } })
      problem.value = ''
    } catch (error) {
      problem.value = explain(error)
    }
    follow()
  }

  function follow(): void {
    clearTimeout(timer)
    if (busy.value) timer = window.setTimeout(look, lookEvery)
    else if (job.value) ended(job.value)
  }

  async function start(begin: () => Promise<Job>): Promise<void> {
    problem.value = ''
    try {
      job.value = await begin()
      follow()
    } catch (error) {
      problem.value = explain(error)
    }
  }

  async function stop(): Promise<void> {
    if (job.value && busy.value) await api.delete('/answers/jobs/{id}', { path: { id: job.value.id } }).catch(() => undefined)
  }

  return { job, problem, busy, start, stop }
}

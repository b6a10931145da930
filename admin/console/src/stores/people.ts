import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '../api/client'
import type { ContactAttribute, Agent, CannedReply, Inbox, Team } from '../api/types'
import { useSession } from './session'

/** Short lists that many pages need: inboxes, teams, agents, tags, canned replies. */
export const usePeople = defineStore('people', () => {
  const session = useSession()
  const inboxes = ref<Inbox[]>([])
  /** True once it is known that customers have no way in yet. */
  const noInbox = ref(false)
  const teams = ref<Team[]>([])
  const agents = ref<Agent[]>([])
  const tags = ref<string[]>([])
  /** What is to be known of customers, as the organisation defined it. */
  const fields = ref<ContactAttribute[]>([])
  const canned = ref<CannedReply[]>([])

  async function loadInboxes(): Promise<void> {
    if (!session.can('listInboxes')) return
    inboxes.value = await api.get('/inboxes')
    noInbox.value = inboxes.value.length === 0
  }
  async function loadTeams(): Promise<void> { if (session.can('listTeams')) teams.value = await api.get('/teams') }
  async function loadAgents(): Promise<void> { if (session.can('listAgents')) agents.value = await api.get('/agents') }
  async function loadTags(): Promise<void> { if (session.can('listTags')) tags.value = await api.get('/tags') }
  async function loadCanned(): Promise<void> { if (session.can('listCannedReplies')) canned.value = await api.get('/canned-replies') }

  async function loadFields(): Promise<void> { if (session.can('getContactAttributes')) fields.value = (await api.get('/contact-attributes')).fields }

  /** Loads what the desk shows; one that fails leaves the others usable. */
  async function loadDesk(): Promise<void> {
    await Promise.allSettled([loadInboxes(), loadTeams(), loadAgents(), loadTags(), loadFields(), loadCanned()])
  }
  return { inboxes, noInbox, teams, agents, tags, fields, loadFields, canned, loadInboxes, loadTeams, loadAgents, loadTags, loadCanned, loadDesk }
})

import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import OfflinePage from './shell/OfflinePage.vue'
import { useSession } from './stores/session'

const views = 'mine|queue|bot|snoozed|resolved|all|saved-\\d+'

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [
    { path: '/', name: 'home', component: () => import('./shell/NotFoundPage.vue') },
    { path: '/sign-in', name: 'sign-in', component: () => import('./signin/SignInPage.vue'), meta: { public: true } },
    { path: `/inbox/:view(${views})?/:id(\\d+)?`, name: 'inbox', component: () => import('./desk/DeskPage.vue'), meta: { needs: 'listConversations' } },
    { path: '/search', name: 'search', component: () => import('./search/SearchPage.vue'), meta: { needs: 'search' } },
    { path: '/knowledge/:id(\\d+|new)?', name: 'knowledge', component: () => import('./knowledge/KnowledgePage.vue'), meta: { needs: 'listArticles' } },
    { path: '/knowledge/readers', name: 'knowledge-readers', component: () => import('./knowledge/ReadersPage.vue'), meta: { needs: 'listHelpCentreMissed' } },
    { path: '/knowledge/gaps', name: 'knowledge-gaps', component: () => import('./knowledge/GapsPage.vue'), meta: { needs: 'listGaps' } },
    { path: '/knowledge/imports', name: 'knowledge-imports', component: () => import('./knowledge/ImportsPage.vue'), meta: { needs: 'startImport' } },
    { path: '/knowledge/quality', name: 'knowledge-quality', component: () => import('./knowledge/QualityPage.vue'), meta: { needs: 'getQuality' } },
    { path: '/knowledge/golden', name: 'knowledge-golden', component: () => import('./knowledge/golden/GoldenPage.vue'), meta: { needs: 'listGolden' } },
    { path: '/knowledge/test', name: 'knowledge-test', component: () => import('./knowledge/golden/TestPage.vue'), meta: { needs: 'startBatch' } },
    { path: '/settings/:section?', name: 'settings', component: () => import('./settings/SettingsPage.vue') },
    { path: '/overview', name: 'overview', component: () => import('./overview/OverviewPage.vue'), meta: { needs: 'getOverview' } },
    { path: '/overview/reports', name: 'overview-reports', component: () => import('./reports/ReportsPage.vue'), meta: { needs: 'getReport' } },
    { path: '/board', name: 'board', component: () => import('./board/BoardPage.vue'), meta: { needs: 'getBoard' } },
    { path: '/roster', name: 'roster', component: () => import('./roster/RosterPage.vue'), meta: { needs: 'listShifts' } },
    { path: '/offline', name: 'offline', component: OfflinePage, meta: { public: true } },
    { path: '/wall', name: 'wall', component: () => import('./board/WallPage.vue'), meta: { public: true } },
    { path: '/:rest(.*)*', name: 'lost', component: () => import('./shell/NotFoundPage.vue') },
  ],
})

/** Where a person starts: agents at the desk, editors in the knowledge base. */
export function home(): { name: string } {
  return { name: useSession().can('listConversations') ? 'inbox' : 'knowledge' }
}

router.beforeEach(async (to: RouteLocationNormalized) => {
  const session = useSession()
  if (to.meta.public) return true
  const known = await session.load().catch(() => undefined)
  if (known === undefined) return { name: 'offline', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (!known) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (to.path === '/') return home()
  if (typeof to.meta.needs === 'string' && !session.can(to.meta.needs)) return { name: 'lost', params: { rest: ['denied'] } }
  return true
})

// A new build has other file names: a page from before it cannot load its parts, so it is loaded afresh.
router.onError((error: Error, to) => {
  if (/dynamically imported module|Importing a module/i.test(error.message)) location.assign(`/console${to.fullPath}`)
})

import type { Account, Line, Snapshot } from './contract'

/** An account as a test wants it. */
export function account(given: Partial<Account> = {}): Account {
  return {
    kind: 'wechat', name: '星桥通信', app_id: 'wx1', mode: 'safe', json: false, account: 'gh_1', menu: [], codes: [], faults: [], twice: false,
    openid: 'oA', follows: true, typing: false, state: 4, servicer: '', allowances: [], screen: [], ...given,
  }
}

export function line(given: Partial<Line>): Line {
  return { n: 1, at: '2026-07-18T10:00:00Z', from: 'account', kind: 'text', ...given }
}

export function snapshot(accounts: Account[], given: Partial<Snapshot> = {}): Snapshot {
  return { now: '2026-07-18T10:00:00Z', later: 0, exchanges: 0, accounts, ...given }
}

/** Lets effects and promises of the page come to an end. */
export function settled(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20))
}

/** Waits until something has come about. */
export async function until(so: () => unknown): Promise<void> {
  for (let looks = 0; looks < 200 && !so(); looks++) await settled()
}

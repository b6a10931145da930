import { ref } from 'vue'
import { upload } from '../../api/client'
import type { ArticleFile } from '../../api/types'
import { t } from '../../i18n'
import { explain } from '../../ui/errors'

/** What an answer may hold; the server judges by the bytes. */
export const accepted = 'image/png,image/jpeg,image/gif,image/webp,application/pdf,.docx,.xlsx,.pptx,.zip,.txt,.csv,.md,audio/*,video/mp4,video/webm'

/** A stored file as it is written in an answer: a picture is shown, another file is linked. */
export function written(file: Pick<ArticleFile, 'url' | 'name' | 'picture'>): string {
  const words = file.name.replace(/\.[^.]*$/, '').replace(/[[\]\\`*_]/g, ' ').trim()
  return file.picture ? `![${words || t('file.picture')}](${file.url})` : `[${file.name.replace(/[[\]\\`*_]/g, ' ').trim()}](${file.url})`
}

/** The files of a paste or a drop. A screenshot comes without a telling name. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])]
}

/** Uploads files for an answer one after the other and hands over what is to be written for each. */
export function useAnswerFiles(insert: (text: string) => Promise<void>) {
  const busy = ref('')
  const problem = ref('')

  async function add(files: readonly File[]): Promise<void> {
    problem.value = ''
    for (const file of files) {
      busy.value = file.name
      try {
        await insert(written(await upload<ArticleFile>('/articles/files', file)))
      } catch (error) {
        problem.value = t('file.failed', { name: file.name, why: explain(error) })
      } finally {
        busy.value = ''
      }
    }
  }
  return { busy, problem, add }
}

import { useTools } from '../ui/context'
import { say, type Key } from './words'

/** The words in the panel's language. */
export function useSay(): (key: Key) => string {
  const { language } = useTools()
  return (key) => say(language, key)
}

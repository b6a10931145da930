import { editorStory } from './stories/editor'

editorStory('zh')
